import type { Kysely, Transaction } from "kysely";
import { keepCase } from "../domain/customers/compare-text.ts";
import { compiledQuery } from "./compiled.ts";
import { nameColumns, readRecord } from "./records.ts";
import type { Tables } from "./schema.ts";

/**
 * Writes the name of an organisation, also to its customers in every scope, which are sorted and searched by it. A page that
 * is recorded at the same time may write the old name again; the next page with that customer corrects it.
 */
export async function writeOrganisationName(
  db: Transaction<Tables>,
  orgId: string,
  naming: { readonly name: string | null; readonly nameReadAt: number },
): Promise<void> {
  const content = { name: naming.name, readAt: naming.nameReadAt };
  await db
    .insertInto("organisations")
    .values({ orgId: keepCase(orgId), ...content })
    .onConflict((conflict) => conflict.column("orgId").doUpdateSet(content))
    .execute();
  const rows = await db
    .selectFrom("customers")
    .innerJoin("customerData", "customerRowId", "rowId")
    .select(["rowId", "name", "firstSeenAt", "changedAt", "customer", "since"])
    .where("orgId", "=", keepCase(orgId))
    .execute();
  for (const row of rows) {
    await db
      .updateTable("customers")
      .set(nameColumns(readRecord(row).customer, naming))
      .where("rowId", "=", row.rowId)
      .execute();
  }
}

/** Organisations whose name was not read since `notBefore`. */
export async function readNamesDue(
  db: Kysely<Tables>,
  scope: string,
  { notBefore, max }: { readonly notBefore: number; readonly max: number },
): Promise<readonly string[]> {
  const rows = await dueNames(db, { scope, notBefore, max });
  return rows.map(({ orgId }) => orgId);
}

const dueNames = compiledQuery((db, { scope, notBefore, max }: { scope: string; notBefore: number; max: number }) =>
  db
    .selectFrom("customers")
    .select("orgId")
    .distinct()
    .where("scope", "=", scope)
    .where("nameReadAt", "<", notBefore)
    .where("orgId", "!=", "")
    .limit(max),
);
