import type { Kysely, Selectable, Transaction } from "kysely";
import type { Scope } from "../domain/customers/sweep.ts";
import type { Transition } from "../domain/customers/transition.ts";
import type { HistoryQuery, TrendDay } from "../domain/ports/snapshot.ts";
import { chunksOf, ROWS_PER_STATEMENT } from "./chunks.ts";
import type { Tables } from "./schema.ts";

export async function writeTransitions(
  db: Kysely<Tables>,
  scope: string,
  transitions: readonly Transition[],
): Promise<void> {
  const rows = transitions.map(({ customerId, title, item, at, from, to, codes }) => ({
    scope,
    customerId,
    title,
    item,
    at,
    fromStatus: from ?? null,
    toStatus: to ?? null,
    codes: JSON.stringify(codes),
  }));
  for (const chunk of chunksOf(rows, ROWS_PER_STATEMENT)) await db.insertInto("transitions").values(chunk).execute();
}

/** Newest transitions first. */
export async function readHistory(
  db: Kysely<Tables>,
  scope: string,
  { customerId, since, max }: HistoryQuery,
): Promise<readonly Transition[]> {
  const rows = await db
    .selectFrom("transitions")
    .selectAll()
    .where("scope", "=", scope)
    .$if(customerId !== undefined, (query) => query.where("customerId", "=", customerId ?? ""))
    .$if(since !== undefined, (query) => query.where("at", ">=", since ?? 0))
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(max)
    .execute();
  return rows.map(readTransition);
}

function readTransition(row: Selectable<Tables["transitions"]>): Transition {
  const { customerId, title, item, at, fromStatus, toStatus, codes } = row;
  return {
    customerId,
    title,
    item,
    at,
    ...(fromStatus !== null && { from: fromStatus }),
    ...(toStatus !== null && { to: toStatus }),
    codes: JSON.parse(codes),
  };
}

const DAY = 24 * 3_600_000;

/** Replaces the counts of customers by status for the day (UTC) of `at`. Returns true if the day had none yet. */
export async function writeDailyCounts(db: Transaction<Tables>, scope: Scope, at: number): Promise<boolean> {
  const day = dayOf(at);
  const counts = await db
    .selectFrom("customers")
    .select(["status", ({ fn }) => fn.countAll<number>().as("customers")])
    .where("scope", "=", scope)
    .groupBy("status")
    .execute();
  const { numDeletedRows } = await db
    .deleteFrom("dailyCounts")
    .where("scope", "=", scope)
    .where("day", "=", day)
    .executeTakeFirst();
  const rows = counts.map((count) => ({ scope, day, ...count }));
  if (rows.length > 0) await db.insertInto("dailyCounts").values(rows).execute();
  return numDeletedRows === 0n;
}

export async function readTrend(
  db: Kysely<Tables>,
  scope: Scope,
  { days, now }: { readonly days: number; readonly now: number },
): Promise<readonly TrendDay[]> {
  const rows = await db
    .selectFrom("dailyCounts")
    .select(["day", "status as value", "customers"])
    .where("scope", "=", scope)
    .where("day", ">", dayOf(now - days * DAY))
    .where("day", "<=", dayOf(now))
    .orderBy("day")
    .orderBy("customers", "desc")
    .orderBy("status")
    .execute();
  return [...new Set(rows.map(({ day }) => day))].map((day) => ({
    day,
    byStatus: rows.filter((row) => row.day === day).map(({ value, customers }) => ({ value, customers })),
  }));
}

/** The day in UTC: `2026-11-23`. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
