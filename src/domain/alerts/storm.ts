import type { Alert } from "./alert.ts";
import { alertCodes } from "./error-codes.ts";
import type { Notice } from "./notice.ts";
import type { NotifiedState } from "./reconcile.ts";

/**
 * Many alerts at once, told as one summary that is edited while they become more (ALERTS 21). Its alerts are those that it told
 * as new: every message of the storm counts them all.
 */
export interface Storm {
  readonly since: number;
  /** The first summary, which is the root of the thread. */
  readonly messageId: string;
  /** The codes that it is about; `NO_CODE` for alerts without one. */
  readonly codes: readonly number[];
  /** How many alerts of these codes were told by name shortly before. They are not counted, and keep their own threads. */
  readonly before: number;
  /** When the last new alert was queued. */
  readonly lastAt: number;
  /** When its numbers were last told, by a message or by an edit. */
  readonly toldAt: number;
  /** How many alerts it has told of. */
  readonly told: number;
  /** This number and `before`, at its last message: it posts again when that has doubled. */
  readonly posted: number;
  /** How often its first summary was edited. */
  readonly edits: number;
}

/** `first` is the root of the thread, `edit` changes it, `reply` and `end` are messages in its thread. */
export type StormStep = "first" | "edit" | "reply" | "end";

export interface StormPlan {
  readonly step: StormStep;
  /** The codes of the storm after it. */
  readonly codes: readonly number[];
  /** The alerts of codes that are new in it that were told by name shortly before. */
  readonly before: readonly number[];
}

/** The notices that wait for a storm, as far as they decide what it does next. */
export interface StormLane {
  /** When the oldest notice about an alert was queued; absent when there is none. */
  readonly oldestAt?: number;
  /** When the newest alert or re-opening was queued. */
  readonly newestAt?: number;
  /** The number of new alerts. */
  readonly opened: number;
  /** When the notice of its end was queued. */
  readonly endQueuedAt?: number;
}

export const NO_CODE = 0;

/** The code that an alert is listed under. */
export const codeOf = (alert: Pick<Alert, "subject">): number => alertCodes(alert)[0] ?? NO_CODE;

interface StormNotice extends Pick<Notice, "kind"> {
  readonly alert: Alert | undefined;
  /** The state that the space was told of the alert. */
  readonly notified: Pick<NotifiedState, "messageId" | "storm"> | undefined;
}

export const isOpening = ({ kind }: Pick<Notice, "kind">): boolean => kind === "alert" || kind === "reopen";

/** True if the storm tells this notice: of one of its alerts, or of a new one with one of its codes. */
export function isOfStorm({ messageId, codes }: Storm, { kind, alert, notified }: StormNotice): boolean {
  if (kind === "storm-end") return true;
  if (alert === undefined || alert.drill !== undefined) return false;
  const isMember = notified?.storm === messageId || notified?.messageId === messageId;
  return isMember || (isOpening({ kind }) && codes.includes(codeOf(alert)));
}

/** More new alerts than this in one message are a storm, and so are so many of one code within `SAME_CODE_MS`. */
const STORM_THRESHOLD = 10;
const SAME_CODE_THRESHOLD = 20;
export const SAME_CODE_MS = 30 * 60_000;

/** An alert that was told by name a short time ago. */
export interface RecentAlert {
  readonly alertId: number;
  readonly code: number;
}

/**
 * The codes of a storm that these new alerts begin, or by which a storm grows; undefined if they are told by name.
 * @param recent the alerts that were told by name within `SAME_CODE_MS`
 */
export function newStormCodes(
  opened: readonly Alert[],
  recent: readonly RecentAlert[],
): Pick<StormPlan, "codes" | "before"> | undefined {
  const codes = new Set(opened.map(codeOf));
  const ids = new Set(opened.map(({ id }) => id));
  const before = recent.filter(({ alertId }) => !ids.has(alertId));
  const toldBefore = (of: readonly number[]) => before.flatMap((one) => (of.includes(one.code) ? [one.alertId] : []));
  if (opened.length > STORM_THRESHOLD) return { codes: [...codes], before: toldBefore([...codes]) };
  const many = [...codes].filter((code) => {
    const ofCode = [...opened.map(codeOf), ...before.map((one) => one.code)].filter((one) => one === code);
    return ofCode.length >= SAME_CODE_THRESHOLD;
  });
  return many.length === 0 ? undefined : { codes: many, before: toldBefore(many) };
}

/** Webex allows ten edits of a message. The others are for the end of the storm and for presses (ALERTS 30). */
const MAX_EDITS = 5;

export const isLastEdit = ({ edits }: Storm): boolean => edits === MAX_EDITS - 1;

/** After Webex has refused an edit, the thread has what the edits would have said. */
export const withoutEdits = (storm: Storm): Storm => ({ ...storm, edits: MAX_EDITS });

/** `GROUP_WAIT` and `GROUP_INTERVAL`, in milliseconds. */
interface StormTimings {
  readonly waitMs: number;
  readonly intervalMs: number;
}

interface StormQueue {
  readonly storm?: Storm;
  readonly lastGroupSentAt?: number;
}

/** The earliest time of each step for which notices wait. */
export type StormTimes = Partial<Record<Exclude<StormStep, "first">, number>>;

/**
 * The summary is edited after 1, 2, 4, 8 … windows, if there is something new; it is posted again when its number has doubled,
 * and at its end.
 */
export function stormTimes(
  { storm, lastGroupSentAt }: StormQueue,
  lane: StormLane | undefined,
  { waitMs, intervalMs }: StormTimings,
): StormTimes {
  if (storm === undefined || lane === undefined) return {};
  const { oldestAt, opened, endQueuedAt } = lane;
  const windowAt = lastGroupSentAt === undefined ? 0 : lastGroupSentAt + intervalMs;
  const end = endQueuedAt !== undefined && {
    end: Math.max(endQueuedAt + waitMs, windowAt, quietAt(storm, lane, { intervalMs })),
  };
  if (oldestAt === undefined) return { ...end };
  const updateAt = Math.max(oldestAt + waitMs, nextUpdateAt(storm, intervalMs));
  const hasDoubled = storm.before + storm.told + opened >= 2 * storm.posted;
  const replyAt = Math.max(hasDoubled ? oldestAt + waitMs : updateAt, windowAt);
  const mayEdit = storm.edits < MAX_EDITS;
  return { ...end, ...(mayEdit && { edit: updateAt }), ...((hasDoubled || !mayEdit) && { reply: replyAt }) };
}

function nextUpdateAt({ since, toldAt }: Storm, intervalMs: number): number {
  let span = intervalMs;
  while (since + span <= toldAt) span *= 2;
  return since + span;
}

/** When its number is compared with the last message again: once a window, so that not each new alert asks for it. */
export function nextLookAt({ since }: Storm, intervalMs: number, now: number): number {
  return since + intervalMs * Math.max(1, Math.floor((now - since) / intervalMs) + 1);
}

/** The step that the storm takes now; undefined if nothing is due. A message tells what an edit would, so it takes precedence. */
export function stormStepAt(times: StormTimes, now: number): StormStep | undefined {
  return (["end", "reply", "edit"] as const).find((step) => (times[step] ?? Number.POSITIVE_INFINITY) <= now);
}

/** When the storm has had two windows without a new alert (ALERTS 21). */
export function quietAt(
  { lastAt }: Pick<Storm, "lastAt">,
  { newestAt = 0 }: Pick<StormLane, "newestAt">,
  { intervalMs }: Pick<StormTimings, "intervalMs">,
): number {
  return Math.max(lastAt, newestAt) + 2 * intervalMs;
}

/** The storm of a space after this message. */
export function stormAfter(
  before: Storm | undefined,
  { storm: plan, notices }: { readonly storm?: StormPlan; readonly notices: readonly Notice[] },
  { messageId, now, told }: { readonly messageId: string; readonly now: number; readonly told: number },
): Storm | undefined {
  if (plan === undefined) return before;
  const { step, codes } = plan;
  if (step === "end") return undefined;
  const named = (before?.before ?? 0) + plan.before.length;
  const posted = named + told;
  const next = { codes, before: named, told, toldAt: now };
  if (before === undefined) return { ...next, since: now, messageId, lastAt: now, posted, edits: 0 };
  const lastAt = notices.filter(isOpening).reduce((last, { queuedAt }) => Math.max(last, queuedAt), before.lastAt);
  const after = { ...before, ...next, lastAt };
  return step === "edit" ? { ...after, edits: before.edits + 1 } : { ...after, posted };
}
