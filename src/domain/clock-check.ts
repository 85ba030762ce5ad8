import type { HealthCheck } from "./health-report.ts";
import { formatDuration } from "./views/text.ts";

/** Leases are shorter than a minute, and one clock decides when they end: the one of the instance that asks. */
const MAX_SKEW_MS = 5_000;

export const isClockRight = (skewMs: number): boolean => Math.abs(skewMs) <= MAX_SKEW_MS;

/** `4 min behind`, or `ahead of`; the other clock follows. */
export const describeSkew = (skewMs: number): string =>
  `${formatDuration(Math.abs(skewMs))} ${skewMs > 0 ? "ahead of" : "behind"}`;

/** The check of this instance's clock. @param skewMs how far it is ahead of the database's; negative: behind */
export function clockCheck(skewMs: number): HealthCheck {
  const ok = isClockRight(skewMs);
  const detail = ok
    ? "agrees with the database server"
    : `${describeSkew(skewMs)} the database server; set both by NTP`;
  return { name: "Clock", ok, detail, vital: false, stopsHeartbeat: false };
}
