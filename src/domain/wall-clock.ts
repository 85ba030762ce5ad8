const DAY = 86_400_000;

/** The time at which the zone's clock shows the wall time `wall`, given as if it were UTC. */
export function instantAt(wall: number, zone: string): number {
  const [before, after] = [wall - offsetAt(wall - DAY, zone), wall - offsetAt(wall + DAY, zone)];
  const shown = [before, after].find((at) => offsetAt(at, zone) === wall - at);
  return shown ?? Math.max(before, after);
}

/** The milliseconds by which the zone's clock is ahead of UTC. */
function offsetAt(at: number, zone: string): number {
  const { year, month, date, hour, minute, second } = wallClock(at, zone);
  return Date.UTC(year, month - 1, date, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

/** The date and the time that the zone's clock shows. */
export function wallClock(at: number, zone: string) {
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
