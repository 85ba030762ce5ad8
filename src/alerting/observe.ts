import { type Alert, afterOf, hasChanged, hasReturned } from "../domain/alerts/alert.ts";
import type { AlertKind } from "../domain/alerts/kinds.ts";
import {
  applyObservation,
  lastAlertMatters,
  type ObservationContext,
  type Reading,
} from "../domain/alerts/lifecycle.ts";
import { type Observation, observationsOf } from "../domain/alerts/observation.ts";
import { isUnhealthy, statusesOf } from "../domain/customers/record.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import { chunksOf, IDS_PER_STATEMENT } from "../store/chunks.ts";
import type { CustomerChange } from "../store/pages.ts";
import { readRecordsById } from "../store/records.ts";
import { alertKeyText, allocateNumbers, readLastAlerts, writeAlerts } from "./alert-rows.ts";
import { oweEditsOfReturned } from "./card-edits.ts";
import { reconcileAlerts } from "./reconcile.ts";
import type { TransactionContext } from "./transaction.ts";
import { findVisibility } from "./visibility.ts";

/** The scope and the reading that a set of observations belongs to. */
export interface ReadingContext {
  readonly scope: Scope;
  readonly reading: Reading;
  /** True for errors that are older than the bot's first reading (ALERTS 15). */
  readonly baseline?: boolean;
  /** For how long nobody had read the API before (ALERTS 16). */
  readonly awayMs?: number | undefined;
}

/**
 * Opens alerts for the unhealthy customers among those of a page that changed (ALERTS 9, 12). A customer that has not changed
 * since the last reading costs nothing. During an outage they open as well (ALERTS 31).
 */
export async function observePage(
  ctx: TransactionContext,
  at: ReadingContext,
  changes: readonly CustomerChange[],
): Promise<void> {
  const unhealthy = changes.filter(({ customer }) => isUnhealthy(customer));
  if (unhealthy.length === 0) return;
  const { baselineAt } = await findVisibility(ctx.tx, at.scope);
  const observations = unhealthy.flatMap(({ customer, before }) => {
    const previous = statusesOf(before);
    return observationsOf({ customer, since: {} }, { scope: at.scope, kinds: ["error"], now: ctx.now }).map(
      (observation) => withPreviousStatus(observation, previous.get(observation.key.item)),
    );
  });
  await observe(ctx, { ...at, baseline: baselineAt === null }, observations);
}

function withPreviousStatus(observation: Observation, previousStatus: string | undefined): Observation {
  return previousStatus === undefined ? observation : { ...observation, previousStatus };
}

/** Applies observations to the last alerts of their keys, writes the alerts that changed, and reconciles them. */
async function observe(
  ctx: TransactionContext,
  at: ReadingContext,
  observations: readonly Observation[],
): Promise<void> {
  const { now, timings } = ctx;
  const { scope } = at;
  const customerIds = observations.map(({ key }) => key.customerId);
  const last = await readLastAlerts(ctx.tx, { scope, customerIds, since: now - lastAlertMatters(timings) });
  const context = observationContext(ctx, at);
  const observed = observations.flatMap((observation) => {
    const before = last.get(alertKeyText(observation.key));
    const after = applyObservation(before, observation, context);
    return after === undefined ? [] : [{ before, after }];
  });
  const changed = await withNumbers(ctx, observed.filter(hasChanged).map(afterOf));
  await writeAlerts(ctx.tx, changed, now);
  await reconcileAlerts(ctx, changed);
  await oweEditsOfReturned(ctx, observed.filter(hasReturned).map(afterOf));
}

export function observationContext(
  { now, timings }: TransactionContext,
  { reading, baseline = false, awayMs }: ReadingContext,
): ObservationContext {
  const { reopenMs } = timings;
  // An error of the baseline is older than the bot, so it is not late.
  const late = awayMs !== undefined && !baseline && { awayMs };
  return { now, reading, reopenMs, nextId: UNNUMBERED, baseline, ...late };
}

/** New alerts get their numbers together, once their count is known. */
const UNNUMBERED = 0;

async function withNumbers({ tx }: TransactionContext, alerts: readonly Alert[]): Promise<readonly Alert[]> {
  const count = alerts.filter(({ id }) => id === UNNUMBERED).length;
  if (count === 0) return alerts;
  let next = await allocateNumbers(tx, "alerts", count);
  return alerts.map((alert) => (alert.id === UNNUMBERED ? { ...alert, id: next++ } : alert));
}

/**
 * Opens alerts for all unhealthy customers of the scope, changed or not: after the first complete sweep (ALERTS 15).
 */
export async function observeAllUnhealthy(ctx: TransactionContext, at: ReadingContext): Promise<void> {
  const rows = await ctx.tx
    .selectFrom("customers")
    .select("id")
    .where("scope", "=", at.scope)
    .where("unhealthy", "=", ({ lit }) => lit(1))
    .where("absentSweeps", "=", 0)
    .orderBy("id")
    .execute();
  await observeCustomers(
    ctx,
    at,
    "error",
    rows.map(({ id }) => id),
  );
}

/** Opens alerts of one kind for these customers, as the snapshot has them. */
export async function observeCustomers(
  ctx: TransactionContext,
  at: ReadingContext,
  kind: AlertKind,
  customerIds: readonly string[],
): Promise<void> {
  for (const ids of chunksOf(customerIds, IDS_PER_STATEMENT)) {
    const records = [...(await readRecordsById(ctx.tx, at.scope, ids)).values()];
    const observations = records
      .flatMap((record) => observationsOf(record, { scope: at.scope, kinds: [kind], now: ctx.now }))
      .filter((observation) => observation.class === "bad");
    await observe(ctx, at, observations);
  }
}
