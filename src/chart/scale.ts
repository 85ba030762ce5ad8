/** Round steps that people count in. */
const STEPS = [1, 2, 2.5, 5, 10];

/** About `count` round numbers from 0 to at least `most`. */
export function ticksTo(most: number, count: number): readonly number[] {
  const least = Math.max(1, most / count);
  const magnitude = 10 ** Math.floor(Math.log10(least));
  const step = Math.ceil((STEPS.find((one) => one * magnitude >= least) ?? 10) * magnitude);
  const steps = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: steps + 1 }, (_, i) => i * step);
}

const DAY_MS = 86_400_000;

/** Days since 1970 of `2026-11-23`; NaN when it is no day. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

const DAY_FORMAT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

/** `23 Nov`. */
export function dayLabel(number: number): string {
  return DAY_FORMAT.format(number * DAY_MS);
}

export function yearOf(number: number): number {
  return new Date(number * DAY_MS).getUTCFullYear();
}
