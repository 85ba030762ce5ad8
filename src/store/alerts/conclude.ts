import type { Alert } from "../../domain/alerts/alert.ts";
import { sightingOf } from "../../domain/alerts/sighting.ts";
import type { CustomerRecord } from "../../domain/customers/record.ts";
import { chunksOf, IDS } from "../chunks.ts";
import { readAlert, readAlerts } from "../notices/reading.ts";
import { settleAlerts } from "../notices/settle.ts";
import type { Step } from "../notices/step.ts";
import { recordsById } from "../records.ts";
import { type Due, dueAlerts } from "./due.ts";
import { writeAlerts } from "./rows.ts";
import { isNews, judge, type Witnessing } from "./witness.ts";

/**
 * The end of a reading that can be believed: alerts heal and close by what it saw (ALERTS 5, 10, 11, 14).
 * @param seen the customers it saw; those that the snapshot holds when absent
 * @returns how many alerts changed, and the customers of which an item was absent once too often
 */
export async function conclude(
  step: Step,
  at: Witnessing,
  seen: ReadonlySet<string> | undefined,
): Promise<{ readonly changed: number; readonly itemsAbsentTwice: readonly string[] }> {
  let changed = 0;
  const itemsAbsentTwice = new Set<string>();
  // In pieces, as after a storm there are very many; all alerts of a customer in one, as one may hold another back.
  for (const customers of chunksOf(await dueAlerts(step, at.scope, seen), IDS)) {
    const some = await concludeSome(step, at, customers);
    changed += some.filter((alert) => isNews(alert, step.now)).length;
    for (const customerId of absentTwice(some)) itemsAbsentTwice.add(customerId);
  }
  return { changed, itemsAbsentTwice: [...itemsAbsentTwice] };
}

/** The customers of alerts whose item two sweeps did not find: whether it is gone, a look-up says (ALERTS 14). */
export function absentTwice(alerts: readonly Alert[]): readonly string[] {
  return alerts
    .filter(({ absent, state }) => absent > 1 && state !== "closed")
    .map(({ key }) => key.customerId);
}

async function concludeSome(
  step: Step,
  at: Witnessing,
  customers: readonly Due[],
): Promise<readonly Alert[]> {
  const ids = customers.flatMap(({ alertIds }) => alertIds);
  const due = await readAlerts(step.tx, ids);
  const records = await recordsById(
    step.tx,
    at.scope,
    customers.map(({ customerId }) => customerId),
  );
  const judged = due.flatMap((alert) => {
    const record = records.get(alert.key.customerId);
    return record === undefined ? [] : [{ alert, record }];
  });
  const changed = judge(step, at, judged);
  const changedIds = new Set(changed.map(({ id }) => id));
  // Those that say nothing new are not to be looked at again until their customer changes. An item that a look has missed
  // waits for the next sweep, as only those count who is absent.
  const same = judged.filter(({ alert, record }) => !changedIds.has(alert.id) && isThere(alert, record));
  await writeAlerts(step.tx, changed, step.now);
  await leaveAlone(
    step,
    same.map(({ alert }) => alert),
  );
  await settleAlerts(step, changed);
  return changed;
}

const isThere = ({ key }: Alert, { customer }: CustomerRecord): boolean =>
  sightingOf(key, customer, 0).class !== "absent";

async function leaveAlone({ tx, now }: Step, alerts: readonly Alert[]): Promise<void> {
  for (const chunk of chunksOf(alerts, IDS)) {
    await tx
      .updateTable("alerts")
      .set({ judgedAt: now })
      .where(
        "id",
        "in",
        chunk.map(({ id }) => id),
      )
      // Those that count sightings are to be looked at every time.
      .where("judgedAt", ">", 0)
      .execute();
  }
}

/** By id and on the spot, for what two sweeps did not find: everything of these customers that has an alert (ALERTS 14). */
export async function lookedUp(step: Step, at: Witnessing, customerIds: readonly string[]): Promise<void> {
  const records = await recordsById(step.tx, at.scope, customerIds);
  const judged: { alert: Alert; record: CustomerRecord }[] = [];
  for (const chunk of chunksOf(customerIds, IDS)) {
    const rows = await step.tx
      .selectFrom("alerts")
      .select(["customerId", "alert"])
      .where("scope", "=", at.scope)
      .where("customerId", "in", chunk)
      .where("active", "=", ({ lit }) => lit(1))
      .execute();
    for (const { customerId, alert } of rows) {
      const record = records.get(customerId);
      if (record !== undefined) judged.push({ alert: readAlert(alert), record });
    }
  }
  const changed = judge(step, at, judged);
  await writeAlerts(step.tx, changed, step.now);
  await settleAlerts(step, changed);
}
