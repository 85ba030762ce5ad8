import { type Alert, countOpenedOrClosed } from "../domain/alerts/alert.ts";
import type { AlertKind } from "../domain/alerts/kinds.ts";
import { applyObservation, closeAlert, type ObservationContext, type Reading } from "../domain/alerts/lifecycle.ts";
import { type Observation, observationsOf } from "../domain/alerts/observation.ts";
import { isUnhealthy, statusesOf } from "../domain/customers/record.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import { chunksOf, IDS_PER_STATEMENT } from "../store/chunks.ts";
import type { CustomerChange } from "../store/pages.ts";
import { readRecordsById } from "../store/records.ts";
import { alertKeyText, allocateNumbers, readLastAlerts, writeAlerts } from "./alert-rows.ts";
import { reconcileAlerts } from "./reconcile.ts";
import type { TransactionContext } from "./transaction.ts";
import { findVisibility } from "./visibility.ts";

/** What a reading brings to the alerts of a scope. */
export interface ReadingContext {
  readonly scope: Scope;
  readonly reading: Reading;
  /** Whether what is bad was so before anybody looked (ALERTS 15). */
  readonly baseline?: boolean;
  /** For how long nobody had looked (ALERTS 16). */
  readonly awayMs?: number | undefined;
}

const ERRORS: readonly AlertKind[] = ["error"];

/**
 * The customers of a page that are news: what is bad of them opens (ALERTS 9, 12). One that has not changed since it was seen
 * last says nothing new, and costs nothing. While the scope is not seen as a whole, nothing opens (ALERTS 31).
 */
export async function observePage(
  step: TransactionContext,
  at: ReadingContext,
  news: readonly CustomerChange[],
): Promise<void> {
  const unhealthy = news.filter(({ customer }) => isUnhealthy(customer));
  if (unhealthy.length === 0) return;
  const { baselineAt, outage } = await findVisibility(step.tx, at.scope);
  if (outage !== null) return;
  const sightings = unhealthy.flatMap(({ customer, before }) => {
    const from = statusesOf(before);
    return observationsOf({ customer, since: {} }, { scope: at.scope, kinds: ERRORS, now: step.now }).map((sighting) =>
      withFrom(sighting, from.get(sighting.key.item)),
    );
  });
  const changed = await observe(step, { ...at, baseline: baselineAt === null }, sightings);
  await reconcileAlerts(step, changed);
}

function withFrom(sighting: Observation, previousStatus: string | undefined): Observation {
  return previousStatus === undefined ? sighting : { ...sighting, previousStatus };
}

/** Holds sightings against the last alert of their keys, and writes what that changes. Returns the alerts that changed. */
export async function observe(
  step: TransactionContext,
  at: ReadingContext,
  sightings: readonly Observation[],
): Promise<readonly Alert[]> {
  const { now, timings } = step;
  const { scope } = at;
  const customerIds = sightings.map(({ key }) => key.customerId);
  const last = await readLastAlerts(step.tx, { scope, customerIds, since: now - timings.reopenMs });
  const moment = observationContext(step, at);
  const changed = sightings.flatMap((sighting) => {
    const before = last.get(alertKeyText(sighting.key));
    const after = applyObservation(before, sighting, moment);
    return after === undefined || after === before ? [] : [after];
  });
  const numbered = await withNumbers(step, changed);
  await writeAlerts(step.tx, numbered, now);
  return numbered;
}

/** The moment of a sighting, before it is known how many numbers are needed. */
export function observationContext(
  { now, timings }: TransactionContext,
  { reading, baseline = false, awayMs }: ReadingContext,
): ObservationContext {
  const { reopenMs } = timings;
  // What was there before the bot was is not late.
  const late = awayMs !== undefined && !baseline && { awayMs };
  return { now, reading, reopenMs, nextId: UNNUMBERED, baseline, ...late };
}

const UNNUMBERED = 0;

async function withNumbers({ tx }: TransactionContext, alerts: readonly Alert[]): Promise<readonly Alert[]> {
  const count = alerts.filter(({ id }) => id === UNNUMBERED).length;
  if (count === 0) return alerts;
  let next = await allocateNumbers(tx, "alerts", count);
  return alerts.map((alert) => (alert.id === UNNUMBERED ? { ...alert, id: next++ } : alert));
}

/** Customers that are gone for certain: their alerts end, though nothing has recovered (ALERTS 14). */
export async function closeRemoved(
  step: TransactionContext,
  scope: Scope,
  customerIds: readonly string[],
): Promise<void> {
  const last = await readLastAlerts(step.tx, { scope, customerIds, since: step.now });
  const closed = [...last.values()]
    .filter(({ state, flapping }) => state !== "closed" || flapping !== undefined)
    .map((alert) => closeAlert(alert, "customer removed", step.now));
  await writeAlerts(step.tx, closed, step.now);
  await reconcileAlerts(step, closed);
}

/** Everybody who is unwell, whether anything changed or not: for the first time, or after a time without sight (ALERTS 15, 31). */
export async function observeAllUnhealthy(step: TransactionContext, at: ReadingContext): Promise<number> {
  const rows = await step.tx
    .selectFrom("customers")
    .select("id")
    .where("scope", "=", at.scope)
    .where("unhealthy", "=", ({ lit }) => lit(1))
    .where("absentSweeps", "=", 0)
    .orderBy("id")
    .execute();
  let changed = 0;
  for (const chunk of chunksOf(rows, IDS_PER_STATEMENT)) {
    const ids = chunk.map(({ id }) => id);
    const records = [...(await readRecordsById(step.tx, at.scope, ids)).values()];
    const sightings = records.flatMap((record) =>
      observationsOf(record, { scope: at.scope, kinds: ["error"], now: step.now }),
    );
    const alerts = await observe(
      step,
      at,
      sightings.filter((sighting) => sighting.class === "bad"),
    );
    await reconcileAlerts(step, alerts);
    changed += countOpenedOrClosed(alerts, step.now);
  }
  return changed;
}
