import type { Insertable, Kysely, Transaction } from "kysely";
import { type Alert, isActive } from "../domain/alerts/alert.ts";
import { chunksOf, IDS_PER_STATEMENT, ROWS_PER_STATEMENT } from "../store/chunks.ts";
import type { Tables } from "../store/schema.ts";
import { readAlert } from "./room-state.ts";
import type { TransactionContext } from "./transaction.ts";

/** Writes alerts whole, each over what was kept of it. @param judgedAt as of when their customers were held against them */
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
          active: is.ref("excluded.active"),
          acked: is.ref("excluded.acked"),
          changedAt: is.ref("excluded.changedAt"),
          evaluatedAt: is.ref("excluded.evaluatedAt"),
          alert: is.ref("excluded.alert"),
        })),
      )
      .execute();
  }
}

/** What counts sightings has to be judged by every reading, whether its customer changed or not. */
const EVALUATE_ALWAYS = 0;

function alertRow(alert: Alert, evaluatedAt: number): Insertable<Tables["alerts"]> {
  const { id, key, state, openedAt, badSince, closedAt = 0, flapping, absentSweeps, ack, drill = "" } = alert;
  const counts = state === "healing" || flapping !== undefined || absentSweeps > 0;
  return {
    id,
    ...key,
    state,
    openedAt,
    drill,
    changedAt: Math.max(badSince, closedAt),
    active: isActive(alert) || flapping !== undefined ? 1 : 0,
    acked: ack === undefined ? 0 : 1,
    evaluatedAt: counts ? EVALUATE_ALWAYS : evaluatedAt,
    alert: JSON.stringify(alert),
  };
}

/**
 * The last alert of each key of these customers, as far as it can still matter: it is active, or was closed since `since`, so
 * that it may be re-opened. By `keyText`.
 */
export async function readLastAlerts(
  db: Kysely<Tables>,
  { scope, customerIds, since }: { scope: string; customerIds: readonly string[]; since: number },
): Promise<ReadonlyMap<string, Alert>> {
  const last = new Map<string, Alert>();
  for (const chunk of chunksOf([...new Set(customerIds)], IDS_PER_STATEMENT)) {
    const rows = await db
      .selectFrom("alerts")
      .select("alert")
      .where("scope", "=", scope)
      .where("customerId", "in", chunk)
      .where((is) => is.or([is("active", "=", is.lit(1)), is("changedAt", ">=", since)]))
      .orderBy("id")
      .execute();
    for (const alert of rows.map((row) => readAlert(row.alert))) last.set(alertKeyText(alert.key), alert);
  }
  return last;
}

/** Nobody writes these alerts until the transaction ends. Before any line, as whoever writes alerts comes to lines last. */
export async function lockAlerts(
  { tx, isSingleInstance }: Pick<TransactionContext, "tx" | "isSingleInstance">,
  alertIds: readonly number[],
): Promise<void> {
  if (isSingleInstance) return;
  const ids = [...alertIds].sort((a, b) => a - b);
  for (const chunk of chunksOf(ids, IDS_PER_STATEMENT)) {
    await tx.selectFrom("alerts").select("id").where("id", "in", chunk).orderBy("id").forUpdate().execute();
  }
}

/** A key as one text. */
export const alertKeyText = ({ scope, customerId, item, kind }: Alert["key"]): string =>
  JSON.stringify([scope, customerId, item, kind]);

/** Gives away `count` numbers; the first of them. A transaction that fails gives them back. */
export async function allocateNumbers(db: Transaction<Tables>, name: string, count: number): Promise<number> {
  const { last } = await db
    .insertInto("sequences")
    .values({ name, last: count })
    .onConflict((conflict) => conflict.column("name").doUpdateSet((is) => ({ last: is("sequences.last", "+", count) })))
    .returning("last")
    .executeTakeFirstOrThrow();
  return last - count + 1;
}
