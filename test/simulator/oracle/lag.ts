import type { Stay } from "./truth.ts";

/** How late the bot may be, in milliseconds. */
export interface Lag {
  /** Until what a quick poll lists is read twice: two quick polls and their latencies. */
  readonly quick: number;
  /** Until everything else is read twice: two sweeps and their latencies. */
  readonly sweep: number;
  /** From a reading until the message: `GROUP_WAIT`, `GROUP_INTERVAL` and latencies. */
  readonly tell: number;
  /** From the end of a short error until the message about it. */
  readonly tellLate: number;
}

/** A time in which the bot may be later than that: a fault, an outage, a crash. */
export interface Disturbance {
  readonly from: number;
  /** Infinity while it lasts. */
  readonly to: number;
  /** The Wholesale API answered nothing at all. */
  readonly isBlind: boolean;
  /** Nothing fails, but there is more to look up than a quick poll may (ALERTS 5), or a question reads the API first (4). */
  readonly isCrowd?: boolean;
}

export interface Delays {
  readonly lag: Lag;
  /** What was seen last at `at` was true at some time from here on. */
  earliest(at: number, ms: number): number;
  /** Whether so much undisturbed time passed between the two that the bot was not too late. */
  isSure(from: number, to: number, ms: number): boolean;
  isDisturbed(from: number, to: number): boolean;
  /** The disturbances of which a part is between the two. */
  disturbancesWithin(from: number, to: number): readonly Disturbance[];
  /** Whether the Wholesale API answered nothing during this whole time. */
  isBlind(from: number, to: number): boolean;
}

/** @param isHostile faults never end: the lag holds in spite of them, but any of them may cause an outage or a repeat */
export function createDelays(lag: Lag, disturbances: readonly Disturbance[], isHostile = false): Delays {
  const within = (from: number, to: number) => disturbances.filter((one) => one.from <= to && one.to >= from);
  return {
    lag,
    earliest(at, ms) {
      let start = at - ms;
      for (;;) {
        const first = Math.min(...within(start, at).map(({ from }) => from - ms));
        if (first >= start) return start;
        start = first;
      }
    },
    isSure(from, to, ms) {
      let start = from;
      for (const one of within(from, to).toSorted((a, b) => a.from - b.from)) {
        if (one.from - start > ms) return true;
        start = Math.max(start, one.to);
      }
      return to - start > ms;
    },
    isDisturbed: (from, to) => isHostile || within(from, to).some(({ isCrowd }) => !isCrowd),
    disturbancesWithin: within,
    isBlind: (from, to) => disturbances.some((one) => one.isBlind && one.from <= from && one.to >= to),
  };
}

/** How long the bot may take to read this. */
export function readingLag({ quick, sweep }: Lag, { isListed }: Pick<Stay, "isListed">): number {
  return isListed ? quick : sweep;
}
