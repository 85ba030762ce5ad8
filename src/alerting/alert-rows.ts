import type { Insertable, Transaction } from "kysely";
import { type Alert, isActive } from "../domain/alerts/alert.ts";
import type { WatchingRoom } from "../domain/alerts/reconcile.ts";
import { writeAlertCodes } from "../store/alert-codes.ts";
import { chunksOf, IDS_PER_STATEMENT, ROWS_PER_STATEMENT } from "../store/chunks.ts";
import type { Tables } from "../store/schema.ts";
import type { Db, TransactionContext } from "./transaction.ts";

/** Inserts or replaces alerts. @param evaluatedAt when they were compared with their customers, epoch milliseconds */
export async function writeAlerts(
  db: Transaction<Tables>,
  alerts: readonly Alert[],
  evaluatedAt: number,
): Promise<void> {
  for (const chunk of chunksOf(alerts, ROWS_PER_STATEMENT)) {
    const rows = chunk.map((alert) => alertRow(alert, evaluatedAt));
    await db
      .insertInto("alerts")
      .values(rows)
      .onConflict((conflict) =>
        conflict.column("id").doUpdateSet((is) => ({
          state: is.ref("excluded.state"),
          tracked: is.ref("excluded.tracked"),
          acked: is.ref("excluded.acked"),
          ackUntil: is.ref("excluded.ackUntil"),
          changedAt: is.ref("excluded.changedAt"),
          evaluatedAt: is.ref("excluded.evaluatedAt"),
          alert: is.ref("excluded.alert"),
        })),
      )
      .execute();
  }
  await writeAlertCodes(db, alerts);
}

/** Alerts that count readings are evaluated by every reading, even if their customer has not changed. */
export const EVALUATE_ALWAYS = 0;

function alertRow(alert: Alert, evaluatedAt: number): Insertable<Tables["alerts"]> {
  const { id, key, state, openedAt, badSince, closedAt = 0, flapping, absentSweeps, drill = "" } = alert;
  const countsReadings = state === "healing" || flapping !== undefined || absentSweeps > 0;
  return {
    id,
    ...key,
    state,
    openedAt,
    drill,
    changedAt: Math.max(badSince, closedAt),
    tracked: isActive(alert) ? 1 : 0,
    ...ackColumns(alert),
    evaluatedAt: countsReadings ? EVALUATE_ALWAYS : evaluatedAt,
    alert: JSON.stringify(alert),
  };
}

const ackColumns = (alert: Alert) => ({
  acked: alert.ack === undefined ? 0 : 1,
  ackUntil: isActive(alert) ? (alert.ack?.until ?? null) : null,
});

/** Not by `writeAlerts`: `evaluatedAt` must stay, because this does not compare the alerts with their customers. */
export async function writeAcks(db: Transaction<Tables>, alerts: readonly Alert[]): Promise<void> {
  for (const alert of alerts) {
    await db
      .updateTable("alerts")
      .set({ alert: JSON.stringify(alert), ...ackColumns(alert) })
      .where("id", "=", alert.id)
      .execute();
  }
}

export const parseAlert = (json: string): Alert => JSON.parse(json);

export const parseAlerts = (rows: readonly { readonly alert: string }[]): readonly Alert[] =>
  rows.map(({ alert }) => parseAlert(alert));

/** In the order of their numbers, each once. */
export async function readAlerts(db: Db, ids: readonly number[]): Promise<readonly Alert[]> {
  const alerts: Alert[] = [];
  for (const chunk of chunksOf(inOrder(ids), IDS_PER_STATEMENT)) {
    const rows = await db.selectFrom("alerts").select("alert").where("id", "in", chunk).orderBy("id").execute();
    alerts.push(...parseAlerts(rows));
  }
  return alerts;
}

export const inOrder = (ids: readonly number[]): readonly number[] => [...new Set(ids)].sort((a, b) => a - b);

/** The alerts that are open, healing or flapping, and those that changed at `since` or later, without other rooms' drills. */
export async function readTrackedAlerts(
  db: Db,
  { scope, roomId }: Pick<WatchingRoom, "scope" | "roomId">,
  since?: number,
): Promise<readonly Alert[]> {
  const rows = await db
    .selectFrom("alerts")
    .select("alert")
    .where("scope", "=", scope)
    .where((is) =>
      // A literal: only then the database uses the partial index of tracked alerts.
      is.or([is("tracked", "=", is.lit(1)), ...(since === undefined ? [] : [is("changedAt", ">=", since)])]),
    )
    .where("drill", "in", ["", roomId])
    .orderBy("id")
    .execute();
  return parseAlerts(rows);
}

/** The last alert of each key of these customers if it is tracked or was closed at `since` or later; by `alertKeyText`. */
export async function readLastAlerts(
  db: Db,
  { scope, customerIds, since }: { scope: string; customerIds: readonly string[]; since: number },
): Promise<ReadonlyMap<string, Alert>> {
  const last = new Map<string, Alert>();
  for (const chunk of chunksOf([...new Set(customerIds)], IDS_PER_STATEMENT)) {
    const rows = await db
      .selectFrom("alerts")
      .select("alert")
      .where("scope", "=", scope)
      .where("customerId", "in", chunk)
      .where((is) => is.or([is("tracked", "=", is.lit(1)), is("changedAt", ">=", since)]))
      .orderBy("id")
      .execute();
    for (const alert of parseAlerts(rows)) last.set(alertKeyText(alert.key), alert);
  }
  return last;
}

export const alertKeyText = ({ scope, customerId, item, kind }: Alert["key"]): string =>
  JSON.stringify([scope, customerId, item, kind]);

/** Locks alerts until the transaction ends. Lock order: alerts before recipient queues. */
export async function lockAlerts(
  { tx, isSingleInstance }: TransactionContext,
  alertIds: readonly number[],
): Promise<void> {
  if (isSingleInstance) return;
  const ids = [...alertIds].sort((a, b) => a - b);
  for (const chunk of chunksOf(ids, IDS_PER_STATEMENT)) {
    await tx.selectFrom("alerts").select("id").where("id", "in", chunk).orderBy("id").forUpdate().execute();
  }
}

/** Takes `count` numbers from a sequence and returns the first. A rollback gives them back. */
export async function allocateNumbers(db: Transaction<Tables>, name: string, count: number): Promise<number> {
  const { last } = await db
    .insertInto("sequences")
    .values({ name, last: count })
    .onConflict((conflict) => conflict.column("name").doUpdateSet((is) => ({ last: is("sequences.last", "+", count) })))
    .returning("last")
    .executeTakeFirstOrThrow();
  return last - count + 1;
}
