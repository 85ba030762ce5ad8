import { CUSTOMER_ITEM } from "../customers/record.ts";
import { type Alert, isActive } from "./alert.ts";

/** Without the alerts of customers of which a package is open: that says more, and is told instead (ALERTS 2). */
export function withoutInhibited(alerts: readonly Alert[]): readonly Alert[] {
  const told = new Set(
    alerts.filter((alert) => isActive(alert) && alert.key.item !== CUSTOMER_ITEM).map(customerOf),
  );
  return alerts.filter(
    (alert) => alert.key.item !== CUSTOMER_ITEM || !isActive(alert) || !told.has(customerOf(alert)),
  );
}

/**
 * How many of these opened, came back or ended just now; the others only look a little different. As people count: a customer
 * is nothing more beside its packages (ALERTS 2).
 */
export function countOpenedOrClosed(alerts: readonly Alert[], now: number): number {
  const news = alerts.filter(({ badSince, closedAt }) => badSince === now || closedAt === now);
  const ofPackages = new Set(news.flatMap(({ key }) => (key.item === CUSTOMER_ITEM ? [] : [key.customerId])));
  return news.filter(({ key }) => key.item !== CUSTOMER_ITEM || !ofPackages.has(key.customerId)).length;
}

const customerOf = ({ key }: Alert): string => `${key.kind} ${key.customerId}`;
