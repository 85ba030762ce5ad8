import type { Kysely, Transaction } from "kysely";
import type { Scope } from "../domain/customers/sweep.ts";
import type { TrendDay } from "../domain/snapshot.ts";
import type { Tables } from "./schema.ts";

const DAY = 24 * 3_600_000;

/** Keeps how many customers are in which status today; the last tally of a day stands. True for the first one of it. */
export async function keepTally(db: Transaction<Tables>, scope: Scope, at: number): Promise<boolean> {
  const day = dayOf(at);
  const counts = await db
    .selectFrom("customers")
    .select(["status", ({ fn }) => fn.countAll<number>().as("customers")])
    .where("scope", "=", scope)
    .groupBy("status")
    .execute();
  const { numDeletedRows } = await db
    .deleteFrom("tallies")
    .where("scope", "=", scope)
    .where("day", "=", day)
    .executeTakeFirst();
  const rows = counts.map((count) => ({ scope, day, ...count }));
  if (rows.length > 0) await db.insertInto("tallies").values(rows).execute();
  return numDeletedRows === 0n;
}

export async function readTrend(
  db: Kysely<Tables>,
  scope: Scope,
  { days, now }: { readonly days: number; readonly now: number },
): Promise<readonly TrendDay[]> {
  const rows = await db
    .selectFrom("tallies")
    .select(["day", "status as key", "customers"])
    .where("scope", "=", scope)
    .where("day", ">", dayOf(now - days * DAY))
    .where("day", "<=", dayOf(now))
    .orderBy("day")
    .orderBy("customers", "desc")
    .orderBy("status")
    .execute();
  return [...new Set(rows.map(({ day }) => day))].map((day) => ({
    day,
    byStatus: rows.filter((row) => row.day === day).map(({ key, customers }) => ({ key, customers })),
  }));
}

/** The day in UTC: `2026-11-23`. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
