import type { Lie, Observed, Watcher } from "./beliefs.ts";
import { timeText } from "./sentences.ts";

/** The fewest customers of which half are so many that the list cannot be right (ALERTS 6). */
const FEWEST = 4;
/** From the end of a reading until the message. */
const TOLD_MS = 60_000;

/** Rules 6 and 31: a room hears of a list that leaves out customers as soon as one whole reading has seen it. */
export function checkOutages(observed: Observed, watcher: Watcher, at: number): readonly string[] {
  return observed.lies.flatMap((lie) => {
    const dueBy = lie.from + observed.delays.lag.sweep + TOLD_MS;
    if (dueBy > at || watcher.since > lie.from || !isSurelySeen(observed, lie, dueBy)) return [];
    const isTold = observed.reader
      .versions(watcher.roomId)
      .some((version) => version.reading.form === "outage" && version.at >= lie.from && version.at <= dueBy);
    if (isTold) return [];
    return [
      `Rule 31: the list left out customers from ${timeText(lie.from)} to ${timeText(lie.to)}, and nobody told it.`,
    ];
  });
}

/** A whole reading saw it, and nothing else failed for so long that an outage before is over. */
export function isSurelySeen({ truth, delays }: Observed, { from, to }: Lie, by: number): boolean {
  const { lag, disturbancesWithin } = delays;
  const others = disturbancesWithin(from - 3 * lag.sweep, by).filter(
    (one) => !one.isCrowd && (one.from !== from || one.to !== to),
  );
  return to >= by && others.length === 0 && [from, by].every((at) => truth.countAt(at) >= FEWEST);
}
