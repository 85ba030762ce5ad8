import type { HealthCheck } from "./health-report.ts";
import { formatDuration } from "./views/text.ts";

/** Leases are shorter than a minute, and one clock decides when they end: the one of the instance that asks. */
const MAX_SKEW_MS = 5_000;

/** The check of this instance's clock. @param skewMs how far it is ahead of the database's; negative: behind */
export function clockCheck(skewMs: number): HealthCheck {
  const ok = Math.abs(skewMs) <= MAX_SKEW_MS;
  const distance = `${formatDuration(Math.abs(skewMs))} ${skewMs > 0 ? "ahead of" : "behind"}`;
  const detail = ok ? "agrees with the database server" : `${distance} the database server; set both by NTP`;
  return { name: "Clock", ok, detail, vital: false, stopsHeartbeat: false };
}
