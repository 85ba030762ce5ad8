import { ABSENT_SWEEPS, type Alert, afterOf, hasChanged, hasReturned, isActive } from "../domain/alerts/alert.ts";
import { applyObservation } from "../domain/alerts/lifecycle.ts";
import { observationOf } from "../domain/alerts/observation.ts";
import { chunksOf, IDS_PER_STATEMENT } from "../store/chunks.ts";
import { readRecordsById } from "../store/records.ts";
import { EVALUATE_ALWAYS, parseAlerts, readAlerts, writeAlerts } from "./alert-rows.ts";
import { oweEditsOfReturned } from "./card-edits.ts";
import { observationContext, type ReadingContext } from "./observe.ts";
import { reconcileAlerts } from "./reconcile.ts";
import type { TransactionContext } from "./transaction.ts";
import { findVisibility } from "./visibility.ts";

/**
 * The end of a complete sweep or of a quick poll: its alerts are tried again, heal and close (ALERTS 5, 10, 11, 14).
 * @param seen the customers that the reading found; undefined for all of the snapshot that are not absent
 * @returns the customers of which an item with an alert was absent twice, to be looked up
 */
export async function resolve(
  ctx: TransactionContext,
  at: ReadingContext,
  seen: ReadonlySet<string> | undefined,
): Promise<readonly string[]> {
  const itemsAbsentTwice = new Set<string>();
  // All alerts of a customer are in one batch, because one may inhibit another.
  for (const customers of chunksOf(await readAlertsToEvaluate(ctx, at.scope, seen), IDS_PER_STATEMENT)) {
    const alerts = await resolveBatch(ctx, at, customers);
    for (const customerId of absentTwice(alerts)) itemsAbsentTwice.add(customerId);
  }
  return [...itemsAbsentTwice];
}

interface CustomerToEvaluate {
  readonly customerId: string;
  readonly alertIds: readonly number[];
}

/** The tracked alerts whose customer has changed since they were evaluated, and those that count readings; by customer. */
async function readAlertsToEvaluate(
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
    .where("alerts.tracked", "=", ({ lit }) => lit(1))
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

async function resolveBatch(
  ctx: TransactionContext,
  at: ReadingContext,
  customers: readonly CustomerToEvaluate[],
): Promise<readonly Alert[]> {
  const ids = customers.flatMap(({ alertIds }) => alertIds);
  const { changed, unchanged } = await evaluate(ctx, at, await readAlerts(ctx.tx, ids));
  await markEvaluated(ctx, unchanged);
  return changed;
}

interface Evaluation {
  readonly changed: readonly Alert[];
  /** Without the alerts whose item is absent. */
  readonly unchanged: readonly Alert[];
}

/**
 * Compares alerts with the present state of their customers, writes those that changed, and reconciles them. An alert whose item is
 * absent stays to be evaluated by every reading, whatever else changes about it: complete sweeps must count it (ALERTS 14).
 */
export async function evaluate(
  ctx: TransactionContext,
  at: ReadingContext,
  alerts: readonly Alert[],
): Promise<Evaluation> {
  const ids = [...new Set(alerts.map(({ key }) => key.customerId))];
  const records = await readRecordsById(ctx.tx, at.scope, ids);
  const context = observationContext(ctx, at);
  const evaluated = alerts.flatMap((before) => {
    const record = records.get(before.key.customerId);
    if (record === undefined) return [];
    const ageMs = ctx.now - (record.since[before.key.item] ?? ctx.now);
    const observation = observationOf(before.key, record.customer, ageMs);
    const after = applyObservation(before, observation, context) ?? before;
    return [{ before, after, evaluatedAt: observation.class === "absent" ? EVALUATE_ALWAYS : ctx.now }];
  });
  const changes = evaluated.filter(hasChanged);
  for (const evaluatedAt of [ctx.now, EVALUATE_ALWAYS]) {
    const written = changes.filter((change) => change.evaluatedAt === evaluatedAt);
    await writeAlerts(ctx.tx, written.map(afterOf), evaluatedAt);
  }
  const changed = changes.map(afterOf);
  await reconcileAlerts(ctx, changed);
  await oweEditsOfReturned(ctx, changes.filter(hasReturned).map(afterOf));
  const unchanged = evaluated.filter((one) => !hasChanged(one) && one.evaluatedAt !== EVALUATE_ALWAYS);
  return { changed, unchanged: unchanged.map(afterOf) };
}

/** These alerts are not evaluated again until their customer changes. */
async function markEvaluated({ tx, now }: TransactionContext, alerts: readonly Alert[]): Promise<void> {
  const ids = alerts.map(({ id }) => id);
  for (const chunk of chunksOf(ids, IDS_PER_STATEMENT)) {
    await tx
      .updateTable("alerts")
      .set({ evaluatedAt: now })
      .where("id", "in", chunk)
      // Alerts that count readings have 0 and keep it.
      .where("evaluatedAt", ">", 0)
      .execute();
  }
}

/** The customers of which an item with an alert was absent from two complete sweeps, to be looked up (ALERTS 14). */
export const absentTwice = (alerts: readonly Alert[]): readonly string[] =>
  alerts.filter((alert) => alert.absentSweeps >= ABSENT_SWEEPS && isActive(alert)).map(({ key }) => key.customerId);

/** Evaluates all tracked alerts of customers that were looked up by id; during an outage nothing is removed (ALERTS 14, 31). */
export async function evaluateLookedUp(
  ctx: TransactionContext,
  at: ReadingContext,
  customerIds: readonly string[],
): Promise<void> {
  const { outage } = await findVisibility(ctx.tx, at.scope);
  const alerts: Alert[] = [];
  for (const chunk of chunksOf(customerIds, IDS_PER_STATEMENT)) {
    const rows = await ctx.tx
      .selectFrom("alerts")
      .select("alert")
      .where("scope", "=", at.scope)
      .where("customerId", "in", chunk)
      .where("tracked", "=", ({ lit }) => lit(1))
      .orderBy("id")
      .execute();
    alerts.push(...parseAlerts(rows));
  }
  // A quick poll heals and removes nothing.
  const reading = outage === null ? at.reading : { ...at.reading, kind: "quick-poll" as const };
  await evaluate(ctx, { ...at, reading }, alerts);
}
