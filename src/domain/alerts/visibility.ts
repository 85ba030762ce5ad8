/** How well a scope can be read at the moment (ALERTS 31). Times are epoch milliseconds. */
export interface Visibility {
  /** The end of the last complete sweep. */
  readonly completeAt?: number;
  /** How long that sweep took, in milliseconds. */
  readonly tookMs: number;
  /** The last time that any page or customer of the scope was read. */
  readonly readAt?: number;
  /** Absent when the last reading did not fail. */
  readonly failure?: ReadFailure;
  readonly outage?: Outage;
}

export interface ReadFailure {
  /** The code of the `Failure`, such as `wholesale.unauthorized`. */
  readonly cause: string;
  /** The API rejected the token (401) or its rights (403), so the outage begins at once. */
  readonly isUnauthorized: boolean;
}

export interface Outage {
  readonly since: number;
  readonly cause: string;
  /** The number of outage notices, and when the next one is due. */
  readonly notifiedCount: number;
  readonly nextNoticeAt: number;
}

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

/** The present outage; undefined when there is none. A stored outage lasts until a complete sweep removes it. */
export function detectOutage(visibility: Visibility, monitor: MonitorState): Outage | undefined {
  if (visibility.outage !== undefined) return visibility.outage;
  const { completeAt, readAt, failure } = visibility;
  const { now, runningSince, sweepIntervalMs } = monitor;
  // Before the first complete sweep, every page counts, because a first sweep may take long.
  const lastReadAt = Math.max(runningSince, completeAt ?? readAt ?? 0);
  const hasOutage = failure?.isUnauthorized || now - lastReadAt > maxSweepAge(visibility, sweepIntervalMs);
  if (!hasOutage) return undefined;
  const since = failure?.isUnauthorized ? now : lastReadAt;
  return { since, cause: failure?.cause ?? "no complete sweep", notifiedCount: 0, nextNoticeAt: now };
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
