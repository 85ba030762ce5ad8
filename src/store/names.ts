import type { Kysely, Transaction } from "kysely";
import { exact } from "../domain/customers/fold.ts";
import { namedColumns, readRecord } from "./records.ts";
import type { Tables } from "./schema.ts";

/**
 * Keeps the name of an organisation, and gives it to its customers in every scope: they are sorted and searched by it. A page
 * that is recorded at the same moment may still carry the old one; the next page with that customer puts it right.
 */
export async function writeName(
  db: Transaction<Tables>,
  orgId: string,
  naming: { readonly name: string | null; readonly namedAt: number },
): Promise<void> {
  const content = { name: naming.name, readAt: naming.namedAt };
  await db
    .insertInto("organisations")
    .values({ orgId: exact(orgId), ...content })
    .onConflict((conflict) => conflict.column("orgId").doUpdateSet(content))
    .execute();
  const rows = await db
    .selectFrom("customers")
    .innerJoin("customerData", "customerKey", "key")
    .select(["key", "name", "firstSeenAt", "changedAt", "customer", "since"])
    .where("orgId", "=", exact(orgId))
    .execute();
  for (const row of rows) {
    await db
      .updateTable("customers")
      .set(namedColumns(readRecord(row).customer, naming))
      .where("key", "=", row.key)
      .execute();
  }
}

/** Organisations whose name was not read since `notBefore`. */
export async function readNamesDue(
  db: Kysely<Tables>,
  scope: string,
  { notBefore, max }: { readonly notBefore: number; readonly max: number },
): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("customers")
    .select("orgId")
    .distinct()
    .where("scope", "=", scope)
    .where("namedAt", "<", notBefore)
    .where("orgId", "!=", "")
    .limit(max)
    .execute();
  return rows.map(({ orgId }) => orgId);
}
