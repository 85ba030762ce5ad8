import { setImmediate } from "node:timers/promises";
import type { Kysely, Transaction } from "kysely";
import { ABSENT_SWEEPS } from "../domain/alerts/alert.ts";
import type { Scope, Sweep } from "../domain/customers/sweep.ts";
import type { Absence } from "../domain/ports/snapshot.ts";
import { chunksOf, IDS_PER_STATEMENT } from "./chunks.ts";
import type { Tables } from "./schema.ts";
import { endOf, readLastComplete } from "./sweeps.ts";

const ABSENCE_PAGE_SIZE = 2000;

/**
 * Compares the stored customers with those that a sweep saw. Yields to the event loop between pages.
 * @param sweep.startedAt a customer that was seen first after it was not stored before
 */
export async function findAbsence(
  db: Kysely<Tables>,
  { scope, startedAt }: Pick<Sweep, "scope" | "startedAt">,
  seen: ReadonlySet<string>,
): Promise<Absence> {
  const complete = await readLastComplete(db, scope);
  const isKnown = (row: { readonly firstSeenAt: number; readonly absentSweeps: number }): boolean =>
    complete !== undefined && row.firstSeenAt <= endOf(complete) && row.absentSweeps === 0;
  const [missed, returned]: [Absence["missed"][number][], number[]] = [[], []];
  let known = 0;
  for (let last: string | undefined = ""; last !== undefined; await setImmediate()) {
    const rows = await db
      .selectFrom("customers")
      .select(["rowId", "id", "firstSeenAt", "absentSweeps"])
      .where("scope", "=", scope)
      .where("id", ">", last)
      .where("firstSeenAt", "<", startedAt)
      .orderBy("id")
      .limit(ABSENCE_PAGE_SIZE)
      .execute();
    known += rows.filter(isKnown).length;
    const absent = rows.filter(({ id }) => !seen.has(id));
    missed.push(...absent.map((row) => ({ rowId: row.rowId, id: row.id, isKnown: isKnown(row) })));
    returned.push(...rows.filter(({ id, absentSweeps }) => seen.has(id) && absentSweeps > 0).map(({ rowId }) => rowId));
    last = rows.length < ABSENCE_PAGE_SIZE ? undefined : rows.at(-1)?.id;
  }
  return { known, missed, returned };
}

/** Updates the counts; returns the ids that were absent from `ABSENT_SWEEPS` or more complete sweeps in a row. */
export async function countAbsence(
  db: Transaction<Tables>,
  scope: Scope,
  { missed, returned }: Absence,
): Promise<readonly string[]> {
  const missedRows = missed.map(({ rowId }) => rowId);
  for (const rowIds of chunksOf(missedRows, IDS_PER_STATEMENT)) {
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
