import type { Kysely } from "kysely";
import { exact } from "../domain/customers/fold.ts";
import type { CustomerRecord } from "../domain/customers/record.ts";
import { compareBy, readSort } from "../domain/customers/sort.ts";
import { chunksOf, IDS } from "./chunks.ts";
import { readRecord } from "./customer-rows.ts";
import type { Tables } from "./schema.ts";

/** What a row of `customers` adds to the data that is kept apart. */
export interface Named {
  readonly key: number;
  readonly name: string | null;
  readonly firstSeenAt: number;
  readonly changedAt: number;
}

/** In the order of the rows. Read apart, so that rows that a page leaves out cost little. */
export async function readRecords(
  db: Kysely<Tables>,
  rows: readonly Named[],
): Promise<readonly CustomerRecord[]> {
  const data = new Map<number, { readonly customer: string; readonly since: string }>();
  for (const chunk of chunksOf(rows, IDS)) {
    const some = await db
      .selectFrom("customerData")
      .selectAll()
      .where(
        "customerKey",
        "in",
        chunk.map(({ key }) => key),
      )
      .execute();
    for (const { customerKey, ...one } of some) data.set(customerKey, one);
  }
  return rows.flatMap((row) => {
    const one = data.get(row.key);
    return one === undefined ? [] : readRecord({ ...row, ...one });
  });
}

/** By the API's id, else the external id, else the organisation's. */
export async function getRecords(
  db: Kysely<Tables>,
  scope: string,
  anyId: string,
): Promise<readonly CustomerRecord[]> {
  if (anyId === "") return [];
  for (const column of ["id", "externalId", "orgId"] as const) {
    const rows = await db
      .selectFrom("customers")
      .select(["key", "name", "firstSeenAt", "changedAt"])
      .where("scope", "=", scope)
      .where(column, "=", column === "id" ? anyId : exact(anyId))
      .execute();
    // Sorted here: the database would walk through all customers in this order to find the few.
    if (rows.length > 0) return [...(await readRecords(db, rows))].sort(compareBy(readSort()));
  }
  return [];
}

/** The records of these customers, as far as they are kept. */
export async function recordsById(
  db: Kysely<Tables>,
  scope: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, CustomerRecord>> {
  const rows = [];
  for (const chunk of chunksOf(ids, IDS)) {
    const some = await db
      .selectFrom("customers")
      .innerJoin("customerData", "customerKey", "key")
      .select(["id", "name", "firstSeenAt", "changedAt", "customer", "since"])
      .where("scope", "=", scope)
      .where("id", "in", chunk)
      .orderBy("id")
      .execute();
    rows.push(...some);
  }
  return new Map(rows.map((row) => [row.id, readRecord(row)]));
}
