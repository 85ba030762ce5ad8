import { type Alert, isActive } from "../domain/alerts/alert.ts";
import type { Notice } from "../domain/alerts/notice.ts";
import { observationOf } from "../domain/alerts/observation.ts";
import { readRecordsById } from "../store/records.ts";
import { alertKeyText, readAlerts, readLastAlerts } from "./alert-rows.ts";
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

/**
 * Notices of alerts that came and went, with the time from which their items have the problem again, under whatever alert: the
 * message may be made long after the end, and where a storm counts the new error, no other message names it (ALERTS 20, 21).
 */
export async function withReturns(db: Db, notices: readonly Notice[], now: number): Promise<readonly Notice[]> {
  const passed = notices.filter(({ kind }) => kind === "came-and-went").map(({ alertId }) => alertId);
  const keys = new Map((await readAlerts(db, passed)).map(({ id, key }) => [id, key]));
  const last = new Map<string, Alert>();
  for (const scope of new Set([...keys.values()].map((key) => key.scope))) {
    const customerIds = [...keys.values()].filter((key) => key.scope === scope).map(({ customerId }) => customerId);
    for (const [key, alert] of await readLastAlerts(db, { scope, customerIds, since: now })) last.set(key, alert);
  }
  return notices.map((notice) => {
    const key = keys.get(notice.alertId);
    return key === undefined ? notice : withReturn(notice, last.get(alertKeyText(key)));
  });
}

function withReturn(notice: Notice, last: Alert | undefined): Notice {
  const { cameAndWent } = notice.details;
  if (cameAndWent === undefined || last === undefined || !isActive(last) || last.badSince < cameAndWent.to)
    return notice;
  return { ...notice, details: { ...notice.details, cameAndWent: { ...cameAndWent, againFrom: last.badSince } } };
}
