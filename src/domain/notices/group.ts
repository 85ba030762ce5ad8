import type { Alert } from "../alerts/alert.ts";
import { classOf } from "../customers/customer.ts";
import { isUrgent, type Notice } from "./outbox.ts";

/** `GROUP_WAIT`, `GROUP_INTERVAL`, `REOPEN_WINDOW`, `REMIND_AFTER`, in milliseconds. */
export interface Timings {
  readonly waitMs: number;
  readonly intervalMs: number;
  readonly reopenMs: number;
  readonly remindMs: number;
}

/** Many at once, told as one digest for as long as it lasts (ALERTS 21). */
export interface Storm {
  readonly since: number;
  /** The digest: root of the storm's thread. */
  readonly messageId: string;
  readonly edits: number;
  /** When the last alert came in. */
  readonly lastAt: number;
}

/** What is remembered of a target between two messages. */
export interface Line {
  /** When the last message of the group lane went out. */
  readonly flushedAt?: number;
  /** Not before this, after a setback. */
  readonly retryAt?: number;
  readonly storm?: Storm;
}

/** What waits for a target, as far as it decides when the next message goes out. */
export interface Waiting {
  /** When the oldest notice of each lane was owed; absent when none is. */
  readonly urgentAt?: number;
  readonly groupAt?: number;
  /** Whether one of them may have been posted already. */
  readonly unsure: boolean;
  /** Whether an alert waits whose package was GOOD before. */
  readonly regression: boolean;
  /** Nothing that this space was told of is open. */
  readonly quiet: boolean;
}

/**
 * When the next message to a target is due (ALERTS 20): one flush a window, but for a regression in a quiet room. Undefined
 * when nothing waits.
 */
export function dueAt(line: Line, waiting: Waiting, { waitMs, intervalMs }: Timings): number | undefined {
  const { urgentAt, groupAt, unsure, regression, quiet } = waiting;
  const owed = [urgentAt, groupAt].filter((at) => at !== undefined);
  if (owed.length === 0) return undefined;
  const notBefore = line.retryAt ?? 0;
  if (unsure) return Math.max(notBefore, Math.min(...owed));
  const mayHurry = regression && quiet && line.storm === undefined;
  const nextWindow = mayHurry || line.flushedAt === undefined ? 0 : line.flushedAt + intervalMs;
  const group = groupAt === undefined ? Number.POSITIVE_INFINITY : Math.max(groupAt + waitMs, nextWindow);
  return Math.max(notBefore, Math.min(urgentAt ?? Number.POSITIVE_INFINITY, group));
}

/** Whether it was GOOD before it was bad: worse news than one that never was. */
export function isRegression({ from }: Pick<Alert, "from">): boolean {
  return from !== undefined && classOf(from) === "good";
}

/** The next message to a target: which notices it tells of, and in what form. */
export interface Plan {
  readonly form: "single" | "group" | "storm" | "alone";
  readonly notices: readonly Notice[];
}

/** More than this many at once are a storm. */
const STORM = 10;
const CROWD = 5;

/**
 * What goes out next, of all that waits and is due (ALERTS 21, 27). What may have been posted goes alone, so that its mark
 * says no more than is so; then what is urgent, one by one; then everything of the group lane, as one message.
 */
export function planOf(notices: readonly Notice[], storm: Storm | undefined): Plan | undefined {
  const unsure = notices.filter(({ maybeSent }) => maybeSent);
  const candidates = unsure.length > 0 ? unsure : notices;
  const [first] = [...candidates].sort(byUrgency);
  if (first === undefined) return undefined;
  // Whoever is called in for a storm is called once.
  if (first.kind === "escalation")
    return { form: "alone", notices: candidates.filter(({ kind }) => kind === "escalation") };
  if (first.alertId === 0 || isUrgent(first.kind)) return { form: "alone", notices: [first] };
  const alerts = candidates.filter(({ alertId, kind }) => alertId !== 0 && !isUrgent(kind));
  const opened = alerts.filter(({ kind }) => kind === "alert" || kind === "reopen").length;
  if (storm !== undefined || opened > STORM) return { form: "storm", notices: alerts };
  return { form: alerts.length === 1 ? "single" : "group", notices: alerts };
}

const URGENCY: readonly Notice["kind"][] = ["blind", "sight", "suspended", "baseline", "catch-up"];
/** What tells of no single alert waits until those that do have been told. */
const LAST: readonly Notice["kind"][] = ["reminder", "storm-end"];

function byUrgency(a: Notice, b: Notice): number {
  const rank = ({ kind }: Notice) => {
    if (URGENCY.includes(kind)) return URGENCY.indexOf(kind);
    if (isUrgent(kind)) return URGENCY.length;
    return URGENCY.length + (LAST.includes(kind) ? 2 : 1);
  };
  return rank(a) - rank(b) || a.id - b.id;
}

/** The code that five customers or more share, commonest first: their alerts have a common cause. */
export function commonCause(alerts: readonly Alert[]): number | undefined {
  return codeCounts(alerts).find(({ customers }) => customers >= CROWD)?.code;
}

/** How many alerts, and how many customers, have each code; commonest first. */
export function codeCounts(
  alerts: readonly Alert[],
): readonly { readonly code: number; readonly count: number; readonly customers: number }[] {
  const byCode = new Map<number, Alert[]>();
  for (const alert of alerts) {
    for (const code of codesOf(alert)) {
      const those = byCode.get(code);
      if (those === undefined) byCode.set(code, [alert]);
      else those.push(alert);
    }
  }
  return [...byCode]
    .map(([code, those]) => ({
      code,
      count: those.length,
      customers: new Set(those.map(({ key }) => key.customerId)).size,
    }))
    .sort((a, b) => b.customers - a.customers || b.count - a.count || a.code - b.code);
}

/** The codes of an alert, the item's own first (ALERTS 3). */
export function codesOf({ subject }: Pick<Alert, "subject">): readonly number[] {
  const problems = [...subject.packages, ...subject.addOns].flatMap((item) => item.problems);
  const codes = [...problems, ...subject.problems].flatMap(({ code }) => (code === undefined ? [] : [code]));
  return [...new Set(codes)];
}
