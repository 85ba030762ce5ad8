import type { Alert } from "../domain/alerts/alert.ts";
import { observationOf } from "../domain/alerts/observation.ts";
import { readRecordsById } from "../store/records.ts";
import type { Db } from "./transaction.ts";

/**
 * Closed alerts with the present state of their items, for a message or an edit that may be late: by then an item may be in error
 * again, under another alert, or there again (ALERTS 26).
 */
export async function withPresentItems(db: Db, alerts: readonly Alert[]): Promise<readonly Alert[]> {
  const closed = alerts.filter(({ state, drill }) => state === "closed" && drill === undefined);
  const present = new Map<number, Alert>();
  for (const scope of new Set(closed.map(({ key }) => key.scope))) {
    const ofScope = closed.filter(({ key }) => key.scope === scope);
    const ids = new Set(ofScope.map(({ key }) => key.customerId));
    const records = await readRecordsById(db, scope, [...ids]);
    for (const alert of ofScope) {
      const record = records.get(alert.key.customerId);
      if (record === undefined) continue;
      // Nothing is stuck again so soon that a message about its end could be late by that.
      const { class: itemClass, status } = observationOf(alert.key, record.customer, 0);
      if (itemClass === "absent" || status === undefined) continue;
      present.set(alert.id, { ...alert, seenNow: { class: itemClass, status } });
    }
  }
  return alerts.map((alert) => present.get(alert.id) ?? alert);
}
