import type { WireCustomer } from "../../src/sandbox/world/wire-customer.ts";
import type { AlertRoom, AlertRows } from "./alert-rows.ts";
import { itemStatuses } from "./churn.ts";

const keyOf = (id: string, item: string): string => `${id} ${item}`;

/** Differences between what a space was notified of and the state of the world: missing errors, and errors that are over. */
export function notifiedDifferences(
  customers: readonly WireCustomer[],
  rows: AlertRows,
  { roomId, isWatching }: AlertRoom,
): readonly unknown[] {
  const statuses = new Map(
    customers.flatMap((customer) =>
      [...itemStatuses(customer)].map(([item, status]) => [keyOf(customer.id, item), status] as const),
    ),
  );
  const alerts = new Map(rows.alerts.map((alert) => [alert.id, alert]));
  const notified = rows.notifiedStates
    .filter((row) => row.roomId === roomId)
    .flatMap((row) => {
      const alert = alerts.get(row.alertId);
      return alert === undefined || alert.item === "*"
        ? []
        : [{ ...row, key: keyOf(alert.customerId, alert.item), alert }];
    });
  const isWatchedKey = (key: string) => !key.endsWith(" *") && isWatching(key.slice(key.indexOf(" ") + 1));
  const errors = [...statuses].filter(([key, status]) => status === "error" && isWatchedKey(key));
  const flapping = new Set(
    rows.alerts
      .filter(({ alert }) => alert.includes('"flapping"'))
      .map(({ customerId, item }) => keyOf(customerId, item)),
  );
  const isChanging = (status = "provisioned") => !["provisioned", "provisioned_with_errors"].includes(status);
  return [
    ...errors
      .filter(([key]) => !flapping.has(key))
      .filter(([key]) => !notified.some((one) => one.key === key && one.state === "open" && one.alert.state === "open"))
      .map(([key]) => ({ what: "not notified", roomId, key })),
    ...notified
      .filter(({ state, key }) => state === "open" && !isChanging(statuses.get(key)))
      .map(({ key, alertId }) => ({ what: "notified although it is over", roomId, key, alertId })),
  ];
}
