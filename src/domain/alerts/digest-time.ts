import type { DigestSchedule } from "../commands/digest.ts";

const DAY = 86_400_000;

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

/** The time at which the zone's clock shows the wall time `wall`, given as if it were UTC. */
function instantAt(wall: number, zone: string): number {
  const [before, after] = [wall - offsetAt(wall - DAY, zone), wall - offsetAt(wall + DAY, zone)];
  const shown = [before, after].find((at) => offsetAt(at, zone) === wall - at);
  return shown ?? Math.max(before, after);
}

/** How far the zone's clock is ahead of UTC, in milliseconds. */
function offsetAt(at: number, zone: string): number {
  const { year, month, date, hour, minute, second } = wallClock(at, zone);
  return Date.UTC(year, month - 1, date, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

function wallClock(at: number, zone: string) {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  return {
    year: part("year"),
    month: part("month"),
    date: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
  };
}
