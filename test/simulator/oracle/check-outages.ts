import type { Lie, Observed, Watcher } from "./observed.ts";
import type { Version } from "./room-reader.ts";
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
    const told = observed.reader.versions(watcher.roomId).filter((version) => isOutage(version) && version.at <= dueBy);
    // An outage that was told before goes on.
    if (told.at(-1)?.reading.form === "outage") return [];
    return [
      `Rule 31: the list left out customers from ${timeText(lie.from)} to ${timeText(lie.to)}, and nobody told it.`,
    ];
  });
}

const isOutage = ({ reading: { form } }: Version): boolean => form === "outage" || form === "outage-end";

/** A whole reading saw it, and nothing else failed meanwhile. */
export function isSurelySeen({ truth, delays }: Observed, { from, to }: Lie, by: number): boolean {
  const others = delays
    .disturbancesWithin(from, by)
    .filter((one) => !one.isCrowd && (one.from !== from || one.to !== to));
  return to >= by && others.length === 0 && [from, by].every((at) => truth.countAt(at) >= FEWEST);
}
