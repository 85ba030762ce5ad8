import { unansweredLines } from "../unanswered.ts";
import { formatCount, formatDuration, formatTime } from "../views/text.ts";
import type { Button, NoticeView } from "../views/views.ts";
import type { MessageContext } from "./alert-views.ts";
import type { Notice } from "./notice.ts";
import type { DoubtedList } from "./visibility.ts";

/** Notices about the bot itself: an outage, a space that cannot be reached, a report. */

/** The Wholesale API cannot be read: since when, why, and what follows from it (ALERTS 31). */
export function outageView({ details, possiblySent }: Notice, { now }: MessageContext): NoticeView {
  const since = details.since ?? now;
  const what = details.isOngoing ? "The Wholesale API still cannot be read" : "The Wholesale API cannot be read";
  const { list } = details;
  return sentencesView(
    { tone: "warning", title: `${repeatMark(possiblySent)}${what}: ${describeOutage(details)}` },
    [
      `No complete reading of all customers since ${formatTime(since, now)}${durationSuffix(now - since)}.`,
      "Answers may be out of date, and errors may be found late. No customer counts as removed until the API can be read again.",
      ...(list?.mayBeTrue ? [MAY_BE_TRUE] : []),
    ],
    [...(list?.mayBeTrue ? [THEY_WERE_REMOVED] : []), STATUS],
  );
}

const MAY_BE_TRUE =
  "The missing customers that were looked up one by one do not exist either. If most customers were really removed, an operator confirms it with “They were removed”.";

/** The cause of an outage, for people. */
export function describeOutage({ cause, list }: { readonly cause?: string; readonly list?: DoubtedList }): string {
  if (list === undefined) return describeCause(cause);
  return `the list has ${list.present.toLocaleString("en-US")} of ${formatCount(list.known, "customer")}`;
}

export function outageEndView({ details, possiblySent }: Notice): NoticeView {
  const { changes = 0, awayMs = 0 } = details;
  const found = changes === 0 ? "nothing has changed meanwhile" : `${formatCount(changes, "change")} found`;
  return sentencesView(
    { tone: "info", title: `${repeatMark(possiblySent)}The Wholesale API can be read again` },
    [`It could not be read for ${formatDuration(awayMs)}; ${found}.`],
    [STATUS],
  );
}

/** ALERTS 29: sent 1:1 to the person who set up the watches. */
export function suspensionView({ details }: Notice, { now }: MessageContext): NoticeView {
  const why = details.cause === "removed" ? "the bot was removed from it" : "Webex refuses the bot access to it";
  return sentencesView({ tone: "warning", title: "A space with a watch of yours can no longer be reached" }, [
    `${details.space ?? "A space"}: ${why}, at ${formatTime(details.since ?? now, now)}.`,
    "No alerts are sent there now. To resume its watches, add the bot to the space again.",
  ]);
}

export function reportView({ details, kind }: Notice, { now }: MessageContext): NoticeView {
  const { unanswered } = details;
  const [title = "A report", ...lines] = unanswered ? unansweredLines(unanswered, now) : (details.lines ?? []);
  // The notification of a locked phone shows only the title, so it names the first customer.
  if (details.namesCustomers)
    return sentencesView({ tone: "info", title: `${title}: ${firstOf(lines)}` }, lines.length > 1 ? lines : []);
  const buttons = details.isGivenUp ? [{ title: "Send again", command: "outbox now" }] : [];
  return sentencesView({ tone: kind === "follow" ? "info" : "warning", title }, lines, buttons);
}

/** A notice without facts. */
export function sentencesView(
  head: Pick<NoticeView, "tone" | "title">,
  lines: readonly string[],
  buttons: readonly Button[] = [],
): NoticeView {
  return { kind: "notice", ...head, lines, facts: [], buttons };
}

const STATUS: Button = { title: "Status", command: "status" };
const THEY_WERE_REMOVED: Button = { title: "They were removed", command: "confirm" };

const repeatMark = (possiblySent: boolean): string => (possiblySent ? "(possibly repeated) " : "");

const durationSuffix = (ms: number): string => (ms < 60_000 ? "" : ` (${formatDuration(ms)})`);

const CAUSES: Readonly<Record<string, string>> = {
  "wholesale.unauthorized": "Webex refused the token (401)",
  "wholesale.forbidden": "the token has no right to read customers (403)",
  "wholesale.unavailable": "it answers with an error",
  "http.unreachable": "it cannot be reached",
  "http.timeout": "it does not answer in time",
  "no complete reading": "no complete reading of all customers",
};

function describeCause(cause = ""): string {
  if (cause.startsWith("wholesale.")) return CAUSES[cause] ?? `its answer cannot be used (${cause})`;
  return CAUSES[cause] ?? `no complete reading of all customers${cause === "" ? "" : ` (${cause})`}`;
}

function firstOf([first = "nothing", ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first}, and ${others.length} more`;
}
