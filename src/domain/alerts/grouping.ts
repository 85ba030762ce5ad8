import { classOf } from "../customers/customer.ts";
import type { Alert } from "./alert.ts";
import { isUrgent, type Notice } from "./notice.ts";

/** It ends after two windows without a new alert: 10 quiet minutes, where nobody has set them otherwise (ALERTS 21). */
export function isStormOver({ lastAt }: Storm, { intervalMs }: Pick<Timings, "intervalMs">, now: number): boolean {
  return lastAt + 2 * intervalMs <= now;
}

/** The storm there is once a message was posted: begun, gone on, ended, or what it was. */
export function stormAfter(
  storm: Storm | undefined,
  { form, notices }: MessagePlan,
  { messageId, now }: { readonly messageId: string; readonly now: number },
): Storm | undefined {
  if (notices.some(({ kind }) => kind === "storm-end")) return undefined;
  if (form !== "storm") return storm;
  if (storm === undefined) return { since: now, messageId, edits: 0, lastAt: now };
  const hasGrown = notices.some(({ kind }) => kind === "alert" || kind === "reopen");
  // Later digests are replies to the first one, which stays the root of the thread.
  return hasGrown ? { ...storm, lastAt: now } : storm;
}

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
export interface RecipientQueue {
  /** When the last message of the group lane went out. */
  readonly lastGroupSentAt?: number;
  /** Not before this, after a setback. */
  readonly retryAt?: number;
  readonly storm?: Storm;
}

/** What waits for a target, as far as it decides when the next message goes out. */
export interface QueueContents {
  /** When the oldest notice of each lane was owed; absent when none is. */
  readonly urgentAt?: number;
  readonly groupAt?: number;
  /** Whether one of them may have been posted already. */
  readonly possiblySent: boolean;
  /** Whether an alert waits whose package was GOOD before. */
  readonly hasRegression: boolean;
  /** Nothing that this space was told of is open. */
  readonly isQuiet: boolean;
}

/**
 * When the next message to a target is due (ALERTS 20): one flush a window, but for a regression in a quiet room. Undefined
 * when nothing waits.
 */
export function nextDueAt(
  line: RecipientQueue,
  waiting: QueueContents,
  { waitMs, intervalMs }: Timings,
): number | undefined {
  const { urgentAt, groupAt, possiblySent, hasRegression, isQuiet } = waiting;
  const owed = [urgentAt, groupAt].filter((at) => at !== undefined);
  if (owed.length === 0) return undefined;
  const notBefore = line.retryAt ?? 0;
  if (possiblySent) return Math.max(notBefore, Math.min(...owed));
  const mayHurry = hasRegression && isQuiet && line.storm === undefined;
  const nextWindow = mayHurry || line.lastGroupSentAt === undefined ? 0 : line.lastGroupSentAt + intervalMs;
  const group = groupAt === undefined ? Number.POSITIVE_INFINITY : Math.max(groupAt + waitMs, nextWindow);
  return Math.max(notBefore, Math.min(urgentAt ?? Number.POSITIVE_INFINITY, group));
}

/** Whether it was GOOD before it was bad: worse news than one that never was. */
export function isRegression({ previousStatus }: Pick<Alert, "previousStatus">): boolean {
  return previousStatus !== undefined && classOf(previousStatus) === "good";
}

/** The next message to a target: which notices it tells of, and in what form. */
export interface MessagePlan {
  readonly form: "single" | "group" | "storm" | "standalone";
  readonly notices: readonly Notice[];
}

/** More than this many at once are a storm. */
const STORM_THRESHOLD = 10;
const COMMON_CAUSE_CUSTOMERS = 5;

/**
 * What goes out next, of all that waits and is due (ALERTS 21, 27). What may have been posted goes alone, so that its mark
 * says no more than is so; then what is urgent, one by one; then everything of the group lane, as one message.
 */
export function planMessage(notices: readonly Notice[], storm: Storm | undefined): MessagePlan | undefined {
  const unsure = notices.filter(({ possiblySent }) => possiblySent);
  const candidates = unsure.length > 0 ? unsure : notices;
  const [first] = [...candidates].sort(byUrgency);
  if (first === undefined) return undefined;
  // Whoever is called in for a storm is called once.
  if (first.kind === "escalation")
    return { form: "standalone", notices: candidates.filter(({ kind }) => kind === "escalation") };
  if (first.alertId === 0 || isUrgent(first.kind)) return { form: "standalone", notices: [first] };
  const alerts = candidates.filter(({ alertId, kind }) => alertId !== 0 && !isUrgent(kind));
  const opened = alerts.filter(({ kind }) => kind === "alert" || kind === "reopen").length;
  if (storm !== undefined || opened > STORM_THRESHOLD) return { form: "storm", notices: alerts };
  return { form: alerts.length === 1 ? "single" : "group", notices: alerts };
}

const URGENCY: readonly Notice["kind"][] = ["outage", "outage-end", "suspended", "baseline", "catch-up"];
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
  return codeCounts(alerts).find(({ customers }) => customers >= COMMON_CAUSE_CUSTOMERS)?.code;
}

/** How many alerts, and how many customers, have each code; commonest first. */
export function codeCounts(
  alerts: readonly Alert[],
): readonly { readonly code: number; readonly count: number; readonly customers: number }[] {
  const byCode = new Map<number, Alert[]>();
  for (const alert of alerts) {
    for (const code of alertCodes(alert)) {
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
export function alertCodes({ subject }: Pick<Alert, "subject">): readonly number[] {
  const problems = [...subject.packages, ...subject.addOns].flatMap((item) => item.problems);
  const codes = [...problems, ...subject.problems].flatMap(({ code }) => (code === undefined ? [] : [code]));
  return [...new Set(codes)];
}
