import { classOf } from "../customers/customer.ts";
import type { Alert } from "./alert.ts";
import { isStandalone, type Notice } from "./notice.ts";
import type { NotifiedState } from "./reconcile.ts";
import {
  codeOf,
  isOfStorm,
  isOpening,
  newStormCodes,
  nextLookAt,
  type RecentAlert,
  type Storm,
  type StormLane,
  type StormPlan,
  type StormStep,
  stormStepAt,
  stormTimes,
} from "./storm.ts";

/** `GROUP_WAIT`, `GROUP_INTERVAL`, `REOPEN_WINDOW`, `REMIND_AFTER`, in milliseconds. */
export interface Timings {
  readonly waitMs: number;
  readonly intervalMs: number;
  readonly reopenMs: number;
  readonly remindMs: number;
}

/** The state of a recipient between two messages. */
export interface RecipientQueue {
  /** The last message of grouped notices. */
  readonly lastGroupSentAt?: number;
  /** After a delivery failure, the earliest time of the next try. */
  readonly retryAt?: number;
  /** Since when guests are in the room, so that nothing that names customers is sent (PRODUCT 5). */
  readonly withheldAt?: number;
  readonly storm?: Storm;
}

/** The waiting notices of a recipient, as far as they decide when its next message is due. */
export interface QueueContents {
  /** When the oldest urgent and the oldest grouped notice were queued; absent when there is none. */
  readonly urgentAt?: number;
  readonly groupAt?: number;
  /** When the oldest alert that came and went did so; absent when there is none. */
  readonly cameAndWentAt?: number;
  /** The notices that wait for the storm. */
  readonly lane?: StormLane;
  /** One of them may have been posted already, or was refused for long: it does not wait for the window. */
  readonly hasRepeats: boolean;
  /** A new alert waits whose item was GOOD before. */
  readonly hasRegression: boolean;
  /** All alerts that this space was told of are over. */
  readonly isQuiet: boolean;
}

/**
 * When the next message to a recipient is due (ALERTS 20, 21); undefined when nothing waits. Grouped notices wait for the next
 * window, except for a regression in a space without open alerts.
 */
export function nextDueAt(
  queue: RecipientQueue,
  contents: QueueContents,
  timings: Timings,
  now: number,
): number | undefined {
  const { urgentAt, groupAt, cameAndWentAt, lane, hasRepeats } = contents;
  const queuedAt = [urgentAt, groupAt, cameAndWentAt, lane?.oldestAt, lane?.endQueuedAt].filter(
    (at) => at !== undefined,
  );
  if (queuedAt.length === 0) return undefined;
  const notBefore = queue.retryAt ?? 0;
  if (hasRepeats) return Math.max(notBefore, Math.min(...queuedAt));
  const named = [groupDueAt(queue, contents, timings), cameAndWentDueAt(queue, contents, timings)];
  const times = [urgentAt, ...named, ...stormDueAt(queue, lane, timings, now)];
  return Math.max(notBefore, Math.min(...times.filter((at) => at !== undefined)));
}

/** For how long alerts that came and went wait for another message that names them. */
const CAME_AND_WENT_WAIT_MS = 3_600_000;

/** When they are a message of their own: not while a grouped message waits. */
function cameAndWentDueAt(
  { lastGroupSentAt = 0 }: RecipientQueue,
  { groupAt, cameAndWentAt }: QueueContents,
  { intervalMs }: Timings,
): number | undefined {
  if (groupAt !== undefined || cameAndWentAt === undefined) return undefined;
  return Math.max(cameAndWentAt + CAME_AND_WENT_WAIT_MS, lastGroupSentAt + intervalMs);
}

function stormDueAt(
  queue: RecipientQueue,
  lane: StormLane | undefined,
  timings: Timings,
  now: number,
): readonly number[] {
  if (queue.storm === undefined || lane === undefined) return [];
  const looks = lane.opened > 0 ? [nextLookAt(queue.storm, timings.intervalMs, now)] : [];
  return [...Object.values(stormTimes(queue, lane, timings)), ...looks];
}

function groupDueAt(
  queue: RecipientQueue,
  { groupAt, hasRegression, isQuiet }: QueueContents,
  { waitMs, intervalMs }: Timings,
): number | undefined {
  if (groupAt === undefined) return undefined;
  const maySkipWindow = hasRegression && isQuiet && queue.storm === undefined;
  const nextWindow = maySkipWindow || queue.lastGroupSentAt === undefined ? 0 : queue.lastGroupSentAt + intervalMs;
  return Math.max(groupAt + waitMs, nextWindow);
}

/** The item was GOOD before it was BAD. */
export function isRegression({ previousStatus }: Pick<Alert, "previousStatus">): boolean {
  return previousStatus !== undefined && classOf(previousStatus) === "good";
}

/** The next message to a recipient: its notices, and their form. */
export interface MessagePlan {
  readonly form: "single" | "group" | "storm" | "standalone";
  readonly notices: readonly Notice[];
  /** For the form `storm`. */
  readonly storm?: StormPlan;
  /** The alerts that came and went, and that the message names besides (ALERTS 20); absent when there are none. */
  readonly cameAndWent?: readonly Notice[];
}

/** All notices that a message delivers. */
export function allNotices({ notices, cameAndWent = [] }: Pick<MessagePlan, "notices" | "cameAndWent">) {
  return [...notices, ...cameAndWent];
}

/** Everything besides the notices that decides about the next message. */
export interface PlanContext {
  readonly storm?: Storm | undefined;
  /** The step that the storm takes now; absent if it waits. */
  readonly stormStep?: StormStep | undefined;
  /** When the oldest notice of the storm was queued. */
  readonly stormOldestAt?: number | undefined;
  /** False if the window is shut for the notices that the storm does not tell. */
  readonly isGroupDue: boolean;
  /** True if what came and went has waited long enough for a message of its own. */
  readonly isCameAndWentDue?: boolean;
  /** The alert of a notice, and what the space was told of it. */
  readonly alertOf: (notice: Notice) => Alert | undefined;
  readonly notifiedOf: (notice: Notice) => Pick<NotifiedState, "messageId" | "storm"> | undefined;
  /** The alerts that were told by name a short time ago. */
  readonly recent: readonly RecentAlert[];
}

/** The message that is due at `now`, for `planMessage`. */
export function dueContext(
  queue: RecipientQueue,
  contents: QueueContents,
  timings: Timings,
  now: number,
): Pick<PlanContext, "storm" | "stormStep" | "stormOldestAt" | "isGroupDue" | "isCameAndWentDue"> {
  return {
    storm: queue.storm,
    stormStep: stormStepAt(stormTimes(queue, contents.lane, timings), now),
    stormOldestAt: contents.lane?.oldestAt,
    isGroupDue: (groupDueAt(queue, contents, timings) ?? Number.POSITIVE_INFINITY) <= now,
    isCameAndWentDue: (cameAndWentDueAt(queue, contents, timings) ?? Number.POSITIVE_INFINITY) <= now,
  };
}

/**
 * Chooses the notices of the next message from all that are due (ALERTS 21, 27). Notices that may have been posted go first and
 * alone, so that the mark "(possibly repeated)" is right; then those that Webex has refused for long, half of them at a time; then
 * the urgent ones, one by one; then all others as one message.
 */
export function planMessage(notices: readonly Notice[], context: PlanContext): MessagePlan | undefined {
  const candidates = sentTogether(notices);
  const cameAndWent = candidates.filter(isShort);
  const others = candidates.filter((notice) => !isShort(notice));
  const isRepeat = others.some(isSentApart);
  const plan = planDue(others, isRepeat ? repeatContext(others, context) : context);
  if (cameAndWent.length === 0) return plan;
  const isDue = context.isCameAndWentDue || cameAndWent.some(isSentApart);
  if (plan === undefined) return isDue ? { form: "standalone", notices: cameAndWent } : undefined;
  return namesShortAlerts(plan) ? { ...plan, cameAndWent } : plan;
}

const isShort = ({ kind }: Notice): boolean => kind === "came-and-went";

/** Messages with a place for lines about other alerts, and in which the space may name customers. An edit is no message. */
function namesShortAlerts({ form, notices, storm }: MessagePlan): boolean {
  return storm?.step !== "edit" && (form !== "standalone" || notices.some(({ kind }) => NAMING.includes(kind)));
}

const NAMING: readonly Notice["kind"][] = ["reminder", "storm-end", "digest", "catch-up"];

/** Repeats are due at once; those of a storm are posted, because what may have been posted is marked. */
function repeatContext(repeats: readonly Notice[], context: PlanContext): PlanContext {
  const stormStep = repeats.some(({ kind }) => kind === "storm-end") ? "end" : "reply";
  return { ...context, recent: [], isGroupDue: true, stormStep };
}

function planDue(notices: readonly Notice[], context: PlanContext): MessagePlan | undefined {
  const candidates = [...notices].sort(byUrgency);
  const [first] = candidates;
  // All escalations that are due are one message (ALERTS 24).
  if (first?.kind === "escalation")
    return { form: "standalone", notices: candidates.filter(({ kind }) => kind === "escalation") };
  if (first !== undefined && isStandalone(first.kind)) return { form: "standalone", notices: [first] };
  const isTold = (notice: Notice) => isToldByStorm(notice, context);
  const others = context.isGroupDue ? candidates.filter((notice) => !isTold(notice)) : [];
  return planStorm(candidates.filter(isTold), others, context) ?? planGroup(others);
}

export function isToldByStorm(notice: Notice, { storm, alertOf, notifiedOf }: PlanContext): boolean {
  if (isShort(notice)) return false;
  if (storm === undefined) return notice.kind === "storm-end";
  return isOfStorm(storm, { kind: notice.kind, alert: alertOf(notice), notified: notifiedOf(notice) });
}

/** The storm's next summary, or the first one of a storm that begins (ALERTS 21). */
function planStorm(told: readonly Notice[], others: readonly Notice[], context: PlanContext): MessagePlan | undefined {
  const { storm, stormStep, stormOldestAt = Number.POSITIVE_INFINITY } = context;
  const codes = storm?.codes ?? [];
  const newer = beginStorm(others, context);
  if (newer !== undefined) {
    const notices = [...told.filter(({ kind }) => kind !== "storm-end"), ...newer.notices];
    const plan = { codes: [...codes, ...newer.codes], before: newer.before };
    return { form: "storm", notices, storm: { step: storm === undefined ? "first" : "reply", ...plan } };
  }
  if (told.length === 0 || stormStep === undefined) return undefined;
  const oldest = Math.min(...others.map(({ queuedAt }) => queuedAt));
  if (stormStep !== "edit" && others.length > 0 && oldest <= stormOldestAt) return undefined;
  const notices = stormStep === "end" ? told : told.filter(({ kind }) => kind !== "storm-end");
  if (notices.length === 0) return undefined;
  return { form: "storm", notices, storm: { step: stormStep, codes, before: [] } };
}

function beginStorm(others: readonly Notice[], { alertOf, recent }: PlanContext) {
  const opened = others.flatMap((notice) => {
    const alert = isOpening(notice) ? alertOf(notice) : undefined;
    return alert === undefined || alert.drill !== undefined ? [] : [{ notice, alert }];
  });
  const codes = newStormCodes(
    opened.map(({ alert }) => alert),
    recent,
  );
  if (codes === undefined) return undefined;
  const notices = opened.flatMap(({ notice, alert }) => (codes.codes.includes(codeOf(alert)) ? [notice] : []));
  return { ...codes, notices };
}

/** Notices that are told by name: of alerts, and of removals (ALERTS 20); or a reminder. */
function planGroup(others: readonly Notice[]): MessagePlan | undefined {
  const [first] = others;
  if (first === undefined) return undefined;
  const alerts = others.filter(({ alertId }) => alertId !== 0);
  const removals = others.filter(({ kind }) => kind === "removals");
  if (alerts.length === 0) return { form: "standalone", notices: removals.length > 0 ? removals : [first] };
  const form = alerts.length === 1 && removals.length === 0 ? "single" : "group";
  return { form, notices: [...alerts, ...removals] };
}

const isSentApart = ({ possiblySent, isRefused }: Notice): boolean => possiblySent || isRefused === true;

/**
 * The notices that may have been posted; else half of those that Webex has refused for long, so that few messages deliver them
 * although it may refuse one of them; else all.
 */
function sentTogether(notices: readonly Notice[]): readonly Notice[] {
  const repeats = notices.filter(({ possiblySent }) => possiblySent);
  if (repeats.length > 0) return repeats;
  const refused = notices.filter(({ isRefused }) => isRefused);
  return refused.length > 0 ? refused.slice(0, Math.ceil(refused.length / 2)) : notices;
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
