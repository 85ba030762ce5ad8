import { type Alert, isActive } from "../domain/alerts/alert.ts";
import type { AlertGroup, AlertsView } from "../domain/views/views.ts";
import { acknowledgedBy, codesBeside, codesOfAlert, type LineContext } from "./alert-line.ts";
import { headlineOf, type StatusLabel } from "./alert-words.ts";
import type { DetailLevel } from "./detail-level.ts";
import { plain } from "./plain-text.ts";
import { formatWhen, type TimeFormat } from "./words.ts";

/** Alerts under one heading. What all of them share stands in the heading alone: rows leave it out. */
export interface ShownGroup {
  readonly title: string;
  /** The status of all of them; absent where they differ, and for a single alert. */
  readonly label?: StatusLabel;
  /** `code 10022`, `since 14:58 UTC`, `acknowledged by Ana`. */
  readonly shared: readonly string[];
  readonly alerts: readonly Alert[];
  readonly context: LineContext;
}

/** The first `detail.alerts` alerts in their groups, and how many are left out. */
export function shownGroups(
  view: AlertsView,
  times: TimeFormat,
  detail: DetailLevel,
): { readonly groups: readonly ShownGroup[]; readonly more: number } {
  const { groups, more } = view;
  const most = detail.alerts;
  const total = groups.reduce((sum, { alerts }) => sum + alerts.length, 0);
  const shown = groups.flatMap(({ title, alerts }, i) => {
    const before = groups.slice(0, i).reduce((sum, group) => sum + group.alerts.length, 0);
    const kept = alerts.slice(0, Math.max(0, most - before));
    return kept.length === 0 ? [] : [shownGroup({ title, alerts: kept }, view, { times, detail })];
  });
  return { groups: shown, more: more + Math.max(0, total - most) };
}

/** The news of the row: an alert that is told again must not look like its first message. */
export function labelOf(alert: Alert, { updates = {}, now }: AlertsView): StatusLabel {
  return headlineOf({ update: updates[alert.id] ?? "current", alert, now });
}

/** The opening time if all alerts are open and were seen in the same minute. */
export function sharedSince(alerts: readonly Alert[]): number | undefined {
  const [first] = alerts;
  if (first === undefined || !alerts.every(isActive)) return undefined;
  return sharedOf(alerts, ({ openedAt }) => minuteOf(openedAt)) === undefined ? undefined : first.openedAt;
}

/** The numbers in a title: a code among them is not repeated below it. */
export function numbersIn(title: string): ReadonlySet<string> {
  return new Set(title.match(/\d+/g) ?? []);
}

interface Writing {
  readonly times: TimeFormat;
  readonly detail: DetailLevel;
}

function shownGroup({ title, alerts }: AlertGroup, view: AlertsView, { times, detail }: Writing): ShownGroup {
  const several = alerts.length > 1 ? alerts : [];
  const codes = sharedCodes(several);
  const since = sharedSince(several);
  const ack = sharedOf(several, (alert) => acknowledgedBy(alert, detail)) ?? "";
  const sinceText = (at: number) => `since ${formatWhen(at, view.now, times)}`;
  const shared = [codesBeside(numbersIn(title), codes, detail.codes), since === undefined ? "" : sinceText(since), ack];
  const [label] = several.map((alert) => labelOf(alert, view));
  const isSameLabel = sharedOf(several, (alert) => labelOf(alert, view).word) !== undefined;
  return {
    title: plain(title, 120),
    ...(label !== undefined && isSameLabel && { label }),
    shared: shared.filter((piece) => piece !== ""),
    alerts,
    context: {
      shownCodes: new Set([...numbersIn(title), ...codes]),
      since: ({ openedAt }) => (since === undefined ? sinceText(openedAt) : ""),
      showsAck: ack === "",
    },
  };
}

/** The codes of all; none where they differ, and none of alerts that are over, whose rows show no codes. */
function sharedCodes(alerts: readonly Alert[]): readonly string[] {
  if (!alerts.every(isActive)) return [];
  return sharedOf(alerts, (alert) => codesOfAlert(alert).join(" "))?.split(" ") ?? [];
}

/** The value that all of them have; undefined where two differ. */
function sharedOf<T>(alerts: readonly Alert[], read: (alert: Alert) => T): T | undefined {
  const [first, ...others] = alerts.map(read);
  return others.every((other) => other === first) ? first : undefined;
}

const MINUTE = 60_000;

function minuteOf(at: number): number {
  return Math.floor(at / MINUTE);
}
