import { type Alert, isActive } from "../alerts/alert.ts";
import { formatTime } from "../views/text.ts";
import type { AlertsView, Marks } from "../views/views.ts";
import { describeOpen, limitRows } from "./board.ts";
import { SHOW_ALL } from "./buttons.ts";

/** What happened since then, for whoever comes on duty: opened, closed, still open, and who has taken what. */
export function buildActivityView(
  title: string,
  alerts: readonly Alert[],
  { since, now, marks = {} }: { readonly since: number; readonly now: number; readonly marks?: Marks },
): AlertsView {
  const open = alerts.filter(isActive);
  const opened = open.filter(({ badSince }) => badSince >= since);
  const older = open.filter(({ badSince }) => badSince < since);
  const closed = alerts.filter((alert) => !isActive(alert) && (alert.closedAt ?? 0) >= since);
  const taken = open.filter(({ ack }) => ack !== undefined).length;
  return {
    kind: "alerts",
    marks,
    now,
    tone: "info",
    title: `${title}: ${describeOpen(open)}`,
    lines: [
      `Since ${formatTime(since, now)}: ${opened.length} opened and still open, ${closed.length} over. ${older.length} open from before. ${taken} of ${open.length} taken.`,
      ...oldestLine(open, now),
    ],
    ...limitRows([
      { title: "Opened", alerts: opened },
      { title: "Open from before", alerts: older },
      { title: "Over", alerts: closed },
    ]),
    buttons: open.length === 0 ? [] : [SHOW_ALL],
  };
}

function oldestLine(open: readonly Alert[], now: number): readonly string[] {
  const oldest = open.reduce<Alert | undefined>(
    (first, alert) => (first === undefined || alert.openedAt < first.openedAt ? alert : first),
    undefined,
  );
  return oldest === undefined
    ? []
    : [`Oldest: alert ${oldest.id}, since ${formatTime(oldest.openedAt, now)}.`];
}
