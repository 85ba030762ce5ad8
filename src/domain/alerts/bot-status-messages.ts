import { formatCount, formatDuration, formatTime } from "../views/text.ts";
import type { Button, NoticeView } from "../views/views.ts";
import type { MessageContext } from "./alert-cards.ts";
import type { Notice } from "./notice.ts";

/** What the bot says of itself: that it cannot see, that it cannot reach a space. */

/** ALERTS 31. */
export function outageView({ details, possiblySent }: Notice, { now }: MessageContext): NoticeView {
  const since = details.since ?? now;
  const title = `${possiblySent ? "(repeat) " : ""}${details.isOngoing ? "The Wholesale API still cannot be read" : "The Wholesale API cannot be read"}: ${describeCause(details.cause)}`;
  return sentencesView(
    { tone: "warning", title },
    [
      `No complete reading of all customers since ${formatTime(since, now)}${durationSuffix(now - since)}.`,
      "Answers may be out of date. New errors and recoveries are sent only when the API can be read again.",
    ],
    [STATUS],
  );
}

export function outageEndView({ details, possiblySent }: Notice, _telling: MessageContext): NoticeView {
  const found =
    details.changes === 0 ? "nothing has changed meanwhile" : `${formatCount(details.changes ?? 0, "change")} found`;
  const title = `${possiblySent ? "(repeat) " : ""}The Wholesale API can be read again`;
  return sentencesView(
    { tone: "info", title },
    [`It could not be read for ${formatDuration(details.awayMs ?? 0)}; ${found}.`],
    [STATUS],
  );
}

const durationSuffix = (ms: number): string => (ms < 60_000 ? "" : ` (${formatDuration(ms)})`);

const CAUSES: Readonly<Record<string, string>> = {
  "wholesale.unauthorized": "Webex refused the token (401)",
  "wholesale.forbidden": "the token has no right to read customers (403)",
  "wholesale.unavailable": "it answers with an error",
  "http.unreachable": "it cannot be reached",
  "http.timeout": "it does not answer in time",
};

function describeCause(cause = ""): string {
  return CAUSES[cause] ?? `no complete reading of all customers${cause === "" ? "" : ` (${cause})`}`;
}

/** ALERTS 29: told 1:1 to whoever set the watch up. */
export function suspensionView({ details }: Notice, { now }: MessageContext): NoticeView {
  const why = details.cause === "removed" ? "the bot was removed from it" : "Webex refuses the bot access to it";
  return sentencesView({ tone: "warning", title: "A space with a watch of yours can no longer be reached" }, [
    `${details.space ?? "A space"}: ${why}, at ${formatTime(details.since ?? now, now)}.`,
    "No alerts are sent there now. To resume its watches, add the bot to the space again.",
  ]);
}

export function reportView({ details, kind }: Notice, _telling: MessageContext): NoticeView {
  const [title = "A report", ...lines] = details.lines ?? [];
  // What is but one line stands in the title.
  if (details.namesCustomers)
    return sentencesView({ tone: "info", title: `${title}: ${firstOf(lines)}` }, lines.length > 1 ? lines : []);
  return sentencesView({ tone: kind === "follow" ? "info" : "warning", title }, lines);
}

/** What a locked phone shows of several. */
function firstOf([first = "nothing", ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first}, and ${others.length} more`;
}

const STATUS: Button = { title: "Status", command: "status" };

/** A few sentences. */
export function sentencesView(
  head: Pick<NoticeView, "tone" | "title">,
  lines: readonly string[],
  buttons: readonly Button[] = [],
): NoticeView {
  return { kind: "notice", ...head, lines, facts: [], buttons };
}
