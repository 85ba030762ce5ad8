import { formatDuration } from "../domain/views/text.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How the two forms of a view write times: a card leaves that to its reader's client, a text has to say the zone. */
export interface TimeFormat {
  /** The time of the day. */
  time(ms: number): string;
  /** The day and the time. */
  dateTime(ms: number): string;
}

/** Every client puts these into its reader's zone and language. */
export const CARD_TIME_FORMAT: TimeFormat = {
  time: (ms) => `{{TIME(${wholeSeconds(ms)})}}`,
  dateTime: (ms) => `{{DATE(${wholeSeconds(ms)}, SHORT)}} {{TIME(${wholeSeconds(ms)})}}`,
};

const DATE = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

/** Nobody localises a text. The year is said where it is not that of `now`. */
export function textTimeFormat(now: number): TimeFormat {
  const time = (ms: number) => `${new Date(ms).toISOString().slice(11, 16)} UTC`;
  const yearOf = (ms: number) => new Date(ms).getUTCFullYear();
  const day = (ms: number) =>
    yearOf(ms) === yearOf(now) ? DATE.format(ms) : `${DATE.format(ms)} ${yearOf(ms)}`;
  return { time, dateTime: (ms) => `${day(ms)}, ${time(ms)}` };
}

/** Within a day, the time of the day says enough. */
export function formatWhen(ms: number, now: number, times: TimeFormat): string {
  return now - ms < DAY ? times.time(ms) : times.dateTime(ms);
}

/** `2 h 10 min`: seconds matter within a minute, minutes within a day. */
export function formatRoughly(span: number): string {
  const grain = span < MINUTE ? 1_000 : span < DAY ? MINUTE : HOUR;
  return formatDuration(Math.floor(span / grain) * grain);
}

/** Clients show a time with milliseconds as it stands. */
function wholeSeconds(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}
