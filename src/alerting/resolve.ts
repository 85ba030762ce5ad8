import { type Alert, countOpenedOrClosed } from "../domain/alerts/alert.ts";
import { applyObservation } from "../domain/alerts/lifecycle.ts";
import { observationOf } from "../domain/alerts/observation.ts";
import { chunksOf, IDS_PER_STATEMENT } from "../store/chunks.ts";
import { readRecordsById } from "../store/records.ts";
import { writeAlerts } from "./alert-rows.ts";
import { observationContext, type ReadingContext } from "./observe.ts";
import { reconcileAlerts } from "./reconcile.ts";
import { readAlert, readAlerts } from "./room-state.ts";
import type { TransactionContext } from "./transaction.ts";
import { findVisibility } from "./visibility.ts";

/**
 * The end of a reading that can be believed: alerts heal and close by what it saw (ALERTS 5, 10, 11, 14).
 * @param seen the customers it saw; those that the snapshot holds when absent
 * @returns how many alerts changed, and the customers of which an item was absent once too often
 */
export async function resolve(
  step: TransactionContext,
  at: ReadingContext,
  seen: ReadonlySet<string> | undefined,
): Promise<{ readonly changed: number; readonly itemsAbsentTwice: readonly string[] }> {
  let changed = 0;
  const itemsAbsentTwice = new Set<string>();
  // In pieces, as after a storm there are very many; all alerts of a customer in one, as one may hold another back.
  for (const customers of chunksOf(await readAlertsToEvaluate(step, at.scope, seen), IDS_PER_STATEMENT)) {
    const some = await resolveBatch(step, at, customers);
    changed += countOpenedOrClosed(some, step.now);
    for (const customerId of missedTwice(some)) itemsAbsentTwice.add(customerId);
  }
  return { changed, itemsAbsentTwice: [...itemsAbsentTwice] };
}

async function resolveBatch(
  step: TransactionContext,
  at: ReadingContext,
  customers: readonly CustomerToEvaluate[],
): Promise<readonly Alert[]> {
  const ids = customers.flatMap(({ alertIds }) => alertIds);
  const { changed, unchanged } = await evaluate(step, at, await readAlerts(step.tx, ids));
  await markEvaluated(step, unchanged);
  return changed;
}

/** Those that say nothing new are not to be looked at again until their customer changes. */
async function markEvaluated({ tx, now }: TransactionContext, alerts: readonly Alert[]): Promise<void> {
  for (const chunk of chunksOf(alerts, IDS_PER_STATEMENT)) {
    await tx
      .updateTable("alerts")
      .set({ evaluatedAt: now })
      .where(
        "id",
        "in",
        chunk.map(({ id }) => id),
      )
      // Those that count sightings are to be looked at every time.
      .where("evaluatedAt", ">", 0)
      .execute();
  }
}

/** By id and on the spot, for what two sweeps did not find: everything of these customers that has an alert (ALERTS 14). */
export async function evaluateLookedUp(
  step: TransactionContext,
  at: ReadingContext,
  customerIds: readonly string[],
): Promise<void> {
  if ((await findVisibility(step.tx, at.scope)).outage !== null) return;
  const alerts: Alert[] = [];
  for (const chunk of chunksOf(customerIds, IDS_PER_STATEMENT)) {
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
  await evaluate(step, at, alerts);
}

/** A customer, and the active alerts of it that are to be held against it. */
export interface CustomerToEvaluate {
  readonly customerId: string;
  readonly alertIds: readonly number[];
}

/** By customer: active alerts that it was not held against since it changed, and those that count every sighting. */
export async function readAlertsToEvaluate(
  { tx }: TransactionContext,
  scope: string,
  seen: ReadonlySet<string> | undefined,
): Promise<readonly CustomerToEvaluate[]> {
  const rows = await tx
    .selectFrom("alerts")
    .innerJoin("customers", (join) =>
      join.onRef("customers.scope", "=", "alerts.scope").onRef("customers.id", "=", "alerts.customerId"),
    )
    .select(["alerts.id", "alerts.customerId"])
    .where("alerts.scope", "=", scope)
    .where("alerts.active", "=", ({ lit }) => lit(1))
    .where("alerts.kind", "=", "error")
    .whereRef("customers.changedAt", ">=", "alerts.evaluatedAt")
    .where("customers.absentSweeps", "=", 0)
    .orderBy("alerts.id")
    .execute();
  const due = new Map<string, number[]>();
  for (const { id, customerId } of rows) {
    if (seen !== undefined && !seen.has(customerId)) continue;
    due.set(customerId, [...(due.get(customerId) ?? []), id]);
  }
  return [...due].map(([customerId, alertIds]) => ({ customerId, alertIds }));
}

export interface Evaluation {
  readonly changed: readonly Alert[];
  /** Those of which the customer says nothing new. */
  readonly unchanged: readonly Alert[];
}

/** Holds alerts against what is known of their customers now, and owes what that changes (ALERTS 10, 11, 14). */
export async function evaluate(
  step: TransactionContext,
  at: ReadingContext,
  alerts: readonly Alert[],
): Promise<Evaluation> {
  const ids = [...new Set(alerts.map(({ key }) => key.customerId))];
  const records = await readRecordsById(step.tx, at.scope, ids);
  const moment = observationContext(step, at);
  const [changed, unchanged]: [Alert[], Alert[]] = [[], []];
  for (const alert of alerts) {
    const known = records.get(alert.key.customerId);
    if (known === undefined) continue;
    const ageMs = step.now - (known.since[alert.key.item] ?? step.now);
    const sighting = observationOf(alert.key, known.customer, ageMs);
    const after = applyObservation(alert, sighting, moment);
    if (after !== undefined && after !== alert) changed.push(after);
    // An item that a look has missed waits for the next sweep, as only those count who is absent.
    else if (sighting.class !== "absent") unchanged.push(alert);
  }
  await writeAlerts(step.tx, changed, step.now);
  await reconcileAlerts(step, changed);
  return { changed, unchanged };
}

/** The customers of which an item is missing once too often: it is to be looked up before it counts as removed (ALERTS 14). */
export const missedTwice = (alerts: readonly Alert[]): readonly string[] =>
  alerts.filter(({ absentSweeps, state }) => absentSweeps > 1 && state !== "closed").map(({ key }) => key.customerId);
