import type { Alert } from "../alerts/alert.ts";
import { isActive } from "../alerts/alert.ts";
import type { NotifiedState } from "./reconcile.ts";

const DAILY = 24 * 3_600_000;

/** ALERTS 24. */
export const ESCALATE_AFTER_MS = 30 * 60_000;

/**
 * When to remind of what was told, or last reminded of, at `at`: after `REMIND_AFTER`, twice that, then daily (ALERTS 22).
 * Counted from the last time, so that what was missed is not made up for in a row.
 */
export function nextReminderAt(
  { at, reminded }: { readonly at: number; readonly reminded: number },
  remindMs: number,
): number {
  return at + (reminded < 2 ? remindMs : DAILY);
}

/** Whether anybody still has to be reminded of it: it is open, told, nobody's, not on its way out, and steady. */
export function isUnattended(alert: Alert, { state }: Pick<NotifiedState, "state">): boolean {
  return (
    state === "open" &&
    isActive(alert) &&
    alert.ack === undefined &&
    !alert.suspended &&
    alert.flapping === undefined
  );
}
