import { spaceTitleOf, type Watch } from "../alerts/watch.ts";
import { format } from "../commands/format.ts";
import type { AllWatchesCommand } from "../commands/watch.ts";
import { WHOLE_TOKEN } from "../customers/sweep.ts";
import type { SpaceWatches } from "../ports/alerting.ts";
import { formatCount, formatNumber, formatTime } from "../views/text.ts";
import type { Button, NoticeView } from "../views/views.ts";
import { subpartnerLines } from "./data-source.ts";
import type { Reply, ReplyContext } from "./reply.ts";
import { describeWatch } from "./watch.ts";

const PAGE = 10;

/** The watches of every space (PRODUCT 2); a space that is bound to a sub-partner sees those of its own alone. */
export async function replyAllWatches(command: AllWatchesCommand, context: ReplyContext): Promise<Reply> {
  const { alerts, scope, clock } = context;
  const all = (await alerts.watchedSpaces()).filter((space) => scope === WHOLE_TOKEN || space.scope === scope);
  const pages = Math.max(1, Math.ceil(all.length / PAGE));
  const page = Math.min(command.page, pages);
  const shown = all.slice((page - 1) * PAGE, page * PAGE);
  const count = all.reduce((sum, { watches }) => sum + watches.length, 0);
  const view: NoticeView = {
    kind: "notice",
    tone: "info",
    title:
      all.length === 0 ? "No space watches anything" : `${countWatches(count)} in ${formatCount(all.length, "space")}`,
    lines: [
      ...(await subpartnerLines(context)),
      ...(pages === 1 ? [] : [`Page ${formatNumber(page)} of ${formatNumber(pages)}`]),
      ...shown.map((space) => describeSpace(space, scope, clock())),
    ],
    facts: [],
    buttons: buttonsOf(page, pages),
  };
  return { view };
}

/** `War room: (1) Everything; (2) package=webex_calling. Paused since 14:02 UTC, …` */
function describeSpace({ watches, scope, suspendedAt }: SpaceWatches, asking: string, now: number): string {
  const title = spaceTitleOf(watches) ?? "A space without a title";
  const each = watches.map((watch) => `(${watch.number}) ${describeWatch(withoutAddress(watch))}`).join("; ");
  const bound = scope === WHOLE_TOKEN || scope === asking ? "" : " One sub-partner only.";
  const paused =
    suspendedAt === undefined
      ? ""
      : ` Paused since ${formatTime(suspendedAt, now)}, because the space could not be reached.`;
  return `${title}: ${each}.${bound}${paused}`;
}

/** The person to whom another space escalates is not named here. */
function withoutAddress({ filter, options: { escalate, ...switches } }: Watch): Pick<Watch, "filter" | "options"> {
  if (escalate === undefined) return { filter, options: switches };
  return { filter, options: { ...switches, escalate: escalate.includes("@") ? "a person" : escalate } };
}

function countWatches(count: number): string {
  return `${formatNumber(count)} watch${count === 1 ? "" : "es"}`;
}

function buttonsOf(page: number, pages: number): readonly Button[] {
  const to = (number: number) => format({ name: "allWatches", page: number });
  return [
    ...(page > 1 ? [{ title: "‹ Prev", command: to(page - 1) }] : []),
    ...(page < pages ? [{ title: "Next ›", command: to(page + 1) }] : []),
    { title: "Status", command: "status" },
    { title: "Refresh", command: to(page) },
  ];
}
