import { type Alert, isActive } from "./alert.ts";

const DAY = 86_400_000;

/** How long an alert is open without an acknowledgement before it is escalated (ALERTS 24). */
export const ESCALATE_AFTER_MS = 30 * 60_000;

/**
 * When the next reminder is due: `REMIND_AFTER` after the alert, again after the first reminder, then daily (ALERTS 22).
 * It counts from `at`, the time of the notice or of the last reminder, so that missed reminders are not sent in a row.
 */
export function nextReminderAt(
  { at, reminded }: { readonly at: number; readonly reminded: number },
  remindMs: number,
): number {
  return at + (reminded < 2 ? remindMs : DAY);
}

/** True if nobody has acknowledged the alert, so that rooms are reminded of it (ALERTS 22); not during a deletion. */
export function isUnattended(alert: Alert): boolean {
  return isActive(alert) && alert.ack === undefined && !alert.suspended;
}

/**
 * True if an alert of which a room was told for `ESCALATE_AFTER_MS` escalates (ALERTS 24): not while it is healing or flapping,
 * nor soon after an acknowledgement has ended.
 */
export function mayEscalate(alert: Alert, now: number): boolean {
  const lastAck = alert.pastAcks?.at(-1);
  const isLeft = lastAck === undefined || now - lastAck.endedAt >= ESCALATE_AFTER_MS;
  return alert.state === "open" && alert.flapping === undefined && isUnattended(alert) && isLeft;
}
