import type { DigestSchedule } from "../commands/digest.ts";
import { instantAt, wallClock } from "../wall-clock.ts";

/**
 * The first time after `now` at which a clock in the schedule's zone shows the schedule's time. A time that a clock change
 * skips is due right after the gap; a time that occurs twice is due once, the first time.
 */
export function nextDigestAt({ time, zone }: DigestSchedule, now: number): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  const { year, month, date } = wallClock(now, zone);
  // Steps of 24 hours would skip a calendar day that has 23.
  for (let day = -1; ; day += 1) {
    const at = instantAt(Date.UTC(year, month - 1, date + day, hours, minutes), zone);
    if (at > now) return at;
  }
}
