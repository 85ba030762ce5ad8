import { WHOLE } from "../customers/record.ts";
import { type Alert, isActive } from "./alert.ts";

/** Without the alerts of customers of which a package is open: that says more, and is told instead (ALERTS 2). */
export function withoutHeldBack(alerts: readonly Alert[]): readonly Alert[] {
  const told = new Set(alerts.filter((alert) => isActive(alert) && alert.key.item !== WHOLE).map(customerOf));
  return alerts.filter(
    (alert) => alert.key.item !== WHOLE || !isActive(alert) || !told.has(customerOf(alert)),
  );
}

const customerOf = ({ key }: Alert): string => `${key.kind} ${key.customerId}`;
