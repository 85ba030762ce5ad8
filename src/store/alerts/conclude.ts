import type { Alert } from "../../domain/alerts/alert.ts";
import { sightingOf, sightingsOf } from "../../domain/alerts/sighting.ts";
import type { CustomerRecord } from "../../domain/customers/record.ts";
import { chunksOf, IDS } from "../chunks.ts";
import { readAlert } from "../notices/reading.ts";
import { settleAlerts } from "../notices/settle.ts";
import type { Step } from "../notices/step.ts";
import { recordsById } from "../records.ts";
import { writeAlerts } from "./rows.ts";
import { judge, type Witnessing, witness } from "./witness.ts";

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
  const due = await dueAlerts(step, at.scope, seen);
  const records = await recordsById(step.tx, at.scope, [...new Set(due.map(({ key }) => key.customerId))]);
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
  const absent = changed.filter(({ absent, state }) => absent > 1 && state !== "closed");
  return {
    changed: countNews(changed, step.now),
    itemsAbsentTwice: [...new Set(absent.map(({ key }) => key.customerId))],
  };
}

const isThere = ({ key }: Alert, { customer }: CustomerRecord): boolean =>
  sightingOf(key, customer, 0).class !== "absent";

/** Those that opened, came back or ended just now; the others only look a little different. */
function countNews(alerts: readonly Alert[], now: number): number {
  return alerts.filter(({ badSince, closedAt }) => badSince === now || closedAt === now).length;
}

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

/** Active alerts whose customer has changed since it was held against them, or that count every sighting. */
async function dueAlerts(
  { tx }: Step,
  scope: string,
  seen: ReadonlySet<string> | undefined,
): Promise<readonly Alert[]> {
  const rows = await tx
    .selectFrom("alerts")
    .innerJoin("customers", (join) =>
      join.onRef("customers.scope", "=", "alerts.scope").onRef("customers.id", "=", "alerts.customerId"),
    )
    .select(["alerts.alert", "customers.id as customerId"])
    .where("alerts.scope", "=", scope)
    .where("alerts.active", "=", ({ lit }) => lit(1))
    .where("alerts.kind", "=", "error")
    .whereRef("customers.changedAt", ">=", "alerts.judgedAt")
    .where("customers.absent", "=", 0)
    .orderBy("alerts.id")
    .execute();
  return rows
    .filter(({ customerId }) => seen === undefined || seen.has(customerId))
    .map(({ alert }) => readAlert(alert));
}

/** By id and on the spot, for what two sweeps did not find: everything of these customers that has an alert (ALERTS 14). */
export async function lookedUp(step: Step, at: Witnessing, customerIds: readonly string[]): Promise<void> {
  const { changed } = await concludeFor(step, at, customerIds);
  await settleAlerts(step, changed);
}

async function concludeFor(step: Step, at: Witnessing, customerIds: readonly string[]) {
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
  return { changed };
}

/** Everybody who is unwell, whether anything changed or not: for the first time, or after a time without sight (ALERTS 15, 31). */
export async function witnessAll(step: Step, at: Witnessing): Promise<number> {
  const rows = await step.tx
    .selectFrom("customers")
    .select("id")
    .where("scope", "=", at.scope)
    .where("unwell", "=", ({ lit }) => lit(1))
    .where("absent", "=", 0)
    .orderBy("id")
    .execute();
  let changed = 0;
  for (const chunk of chunksOf(rows, IDS)) {
    const ids = chunk.map(({ id }) => id);
    const records = [...(await recordsById(step.tx, at.scope, ids)).values()];
    const sightings = records.flatMap((record) =>
      sightingsOf(record, { scope: at.scope, kinds: ["error"], now: step.now }),
    );
    const alerts = await witness(
      step,
      at,
      sightings.filter((sighting) => sighting.class === "bad"),
    );
    await settleAlerts(step, alerts);
    changed += countNews(alerts, step.now);
  }
  return changed;
}
