import { counted, timeOf } from "../replies/figures.ts";
import { spanOf } from "../replies/span.ts";
import type { Button, NoticeView } from "../replies/views.ts";
import type { Notice } from "./outbox.ts";
import type { Telling } from "./telling.ts";

/** What the bot says of itself: that it cannot see, that it cannot reach a space. */

/** ALERTS 31. */
export function blind({ says, maybeSent }: Notice, { now }: Telling): NoticeView {
  const since = says.since ?? now;
  const title = `${maybeSent ? "(repeat) " : ""}${says.again ? "Still blind" : "I cannot see"}: ${reasonOf(says.cause)}`;
  return say(
    { tone: "warning", title },
    [
      `Since ${timeOf(since, now)}${forSoLong(now - since)} I have not read all customers.`,
      "What follows may be stale. I tell of nothing that enters or leaves error until I can see again, and then at once.",
    ],
    [STATUS],
  );
}

export function sight({ says, maybeSent }: Notice, _telling: Telling): NoticeView {
  const found =
    says.changes === 0 ? "nothing has changed meanwhile" : `${counted(says.changes ?? 0, "change")} found`;
  const title = `${maybeSent ? "(repeat) " : ""}I can see again`;
  return say({ tone: "info", title }, [`Blind for ${spanOf(says.awayMs ?? 0)}, ${found}.`], [STATUS]);
}

const forSoLong = (ms: number): string => (ms < 60_000 ? "" : ` (${spanOf(ms)})`);

const CAUSES: Readonly<Record<string, string>> = {
  "wholesale.unauthorized": "Webex refused the Wholesale token (401)",
  "wholesale.forbidden": "the Wholesale token may not read customers (403)",
  "wholesale.unavailable": "the Wholesale API is not well",
  "http.unreachable": "the Wholesale API cannot be reached",
  "http.timeout": "the Wholesale API does not answer in time",
};

function reasonOf(cause = ""): string {
  return CAUSES[cause] ?? `no complete reading of all customers${cause === "" ? "" : ` (${cause})`}`;
}

/** ALERTS 29: told 1:1 to whoever set the watch up. */
export function suspended({ says }: Notice, { now }: Telling): NoticeView {
  const why = says.cause === "removed" ? "I was removed from it" : "Webex does not let me in any more";
  return say({ tone: "warning", title: "A space that you set up to be alerted can no longer be reached" }, [
    `${says.space ?? "A space"}: ${why}, at ${timeOf(says.since ?? now, now)}.`,
    "Nobody there is told of anything now. Add me to the space again, and its watches go on.",
  ]);
}

export function report({ says, kind }: Notice, _telling: Telling): NoticeView {
  const [title = "A report", ...lines] = says.lines ?? [];
  // What is but one line stands in the title.
  if (says.namesCustomers)
    return say({ tone: "info", title: `${title}: ${firstOf(lines)}` }, lines.length > 1 ? lines : []);
  return say({ tone: kind === "follow" ? "info" : "warning", title }, lines);
}

/** What a locked phone shows of several. */
function firstOf([first = "nothing", ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first}, and ${others.length} more`;
}

const STATUS: Button = { title: "Status", command: "status" };

/** A few sentences. */
export function say(
  head: Pick<NoticeView, "tone" | "title">,
  lines: readonly string[],
  buttons: readonly Button[] = [],
): NoticeView {
  return { kind: "notice", ...head, lines, facts: [], buttons };
}
