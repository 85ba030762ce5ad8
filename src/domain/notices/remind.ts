import type { Alert } from "../alerts/alert.ts";
import { isActive } from "../alerts/alert.ts";
import type { Announced } from "./reconcile.ts";

const DAILY = 24 * 3_600_000;

/** ALERTS 24. */
export const ESCALATE_MS = 30 * 60_000;

/** When to remind of something told at `toldAt`: after `REMIND_AFTER`, twice that, then daily (ALERTS 22). */
export function remindAt(toldAt: number, reminded: number, remindMs: number): number {
  if (reminded < 2) return toldAt + remindMs * (reminded + 1);
  return toldAt + 2 * remindMs + DAILY * (reminded - 1);
}

/** The first reminder that falls due after `now`: those that nobody could send meanwhile are not made up for. */
export function nextRemindAt(
  { toldAt, reminded }: Pick<Announced, "toldAt" | "reminded">,
  now: number,
  remindMs: number,
): number {
  for (let count = reminded; ; count += 1) {
    const at = remindAt(toldAt, count, remindMs);
    if (at > now) return at;
  }
}

/** Whether anybody still has to be reminded of it: it is open, told, nobody's, not on its way out, and steady. */
export function isUnattended(alert: Alert, { state }: Pick<Announced, "state">): boolean {
  return (
    state === "open" &&
    isActive(alert) &&
    alert.ack === undefined &&
    !alert.suspended &&
    alert.flapping === undefined
  );
}
