import { setImmediate } from "node:timers/promises";
import type { Kysely, Transaction } from "kysely";
import type { Scope } from "../domain/customers/sweep.ts";
import { chunksOf, IDS } from "./chunks.ts";
import type { Tables } from "./schema.ts";

/** Whose count of absences changes, by key. */
export interface Absence {
  readonly missed: readonly number[];
  readonly returned: readonly number[];
}

const PAGE = 2000;

/** Compares who is kept with who was seen, in pages between which the event loop goes on. */
export async function findAbsence(
  db: Kysely<Tables>,
  scope: Scope,
  seen: ReadonlySet<string>,
): Promise<Absence> {
  const [missed, returned]: [number[], number[]] = [[], []];
  for (let last: string | undefined = ""; last !== undefined; await setImmediate()) {
    const rows = await db
      .selectFrom("customers")
      .select(["key", "id", "absent"])
      .where("scope", "=", scope)
      .where("id", ">", last)
      .orderBy("id")
      .limit(PAGE)
      .execute();
    missed.push(...rows.filter(({ id }) => !seen.has(id)).map(({ key }) => key));
    returned.push(...rows.filter(({ id, absent }) => seen.has(id) && absent > 0).map(({ key }) => key));
    last = rows.length < PAGE ? undefined : rows.at(-1)?.id;
  }
  return { missed, returned };
}

/** Counts, and names those who have been absent twice or more often. */
export async function countAbsence(
  db: Transaction<Tables>,
  scope: Scope,
  { missed, returned }: Absence,
): Promise<readonly string[]> {
  for (const keys of chunksOf(missed, IDS)) {
    await db
      .updateTable("customers")
      .set((is) => ({ absent: is("absent", "+", 1) }))
      .where("key", "in", keys)
      .execute();
  }
  for (const keys of chunksOf(returned, IDS)) {
    await db.updateTable("customers").set({ absent: 0 }).where("key", "in", keys).execute();
  }
  const rows = await db
    .selectFrom("customers")
    .select("id")
    .where("scope", "=", scope)
    .where("absent", ">", 1)
    .orderBy("id")
    .execute();
  return rows.map(({ id }) => id);
}
