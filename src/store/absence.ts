import { setImmediate } from "node:timers/promises";
import type { Kysely, Transaction } from "kysely";
import { ABSENT_SWEEPS } from "../domain/alerts/alert.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import { chunksOf, IDS_PER_STATEMENT } from "./chunks.ts";
import type { Tables } from "./schema.ts";

/** The customers whose count of absent sweeps changes, by row id. */
export interface Absence {
  readonly missed: readonly number[];
  readonly returned: readonly number[];
}

const ABSENCE_PAGE_SIZE = 2000;

/** Compares the stored customers with those that a sweep saw. Yields to the event loop between pages. */
export async function findAbsence(db: Kysely<Tables>, scope: Scope, seen: ReadonlySet<string>): Promise<Absence> {
  const [missed, returned]: [number[], number[]] = [[], []];
  for (let last: string | undefined = ""; last !== undefined; await setImmediate()) {
    const rows = await db
      .selectFrom("customers")
      .select(["rowId", "id", "absentSweeps"])
      .where("scope", "=", scope)
      .where("id", ">", last)
      .orderBy("id")
      .limit(ABSENCE_PAGE_SIZE)
      .execute();
    missed.push(...rows.filter(({ id }) => !seen.has(id)).map(({ rowId }) => rowId));
    returned.push(...rows.filter(({ id, absentSweeps }) => seen.has(id) && absentSweeps > 0).map(({ rowId }) => rowId));
    last = rows.length < ABSENCE_PAGE_SIZE ? undefined : rows.at(-1)?.id;
  }
  return { missed, returned };
}

/** Updates the counts; returns the ids that were absent from `ABSENT_SWEEPS` or more complete sweeps in a row. */
export async function countAbsence(
  db: Transaction<Tables>,
  scope: Scope,
  { missed, returned }: Absence,
): Promise<readonly string[]> {
  for (const rowIds of chunksOf(missed, IDS_PER_STATEMENT)) {
    await db
      .updateTable("customers")
      .set((is) => ({ absentSweeps: is("absentSweeps", "+", 1) }))
      .where("rowId", "in", rowIds)
      .execute();
  }
  for (const rowIds of chunksOf(returned, IDS_PER_STATEMENT)) {
    await db.updateTable("customers").set({ absentSweeps: 0 }).where("rowId", "in", rowIds).execute();
  }
  const rows = await db
    .selectFrom("customers")
    .select("id")
    .where("scope", "=", scope)
    .where("absentSweeps", ">=", ABSENT_SWEEPS)
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}
