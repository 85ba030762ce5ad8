import type { Alert } from "../domain/alerts/alert.ts";
import type { AlertGroup, AlertsView } from "../domain/views/views.ts";
import type { LineContext } from "./alert-line.ts";
import { plain } from "./plain.ts";
import { formatWhen, type TimeFormat } from "./times.ts";

const MINUTE = 60_000;

/** Some alerts under one heading. What the heading says, its rows need not. */
export interface ShownGroup {
  readonly title: string;
  /** `since 14:58 UTC`, where that is so of all of them; else empty. */
  readonly since: string;
  readonly alerts: readonly Alert[];
  readonly context: LineContext;
}

/** The first alerts that there is room for, in their groups, and how many that leaves. */
export function shownGroups(
  { groups, more, now }: AlertsView,
  most: number,
  times: TimeFormat,
): { readonly groups: readonly ShownGroup[]; readonly more: number } {
  const total = groups.reduce((sum, { alerts }) => sum + alerts.length, 0);
  const shown = groups.flatMap(({ title, alerts }, i) => {
    const before = groups.slice(0, i).reduce((sum, group) => sum + group.alerts.length, 0);
    const kept = alerts.slice(0, Math.max(0, most - before));
    return kept.length === 0 ? [] : [shownGroup({ title, alerts: kept }, now, times)];
  });
  return { groups: shown, more: more + Math.max(0, total - most) };
}

/** Since when, where all were seen in the same minute; undefined where each has its own. */
export function sharedSince(alerts: readonly Alert[]): number | undefined {
  const [first, ...others] = alerts;
  if (first === undefined || alerts.some(({ state }) => state === "closed")) return undefined;
  const isShared = others.every(({ openedAt }) => minuteOf(openedAt) === minuteOf(first.openedAt));
  return isShared ? first.openedAt : undefined;
}

/** The numbers that a title names: a code among them is not said again below it. */
export function numbersIn(title: string): ReadonlySet<string> {
  return new Set(title.match(/\d+/g) ?? []);
}

function shownGroup({ title, alerts }: AlertGroup, now: number, times: TimeFormat): ShownGroup {
  const shared = alerts.length > 1 ? sharedSince(alerts) : undefined;
  const since = (at: number) => `since ${formatWhen(at, now, times)}`;
  return {
    title: plain(title, 120),
    since: shared === undefined ? "" : since(shared),
    alerts,
    context: {
      shownCodes: numbersIn(title),
      since: ({ openedAt }) => (shared === undefined ? since(openedAt) : ""),
    },
  };
}

function minuteOf(at: number): number {
  return Math.floor(at / MINUTE);
}
