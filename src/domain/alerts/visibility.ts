import type { ListDoubt } from "../customers/list-doubt.ts";

/** How well a scope can be read at the moment (ALERTS 31). Times are epoch milliseconds. */
export interface Visibility {
  /** The end of the last complete sweep. */
  readonly completeAt?: number;
  /** How long that sweep took, in milliseconds. */
  readonly tookMs: number;
  /** The last time that any page or customer of the scope was read. */
  readonly readAt?: number;
  /** Absent when the last reading did not fail. */
  readonly failure?: RepeatedFailure;
  /** Absent when the last list was believed without a doubt (ALERTS 6). */
  readonly doubt?: ListDoubt;
  readonly outage?: Outage;
}

export interface ReadFailure {
  /** The code of the `Failure`, such as `wholesale.unauthorized`. */
  readonly cause: string;
  /** The API rejected the token (401) or its rights (403). */
  readonly isUnauthorized: boolean;
}

/** A failure, and when the first of those like it in a row happened. */
export interface RepeatedFailure extends ReadFailure {
  readonly since: number;
  readonly lastAt: number;
}

/** The cause of an outage for which the list is to blame, and not a call. */
export const LIST_DOUBTED = "list.suspect";

export interface Outage {
  readonly since: number;
  readonly cause: string;
  /** Present when the cause is the list. */
  readonly list?: DoubtedList;
  /** The number of outage notices, and when the next one is due. */
  readonly notifiedCount: number;
  readonly nextNoticeAt: number;
}

export type DoubtedList = Pick<ListDoubt, "known" | "present" | "mayBeTrue">;

export interface MonitorState {
  readonly now: number;
  /** The start of the process, or the end of the machine's last sleep. */
  readonly runningSince: number;
  readonly sweepIntervalMs: number;
}

const PERIODS = 3;
const LEAST_MS = 5 * 60_000;
const HOUR = 3_600_000;
/** After the first and the second notice; from then on daily. */
const REPEAT_AFTER = [HOUR, 3 * HOUR];
const DAILY = 24 * HOUR;

/** The time without a complete sweep after which an outage begins, in milliseconds. */
export function maxSweepAge({ tookMs }: Pick<Visibility, "tookMs">, periodMs: number): number {
  return Math.max(LEAST_MS, PERIODS * Math.max(periodMs, tookMs));
}

/** A rejected token counts when it is rejected again after this time: the first time may be chance (ALERTS 31). */
export const REJECTED_AGAIN_MS = 30_000;

/** @param before the failure of the reading before, if that failed */
export function repeatFailure(before: RepeatedFailure | undefined, failure: ReadFailure, now: number): RepeatedFailure {
  const isSame = before !== undefined && before.isUnauthorized === failure.isUnauthorized;
  return { ...failure, since: isSame ? before.since : now, lastAt: now };
}

/** The present outage; undefined when there is none. A stored outage lasts until a complete sweep removes it. */
export function detectOutage(visibility: Visibility, monitor: MonitorState): Outage | undefined {
  return immediateOutage(visibility, monitor.now) ?? overdueOutage(visibility, monitor);
}

/** The stored outage, with its present cause, or one that need not wait for three periods. */
export function immediateOutage({ outage, doubt, failure }: Visibility, now: number): Outage | undefined {
  const isDoubted = doubt !== undefined && !doubt.isBelieved;
  if (outage !== undefined) return isDoubted ? { ...outage, ...causeOf(doubt) } : outage;
  const unnotified = { notifiedCount: 0, nextNoticeAt: now };
  if (isDoubted) return { since: doubt.since, ...causeOf(doubt), ...unnotified };
  if (!failure?.isUnauthorized || failure.lastAt - failure.since < REJECTED_AGAIN_MS) return undefined;
  return { since: failure.since, cause: failure.cause, ...unnotified };
}

function causeOf({ known, present, mayBeTrue }: ListDoubt): Pick<Outage, "cause" | "list"> {
  return { cause: LIST_DOUBTED, list: { known, present, mayBeTrue } };
}

function overdueOutage(visibility: Visibility, monitor: MonitorState): Outage | undefined {
  const { completeAt, readAt, failure } = visibility;
  const { now, runningSince, sweepIntervalMs } = monitor;
  // Before the first complete sweep, every page counts, because a first sweep may take long.
  const since = Math.max(runningSince, completeAt ?? readAt ?? 0);
  if (now - since <= maxSweepAge(visibility, sweepIntervalMs)) return undefined;
  return { since, cause: failure?.cause ?? "no complete reading", notifiedCount: 0, nextNoticeAt: now };
}

/** The outage after a notice at `now`. The next notice counts from there, so that a late one is not followed at once by another. */
export function outageAfterNotice(outage: Outage, now: number): Outage {
  const { notifiedCount } = outage;
  return {
    ...outage,
    notifiedCount: notifiedCount + 1,
    nextNoticeAt: now + (REPEAT_AFTER[notifiedCount] ?? DAILY),
  };
}
