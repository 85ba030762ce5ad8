import type { Alert, AlertKind } from "../domain/alerts/alert.ts";
import { countNews } from "../domain/alerts/held-back.ts";
import { close, type Moment, type Reading, record } from "../domain/alerts/lifecycle.ts";
import { type Sighting, sightingsOf } from "../domain/alerts/sighting.ts";
import { isUnwell, statusesOf } from "../domain/customers/record.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import { chunksOf, IDS } from "../store/chunks.ts";
import type { News } from "../store/pages.ts";
import { recordsById } from "../store/records.ts";
import { keyText, lastAlerts, takeNumbers, writeAlerts } from "./alert-rows.ts";
import { settleAlerts } from "./reconcile.ts";
import type { Step } from "./transaction.ts";
import { findSight } from "./visibility.ts";

/** What a reading brings to the alerts of a scope. */
export interface Witnessing {
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
export async function witnessPage(step: Step, at: Witnessing, news: readonly News[]): Promise<void> {
  const unwell = news.filter(({ customer }) => isUnwell(customer));
  if (unwell.length === 0) return;
  const { baselineAt, blind } = await findSight(step.tx, at.scope);
  if (blind !== null) return;
  const sightings = unwell.flatMap(({ customer, before }) => {
    const from = statusesOf(before);
    return sightingsOf({ customer, since: {} }, { scope: at.scope, kinds: ERRORS, now: step.now }).map(
      (sighting) => withFrom(sighting, from.get(sighting.key.item)),
    );
  });
  const changed = await witness(step, { ...at, baseline: baselineAt === null }, sightings);
  await settleAlerts(step, changed);
}

function withFrom(sighting: Sighting, from: string | undefined): Sighting {
  return from === undefined ? sighting : { ...sighting, from };
}

/** Holds sightings against the last alert of their keys, and writes what that changes. Returns the alerts that changed. */
export async function witness(
  step: Step,
  at: Witnessing,
  sightings: readonly Sighting[],
): Promise<readonly Alert[]> {
  const { now, timings } = step;
  const { scope } = at;
  const customerIds = sightings.map(({ key }) => key.customerId);
  const last = await lastAlerts(step.tx, { scope, customerIds, since: now - timings.reopenMs });
  const moment = momentOf(step, at);
  const changed = sightings.flatMap((sighting) => {
    const before = last.get(keyText(sighting.key));
    const after = record(before, sighting, moment);
    return after === undefined || after === before ? [] : [after];
  });
  const numbered = await withNumbers(step, changed);
  await writeAlerts(step.tx, numbered, now);
  return numbered;
}

/** The moment of a sighting, before it is known how many numbers are needed. */
export function momentOf({ now, timings }: Step, { reading, baseline = false, awayMs }: Witnessing): Moment {
  const { reopenMs } = timings;
  // What was there before the bot was is not late.
  const late = awayMs !== undefined && !baseline && { awayMs };
  return { now, reading, reopenMs, nextId: UNNUMBERED, baseline, ...late };
}

const UNNUMBERED = 0;

async function withNumbers({ tx }: Step, alerts: readonly Alert[]): Promise<readonly Alert[]> {
  const count = alerts.filter(({ id }) => id === UNNUMBERED).length;
  if (count === 0) return alerts;
  let next = await takeNumbers(tx, "alerts", count);
  return alerts.map((alert) => (alert.id === UNNUMBERED ? { ...alert, id: next++ } : alert));
}

/** Customers that are gone for certain: their alerts end, though nothing has recovered (ALERTS 14). */
export async function closeRemoved(step: Step, scope: Scope, customerIds: readonly string[]): Promise<void> {
  const last = await lastAlerts(step.tx, { scope, customerIds, since: step.now });
  const closed = [...last.values()]
    .filter(({ state, flapping }) => state !== "closed" || flapping !== undefined)
    .map((alert) => close(alert, "customer removed", step.now));
  await writeAlerts(step.tx, closed, step.now);
  await settleAlerts(step, closed);
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
