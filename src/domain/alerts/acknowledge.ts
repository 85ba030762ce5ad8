import { type Acknowledgement, type Alert, isActive } from "./alert.ts";

/** Somebody takes an alert (ALERTS 22). The very same value when there is nothing to take, or somebody has it already. */
export function acknowledge(alert: Alert, ack: Acknowledgement): Alert {
  return isActive(alert) && alert.ack === undefined ? { ...alert, ack } : alert;
}
