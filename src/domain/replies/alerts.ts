import { type Alert, isUnacked } from "../alerts/alert.ts";
import { ackTheseButton, muteFilterButton } from "../alerts/alert-buttons.ts";
import { byState, endedGroups, toneOf, trackedGroups } from "../alerts/alert-views.ts";
import { commonCause } from "../alerts/error-codes.ts";
import { matchesFilter } from "../alerts/mute.ts";
import type { AlertsCommand } from "../commands/alerts.ts";
import { describeFilter, format } from "../commands/format.ts";
import type { Filter } from "../customers/filter.ts";
import { formatCount, formatDuration, formatNumber } from "../views/text.ts";
import type { AlertsView, Button } from "../views/views.ts";
import { noSourceReply, notReadYet, snapshotFilter, snapshotState, subpartnerLines } from "./data-source.ts";
import type { Reply, ReplyContext } from "./reply.ts";
import { endedAlerts, openAlerts, type SpaceAlerts } from "./space-alerts.ts";

const PAGE = 10;

/** The alerts of this space: the open ones, grouped by code, or those that ended lately (PRODUCT 2). */
export async function replyAlerts(command: AlertsCommand, context: ReplyContext): Promise<Reply> {
  const source = snapshotFilter(command.filter, context.scope);
  if (source.from !== "snapshot") return noSourceReply(source, context);
  const { state, notes } = await snapshotState(context);
  if (state === "empty") return notReadYet(command, context);
  const now = context.clock();
  const { over } = command;
  const space = await (over === undefined ? openAlerts(context) : endedAlerts(context, now - over));
  const list = paged(command, space, (alert) => matchesFilter(source.filter, alert, now));
  const lines = [...notes, ...(await subpartnerLines(context)), ...listLines(list)];
  const view: AlertsView = {
    kind: "alerts",
    marks: {},
    now,
    lines,
    tone: listTone(list, notes),
    title: titleOf(list),
    groups: over === undefined ? trackedGroups(byState(list.shown)) : endedGroups(list.shown),
    more: Math.max(0, list.matching.length - list.page * PAGE),
    buttons: buttonsOf(list, source.filter, now),
  };
  return { view };
}

interface PagedAlerts {
  readonly command: AlertsCommand;
  readonly space: SpaceAlerts;
  readonly matching: readonly Alert[];
  /** The number of those that match as well, but do not concern this space. */
  readonly elsewhere: number;
  /** A page that exists; the last one for a number beyond it. */
  readonly page: number;
  readonly pages: number;
  readonly shown: readonly Alert[];
}

function paged(command: AlertsCommand, space: SpaceAlerts, isMatch: (alert: Alert) => boolean): PagedAlerts {
  const all = command.everywhere ? space.all : space.own;
  const matching = openFirst(all.filter(isMatch));
  const pages = Math.max(1, Math.ceil(matching.length / PAGE));
  const page = Math.min(command.page, pages);
  const elsewhere = space.all.filter(isMatch).length - matching.length;
  return { command, space, matching, elsewhere, page, pages, shown: matching.slice((page - 1) * PAGE, page * PAGE) };
}

/** In the order of the groups of the card. */
function openFirst(alerts: readonly Alert[]): readonly Alert[] {
  const { open, flapping, ended } = byState(alerts);
  return [...open, ...flapping, ...ended];
}

/** Green only when nothing at all is open, and all customers have been read. */
function listTone({ command, space, matching }: PagedAlerts, notes: readonly string[]): AlertsView["tone"] {
  if (command.over !== undefined) return "info";
  if (matching.length > 0) return toneOf(byState(matching));
  return space.all.length === 0 && notes.length === 0 ? "good" : "info";
}

function titleOf({ command, space, matching }: PagedAlerts): string {
  const { over, filter } = command;
  if (over !== undefined) {
    const within = `in the last ${formatDuration(over)}`;
    return matching.length === 0
      ? `No alert ended ${within}`
      : `${formatCount(matching.length, "alert")} ended ${within}`;
  }
  if (matching.length === 0) {
    return filter.length === 0 || space.all.length === 0 ? "No open alerts" : "No open alert matches";
  }
  const { open, flapping } = byState(matching);
  const acked = matching.filter(({ ack }) => ack !== undefined).length;
  return [
    open.length === 0 ? "No open alerts" : formatCount(open.length, "open alert"),
    ...(flapping.length === 0 ? [] : [`${formatNumber(flapping.length)} flapping`]),
    `${formatNumber(acked)} acknowledged`,
  ].join(", ");
}

/** The filter, and what there is beside what is listed. */
function listLines({ command, space, matching, elsewhere, page, pages }: PagedAlerts): readonly string[] {
  const filter = describeFilter(command.filter);
  const kind = command.over === undefined ? "open alert" : "alert";
  const own = command.everywhere ? space.all : space.own;
  return [
    ...(filter === "" ? [] : [`Filter: ${filter}`]),
    ...(filter !== "" && matching.length === 0 ? [`Without the filter: ${formatCount(own.length, kind)}.`] : []),
    ...(command.everywhere ? ["All, also what this space does not watch."] : []),
    ...(elsewhere === 0 ? [] : [`${formatCount(elsewhere, `more ${kind}`)} that this space does not watch.`]),
    ...(pages === 1 ? [] : [`Page ${page} of ${pages}`]),
  ];
}

const MAX_BUTTONS = 5;

/** Buttons that turn the page and act on the list come first; a mute only where there is room. */
function buttonsOf(list: PagedAlerts, filter: Filter, now: number): readonly Button[] {
  const { command, space, matching, page, pages, shown } = list;
  const to = (changes: Partial<AlertsCommand>) => format({ ...command, ...changes });
  const refresh = { title: "Refresh", command: to({ page }) };
  const first = [
    ...(page > 1 ? [{ title: "‹ Prev", command: to({ page: page - 1 }) }] : []),
    ...(page < pages ? [{ title: "Next ›", command: to({ page: page + 1 }) }] : []),
    ...(matching.length === 0 ? widerButtons(list) : []),
    ...(command.over === undefined ? ackButtons(list) : [{ title: "Open alerts", command: "alerts" }]),
    refresh,
  ];
  if (command.over !== undefined || shown.length === 0 || first.length >= MAX_BUTTONS) return first;
  const common = commonCause(matching);
  const codes = common === undefined ? [] : [codeTerm(common)];
  return [...first.slice(0, -1), muteFilterButton(filter.length === 0 ? codes : filter, space.room, now), refresh];
}

/** Instead of an empty list: the same without the filter, or also of what this space does not watch. */
function widerButtons({ command, space, elsewhere }: PagedAlerts): readonly Button[] {
  const own = command.everywhere ? space.all : space.own;
  const hasMore = command.filter.length > 0 && own.length > 0;
  const all = format({ ...command, filter: [], page: 1 });
  return [
    ...(hasMore ? [{ title: `Show all ${own.length}`, command: all, main: true }] : []),
    ...(elsewhere > 0 ? [{ title: "All alerts", command: format({ ...command, page: 1, everywhere: true }) }] : []),
  ];
}

/** These are the rows of the page; all are what `ack all` takes, when somebody types it. */
function ackButtons({ command, space, shown }: PagedAlerts): readonly Button[] {
  const isOwnList = command.filter.length === 0 && !command.everywhere;
  const all = isOwnList ? space.own.filter(isUnacked).length : 0;
  const more = all > shown.filter(isUnacked).length;
  return [
    ...ackTheseButton(shown),
    ...(more ? [{ title: `Acknowledge all ${all}`, command: format({ name: "ack", alerts: "all" }) }] : []),
  ];
}

const codeTerm = (code: number): Filter[number] => ({
  field: "code",
  negated: false,
  values: [{ text: String(code), prefix: false }],
});
