import { classOf } from "../customers/customer.ts";
import type { Alert } from "./alert.ts";
import { isStandalone, type Notice } from "./notice.ts";

/** `GROUP_WAIT`, `GROUP_INTERVAL`, `REOPEN_WINDOW`, `REMIND_AFTER`, in milliseconds. */
export interface Timings {
  readonly waitMs: number;
  readonly intervalMs: number;
  readonly reopenMs: number;
  readonly remindMs: number;
}

/** Many alerts at once, sent as one summary (ALERTS 21). */
export interface Storm {
  readonly since: number;
  /** The first summary, which is the root of the thread. */
  readonly messageId: string;
  /** The time of the last message with a new alert. */
  readonly lastAt: number;
}

/** The state of a recipient between two messages. */
export interface RecipientQueue {
  /** The last message of grouped notices. */
  readonly lastGroupSentAt?: number;
  /** After a delivery failure, the earliest time of the next try. */
  readonly retryAt?: number;
  readonly storm?: Storm;
}

/** The waiting notices of a recipient, as far as they decide when its next message is due. */
export interface QueueContents {
  /** When the oldest urgent and the oldest grouped notice were queued; absent when there is none. */
  readonly urgentAt?: number;
  readonly groupAt?: number;
  /** One of them may have been posted already. */
  readonly possiblySent: boolean;
  /** A new alert waits whose item was GOOD before. */
  readonly hasRegression: boolean;
  /** All alerts that this space was told of are over. */
  readonly isQuiet: boolean;
}

/**
 * When the next message to a recipient is due (ALERTS 20); undefined when nothing waits. Grouped notices wait for the next
 * window, except for a regression in a space without open alerts.
 */
export function nextDueAt(
  queue: RecipientQueue,
  contents: QueueContents,
  { waitMs, intervalMs }: Timings,
): number | undefined {
  const { urgentAt, groupAt, possiblySent, hasRegression, isQuiet } = contents;
  const queuedAt = [urgentAt, groupAt].filter((at) => at !== undefined);
  if (queuedAt.length === 0) return undefined;
  const notBefore = queue.retryAt ?? 0;
  if (possiblySent) return Math.max(notBefore, Math.min(...queuedAt));
  const maySkipWindow = hasRegression && isQuiet && queue.storm === undefined;
  const nextWindow = maySkipWindow || queue.lastGroupSentAt === undefined ? 0 : queue.lastGroupSentAt + intervalMs;
  const group = groupAt === undefined ? Number.POSITIVE_INFINITY : Math.max(groupAt + waitMs, nextWindow);
  return Math.max(notBefore, Math.min(urgentAt ?? Number.POSITIVE_INFINITY, group));
}

/** The item was GOOD before it was BAD. */
export function isRegression({ previousStatus }: Pick<Alert, "previousStatus">): boolean {
  return previousStatus !== undefined && classOf(previousStatus) === "good";
}

/** The next message to a recipient: its notices, and their form. */
export interface MessagePlan {
  readonly form: "single" | "group" | "storm" | "standalone";
  readonly notices: readonly Notice[];
}

/** More new alerts than this at once are a storm (ALERTS 21). */
const STORM_THRESHOLD = 10;

/**
 * Chooses the notices of the next message from all that are due (ALERTS 21, 27). Notices that may have been posted go first and
 * alone, so that the mark "(repeat)" is right; then the urgent ones, one by one; then all others as one message.
 */
export function planMessage(notices: readonly Notice[], storm: Storm | undefined): MessagePlan | undefined {
  const repeats = notices.filter(({ possiblySent }) => possiblySent);
  const candidates = repeats.length > 0 ? repeats : notices;
  const [first] = [...candidates].sort(byUrgency);
  if (first === undefined) return undefined;
  // All escalations that are due are one message (ALERTS 24).
  if (first.kind === "escalation")
    return { form: "standalone", notices: candidates.filter(({ kind }) => kind === "escalation") };
  if (first.alertId === 0 || isStandalone(first.kind)) return { form: "standalone", notices: [first] };
  const alerts = candidates.filter(({ alertId, kind }) => alertId !== 0 && !isStandalone(kind));
  const opened = alerts.filter(({ kind }) => kind === "alert" || kind === "reopen").length;
  if (storm !== undefined || opened > STORM_THRESHOLD) return { form: "storm", notices: alerts };
  return { form: alerts.length === 1 ? "single" : "group", notices: alerts };
}

const URGENCY: readonly Notice["kind"][] = ["outage", "outage-end", "suspended", "baseline", "catch-up"];
/** Sent after the notices about single alerts. */
const LAST: readonly Notice["kind"][] = ["reminder", "storm-end"];

function byUrgency(a: Notice, b: Notice): number {
  const rank = ({ kind }: Notice) => {
    if (URGENCY.includes(kind)) return URGENCY.indexOf(kind);
    if (isStandalone(kind)) return URGENCY.length;
    return URGENCY.length + (LAST.includes(kind) ? 2 : 1);
  };
  return rank(a) - rank(b) || a.id - b.id;
}

/** A storm ends after two windows without a new alert (ALERTS 21). */
export function isStormOver({ lastAt }: Storm, { intervalMs }: Pick<Timings, "intervalMs">, now: number): boolean {
  return lastAt + 2 * intervalMs <= now;
}

/** The storm of a space after this message was posted. */
export function stormAfter(
  storm: Storm | undefined,
  { form, notices }: MessagePlan,
  { messageId, now }: { readonly messageId: string; readonly now: number },
): Storm | undefined {
  if (notices.some(({ kind }) => kind === "storm-end")) return undefined;
  if (form !== "storm") return storm;
  if (storm === undefined) return { since: now, messageId, lastAt: now };
  const hasGrown = notices.some(({ kind }) => kind === "alert" || kind === "reopen");
  // The first summary stays the root of the thread.
  return hasGrown ? { ...storm, lastAt: now } : storm;
}
