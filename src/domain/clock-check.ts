import type { HealthCheck } from "./health-report.ts";
import { formatDuration } from "./views/text.ts";

/** A clock that this machine's is compared with, and how far they may be apart. */
interface OtherClock {
  readonly name: string;
  readonly maxSkewMs: number;
  readonly hint: string;
}

/** The bot goes by the clock of the server. One that is this far off is a fault of either machine. */
export const DATABASE_CLOCK: OtherClock = { name: "the database server", maxSkewMs: 5_000, hint: "set both by NTP" };

/** Digests, reminders and the end of tokens go by minutes. */
export const WEBEX_CLOCK: OtherClock = { name: "Webex", maxSkewMs: 60_000, hint: "set this machine's by NTP" };

export const isClockRight = (skewMs: number, { maxSkewMs }: OtherClock): boolean => Math.abs(skewMs) <= maxSkewMs;

/** `4 min behind Webex`. @param skewMs how far this machine's clock is ahead; negative: behind */
export const describeSkew = (skewMs: number, { name }: OtherClock): string =>
  `${formatDuration(Math.abs(skewMs))} ${skewMs > 0 ? "ahead of" : "behind"} ${name}`;

/** The check of this machine's clock. @param skewMs how far it is ahead of the other one; negative: behind */
export function clockCheck(skewMs: number, other: OtherClock): HealthCheck {
  const ok = isClockRight(skewMs, other);
  const detail = ok ? `agrees with ${other.name}` : `${describeSkew(skewMs, other)}; ${other.hint}`;
  return { name: "Clock", ok, detail, vital: false, stopsHeartbeat: false };
}

/** By the clock of this machine. */
export interface CallTimes {
  readonly sentAt: number;
  readonly answeredAt: number;
}

/**
 * How far this clock is ahead of another side's at least, by the header Date of its answer. The header has whole seconds, and was
 * written at an unknown moment between question and answer. Undefined without a date.
 */
export function clockSkew(header: string | undefined, { sentAt, answeredAt }: CallTimes): number | undefined {
  const date = Date.parse(header ?? "");
  if (Number.isNaN(date)) return undefined;
  return Math.max(0, sentAt - (date + 1_000)) + Math.min(0, answeredAt - date);
}
