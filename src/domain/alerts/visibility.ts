/** How well the bot sees a scope (ALERTS 31). All times are epoch milliseconds. */
export interface Visibility {
  /** The end of the last complete, unsuspect sweep. */
  readonly completeAt?: number;
  /** How long that sweep took, in milliseconds. */
  readonly tookMs: number;
  /** When anything of the scope was last read. */
  readonly readAt?: number;
  /** What the last reading failed of; absent when it did not. */
  readonly failure?: ReadFailure;
  readonly outage?: Outage;
}

export interface ReadFailure {
  /** The code of the failure: `wholesale.unauthorized`. */
  readonly cause: string;
  /** Refused to this token (401, 403): there is no use in waiting. */
  readonly refused: boolean;
}

export interface Outage {
  readonly since: number;
  readonly cause: string;
  /** How often it was told, and when it is to be told again. */
  readonly notifiedCount: number;
  readonly nextNoticeAt: number;
}

/** What the monitor has been about. */
export interface MonitorState {
  readonly now: number;
  /** Since when it has been looking without a break: while it was not, nobody could see. */
  readonly runningSince: number;
  /** `SWEEP_INTERVAL`. */
  readonly sweepIntervalMs: number;
}

const PERIODS = 3;
const LEAST_MS = 5 * 60_000;
const HOUR = 3_600_000;
/** Told at once, then an hour after that, then three more hours after that, then daily. */
const REPEAT_AFTER = [HOUR, 3 * HOUR];
const DAILY = 24 * HOUR;

/** How long without a complete sweep is too long, in milliseconds. A sweep may take longer than its interval. */
export function maxSweepAge({ tookMs }: Pick<Visibility, "tookMs">, periodMs: number): number {
  return Math.max(LEAST_MS, PERIODS * Math.max(periodMs, tookMs));
}

/** The blindness there is now; undefined while the bot can see. It ends with a complete sweep, and not by itself. */
export function detectOutage(sight: Visibility, watching: MonitorState): Outage | undefined {
  if (sight.outage !== undefined) return sight.outage;
  const { completeAt, readAt, failure } = sight;
  const { now, runningSince, sweepIntervalMs } = watching;
  // A first sweep may take as long as it likes, as long as it brings something.
  const seenAt = Math.max(runningSince, completeAt ?? readAt ?? 0);
  const isBlind = failure?.refused || now - seenAt > maxSweepAge(sight, sweepIntervalMs);
  if (!isBlind) return undefined;
  const since = failure?.refused ? now : seenAt;
  return { since, cause: failure?.cause ?? "no complete sweep", notifiedCount: 0, nextNoticeAt: now };
}

/** The same, after it was told at `now`, from when on the next time is counted: nobody hears it twice in a row. */
export function outageAfterNotice(blind: Outage, now: number): Outage {
  const { notifiedCount } = blind;
  return {
    ...blind,
    notifiedCount: notifiedCount + 1,
    nextNoticeAt: now + (REPEAT_AFTER[notifiedCount] ?? DAILY),
  };
}
