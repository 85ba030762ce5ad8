import type { Alert } from "../../domain/alerts/alert.ts";
import { countNews } from "../../domain/alerts/held-back.ts";
import { chunksOf, IDS } from "../chunks.ts";
import { readAlert, readAlerts } from "../notices/reading.ts";
import type { Step } from "../notices/step.ts";
import { type Due, dueAlerts } from "./due.ts";
import { judge, missedTwice } from "./judge.ts";
import { findSight } from "./sights.ts";
import type { Witnessing } from "./witness.ts";

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
    changed += countNews(some, step.now);
    for (const customerId of missedTwice(some)) itemsAbsentTwice.add(customerId);
  }
  return { changed, itemsAbsentTwice: [...itemsAbsentTwice] };
}

async function concludeSome(
  step: Step,
  at: Witnessing,
  customers: readonly Due[],
): Promise<readonly Alert[]> {
  const ids = customers.flatMap(({ alertIds }) => alertIds);
  const { changed, same } = await judge(step, at, await readAlerts(step.tx, ids));
  await leaveAlone(step, same);
  return changed;
}

/** Those that say nothing new are not to be looked at again until their customer changes. */
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
  if ((await findSight(step.tx, at.scope)).blind !== null) return;
  const alerts: Alert[] = [];
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
