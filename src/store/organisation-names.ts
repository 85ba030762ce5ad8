import { type Kysely, sql, type Transaction } from "kysely";
import { keepCase } from "../domain/customers/compare-text.ts";
import type { OrganisationName } from "../domain/ports/wholesale.ts";
import { chunksOf, ROWS_PER_STATEMENT } from "./chunks.ts";
import { compiledCommand, compiledQuery } from "./compiled.ts";
import { elementsOf } from "./dialect.ts";
import { nameColumns, readRecord } from "./records.ts";
import type { Tables } from "./schema.ts";

/**
 * Writes the names of organisations, also to their customers in every scope, which are sorted and searched by them. A page that is
 * recorded at the same time may write an old name again; the next page with that customer corrects it.
 */
export async function writeOrganisationNames(
  tx: Transaction<Tables>,
  names: readonly OrganisationName[],
  now: number,
): Promise<void> {
  // Always in the same order, so that two instances wait for each other in no circle.
  const rows = [...new Map(names.map(({ orgId, name }) => [keepCase(orgId), name || null]))].sort();
  for (const chunk of chunksOf(rows, ROWS_PER_STATEMENT)) {
    const named = JSON.stringify(chunk);
    await upsertNames(tx, { named, now });
    await renameCustomers(tx, named, now);
    await markRead(tx, { named, now });
  }
}

/** @param named `[orgId, name]` of each, as JSON */
const upsertNames = compiledCommand((db, { named, now }: { named: string; now: number }) =>
  db
    .insertInto("organisations")
    .columns(["orgId", "name", "readAt"])
    .expression(
      db
        .selectFrom(elementsOf(db, named).as("given"))
        .select([
          orgIdOf.as("orgId"),
          sql<string | null>`given.value ->> 1`.as("name"),
          sql<number>`${now}`.as("readAt"),
        ])
        // Without a condition SQLite takes the conflict clause for one of a join.
        .where(sql<boolean>`true`),
    )
    .onConflict((conflict) =>
      conflict
        .column("orgId")
        .doUpdateSet(({ ref }) => ({ name: ref("excluded.name"), readAt: ref("excluded.readAt") })),
    ),
);

const orgIdOf = sql<string>`given.value ->> 0`;

const markRead = compiledCommand((db, { named, now }: { named: string; now: number }) =>
  db
    .updateTable("customers")
    .set({ nameReadAt: now })
    .where("orgId", "in", db.selectFrom(elementsOf(db, named).as("given")).select(orgIdOf.as("orgId"))),
);

/** Most names are as they were when they are read again, so the customers are compared first. */
async function renameCustomers(tx: Transaction<Tables>, named: string, now: number): Promise<void> {
  const renamed = (await withOtherName(tx, { named })).map((row) => {
    const { name, titleKey, searchText } = nameColumns(readRecord(row).customer, { name: row.name, nameReadAt: now });
    return [row.rowId, name, titleKey, searchText];
  });
  if (renamed.length > 0) await rename(tx, { renamed: JSON.stringify(renamed) });
}

/** The customers whose name is another one by now, with the new one. */
const withOtherName = compiledQuery((db, { named }: { named: string }) =>
  db
    .selectFrom("customers")
    .innerJoin("organisations", "organisations.orgId", "customers.orgId")
    .innerJoin("customerData", "customerRowId", "rowId")
    .select(["rowId", "organisations.name", "firstSeenAt", "changedAt", "customer", "since"])
    .where("customers.orgId", "in", db.selectFrom(elementsOf(db, named).as("given")).select(orgIdOf.as("orgId")))
    .whereRef("customers.name", "is distinct from", "organisations.name"),
);

const rename = compiledCommand((db, { renamed }: { renamed: string }) =>
  db
    .updateTable("customers")
    .from(elementsOf(db, renamed).as("renamed"))
    .set({
      name: sql<string | null>`renamed.value ->> 1`,
      titleKey: sql<string>`renamed.value ->> 2`,
      searchText: sql<string>`renamed.value ->> 3`,
    })
    .where("rowId", "=", sql<number>`cast(renamed.value ->> 0 as bigint)`),
);

/** Organisations whose name was not read since `notBefore`: first those of unhealthy customers, whom messages are about. */
export async function readNamesDue(
  db: Kysely<Tables>,
  scope: string,
  { notBefore, max }: { readonly notBefore: number; readonly max: number },
): Promise<readonly string[]> {
  const unhealthy = await namesDueOfUnhealthy(db, { scope, notBefore, max });
  const rows = unhealthy.length < max ? [...unhealthy, ...(await namesDue(db, { scope, notBefore, max }))] : unhealthy;
  return [...new Set(rows.map(({ orgId }) => orgId))].slice(0, max);
}

interface DueNames {
  readonly scope: string;
  readonly notBefore: number;
  readonly max: number;
}

const namesDue = compiledQuery((db, asked: DueNames) => selectNamesDue(db, asked));
const namesDueOfUnhealthy = compiledQuery((db, asked: DueNames) =>
  // A literal, because the planner uses a partial index only for a literal.
  selectNamesDue(db, asked).where("unhealthy", "=", ({ lit }) => lit(1)),
);

const selectNamesDue = (db: Kysely<Tables>, { scope, notBefore, max }: DueNames) =>
  db
    .selectFrom("customers")
    .select("orgId")
    .distinct()
    .where("scope", "=", scope)
    .where("nameReadAt", "<", notBefore)
    .where("orgId", "!=", "")
    .limit(max);
