import type { Alert } from "../domain/alerts/alert.ts";
import { sightingsOf } from "../domain/alerts/sighting.ts";
import { chunksOf, IDS } from "./chunks.ts";
import { judge, missedTwice } from "./judge.ts";
import { readAlert } from "./outbox-reading.ts";
import type { Step } from "./outbox-step.ts";
import { recordsById } from "./records.ts";
import { settleAlerts } from "./settle.ts";
import { findSight } from "./sights.ts";
import { type Witnessing, witness } from "./witness.ts";

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
  const changed = await judge(step, at, due);
  const changedIds = new Set(changed.map(({ id }) => id));
  // Those that say nothing new are not to be looked at again until their customer changes.
  await leaveAlone(
    step,
    due.filter(({ id }) => !changedIds.has(id)),
  );
  return { changed: countNews(changed, step.now), itemsAbsentTwice: missedTwice(changed) };
}

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
  if ((await findSight(step.tx, at.scope)).blind !== null) return;
  const alerts = [];
  for (const chunk of chunksOf(customerIds, IDS)) {
    const rows = await step.tx
      .selectFrom("alerts")
      .select("alert")
      .where("scope", "=", at.scope)
      .where("customerId", "in", chunk)
      .where("active", "=", ({ lit }) => lit(1))
      .orderBy("id")
      .execute();
    alerts.push(...rows.map(({ alert }) => readAlert(alert)));
  }
  await judge(step, at, alerts);
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
