import type { WireCustomer } from "../../src/sandbox/world/wire-customer.ts";
import type { AlertRoom, AlertRows } from "./alert-rows.ts";
import { itemStatuses } from "./churn.ts";

const keyOf = (id: string, item: string): string => `${id} ${item}`;

/** Where a space believes something else than is so: of what is in error and it wants to hear of, and of what is not. */
export function notifiedDifferences(
  customers: readonly WireCustomer[],
  ledger: AlertRows,
  { roomId, isWatching }: AlertRoom,
): readonly unknown[] {
  const there = new Map(
    customers.flatMap((customer) =>
      [...itemStatuses(customer)].map(([item, status]) => [keyOf(customer.id, item), status] as const),
    ),
  );
  const alerts = new Map(ledger.alerts.map((alert) => [alert.id, alert]));
  const told = ledger.notifiedStates
    .filter((row) => row.roomId === roomId)
    .flatMap((row) => {
      const alert = alerts.get(row.alertId);
      return alert === undefined || alert.item === "*"
        ? []
        : [{ ...row, key: keyOf(alert.customerId, alert.item), alert }];
    });
  const wantsKey = (key: string) => !key.endsWith(" *") && isWatching(key.slice(key.indexOf(" ") + 1));
  const bad = [...there].filter(([key, status]) => status === "error" && wantsKey(key));
  const flapping = new Set(
    ledger.alerts
      .filter(({ alert }) => alert.includes('"flapping"'))
      .map(({ customerId, item }) => keyOf(customerId, item)),
  );
  const isOnItsWay = (status = "provisioned") => !["provisioned", "provisioned_with_errors"].includes(status);
  return [
    ...bad
      .filter(([key]) => !flapping.has(key))
      .filter(([key]) => !told.some((one) => one.key === key && one.state === "open" && one.alert.state === "open"))
      .map(([key]) => ({ what: "is not told", roomId, key })),
    ...told
      .filter(({ state, key }) => state === "open" && !isOnItsWay(there.get(key)))
      .map(({ key, alertId }) => ({ what: "is told though it is over", roomId, key, alertId })),
  ];
}
