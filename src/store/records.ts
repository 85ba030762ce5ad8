import type { Insertable, Kysely, Transaction } from "kysely";
import { foldCase, keepCase } from "../domain/customers/compare-text.ts";
import { type Customer, classOf, type Problem } from "../domain/customers/customer.ts";
import { type CustomerRecord, hasProblems, isUnhealthy } from "../domain/customers/record.ts";
import { compareBy, parseSort, sortKey } from "../domain/customers/sort.ts";
import { codesIn } from "../domain/customers/transition.ts";
import { chunksOf, IDS_PER_STATEMENT, ROWS_PER_STATEMENT } from "./chunks.ts";
import type { Tables } from "./schema.ts";
import type { CodeTable, CustomerTable, ItemTable } from "./snapshot-schema.ts";

/** The columns of `customers` that belong to a record; the rest is in `customerData`. */
export interface CustomerHeader {
  readonly rowId: number;
  readonly name: string | null;
  readonly firstSeenAt: number;
  readonly changedAt: number;
}

/** The records of these rows, in their order. `customerData` is read only for the rows of the page. */
export async function readRecords(
  db: Kysely<Tables>,
  rows: readonly CustomerHeader[],
): Promise<readonly CustomerRecord[]> {
  const data = new Map<number, { readonly customer: string; readonly since: string }>();
  for (const chunk of chunksOf(rows, IDS_PER_STATEMENT)) {
    const some = await db
      .selectFrom("customerData")
      .selectAll()
      .where(
        "customerRowId",
        "in",
        chunk.map(({ rowId }) => rowId),
      )
      .execute();
    for (const { customerRowId, ...one } of some) data.set(customerRowId, one);
  }
  return rows.flatMap((row) => {
    const one = data.get(row.rowId);
    return one === undefined ? [] : readRecord({ ...row, ...one });
  });
}

/** Searches by the id of the API, then by external id, then by organisation id. */
export async function readRecordsByAnyId(
  db: Kysely<Tables>,
  scope: string,
  anyId: string,
): Promise<readonly CustomerRecord[]> {
  if (anyId === "") return [];
  for (const column of ["id", "externalId", "orgId"] as const) {
    const rows = await db
      .selectFrom("customers")
      .select(["rowId", "name", "firstSeenAt", "changedAt"])
      .where("scope", "=", scope)
      .where(column, "=", column === "id" ? anyId : keepCase(anyId))
      .execute();
    // Sorted here: the database would read all customers in this order to find these few.
    if (rows.length > 0) return [...(await readRecords(db, rows))].sort(compareBy(parseSort()));
  }
  return [];
}

export async function readRecordsById(
  db: Kysely<Tables>,
  scope: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, CustomerRecord>> {
  const rows = [];
  for (const chunk of chunksOf(ids, IDS_PER_STATEMENT)) {
    const some = await db
      .selectFrom("customers")
      .innerJoin("customerData", "customerRowId", "rowId")
      .select(["id", "name", "firstSeenAt", "changedAt", "customer", "since"])
      .where("scope", "=", scope)
      .where("id", "in", chunk)
      .orderBy("id")
      .execute();
    rows.push(...some);
  }
  return new Map(rows.map((row) => [row.id, readRecord(row)]));
}

type Db = Transaction<Tables>;

/** Inserts or replaces whole records. */
export async function writeRecords(db: Db, scope: string, recorded: readonly RecordToWrite[]): Promise<void> {
  for (const chunk of chunksOf(recorded, ROWS_PER_STATEMENT)) {
    const rows = chunk.map((one) => customerRow(scope, one));
    const [first] = rows;
    if (first === undefined) continue;
    const columns = Object.keys(first) as (keyof typeof first)[];
    const inserted = await db
      .insertInto("customers")
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(["scope", "id"])
          .doUpdateSet((is) => Object.fromEntries(columns.map((column) => [column, is.ref(`excluded.${column}`)]))),
      )
      .returning(["rowId", "id"])
      .execute();
    const rowIdOf = new Map(inserted.map(({ rowId, id }) => [id, rowId]));
    await writeItemsAndCodes(
      db,
      scope,
      chunk.flatMap(({ record }) => {
        const rowId = rowIdOf.get(record.customer.id);
        return rowId === undefined ? [] : { rowId, record };
      }),
    );
  }
}

interface RecordWithRowId {
  readonly rowId: number;
  readonly record: CustomerRecord;
}

async function writeItemsAndCodes(db: Db, scope: string, stored: readonly RecordWithRowId[]): Promise<void> {
  const rowIds = stored.map(({ rowId }) => rowId);
  await db.deleteFrom("items").where("customerRowId", "in", rowIds).execute();
  await db.deleteFrom("codes").where("customerRowId", "in", rowIds).execute();
  const parts = stored.map(({ rowId, record }) => partRows(scope, rowId, record.customer));
  for (const items of chunksOf(
    parts.flatMap((one) => one.items),
    ROWS_PER_STATEMENT,
  )) {
    await db.insertInto("items").values(items).execute();
  }
  for (const codes of chunksOf(
    parts.flatMap((one) => one.codes),
    ROWS_PER_STATEMENT,
  )) {
    await db.insertInto("codes").values(codes).execute();
  }
  await db
    .insertInto("customerData")
    .values(stored.map(({ rowId, record }) => ({ customerRowId: rowId, ...dataColumns(record) })))
    .onConflict((conflict) =>
      conflict.column("customerRowId").doUpdateSet((is) => ({
        customer: is.ref("excluded.customer"),
        since: is.ref("excluded.since"),
      })),
    )
    .execute();
}

/** The position of the codes of the customer itself. */
export const CUSTOMER_POSITION = -1;

/** The name of an organisation, and when it was read, epoch milliseconds; 0 for never. */
export interface OrganisationName {
  readonly name: string | null;
  readonly nameReadAt: number;
}

export interface RecordToWrite {
  readonly record: CustomerRecord;
  readonly checksum: string;
  readonly organisationName: OrganisationName;
}

function customerRow(scope: string, { record, checksum, organisationName }: RecordToWrite): Insertable<CustomerTable> {
  const { customer, firstSeenAt, changedAt } = record;
  const { id, orgId, externalId, status, address } = customer;
  return {
    scope,
    id,
    status,
    checksum,
    firstSeenAt,
    changedAt,
    absentSweeps: 0,
    orgId: keepCase(orgId),
    externalId: keepCase(externalId),
    externalIdKey: foldCase(externalId),
    statusKey: foldCase(status),
    countryKey: foldCase(address.country),
    stateKey: foldCase(address.state),
    cityKey: foldCase(address.city),
    zipKey: foldCase(address.zip),
    unhealthy: isUnhealthy(customer) ? 1 : 0,
    hasProblems: hasProblems(customer) ? 1 : 0,
    ...nameColumns(customer, organisationName),
  };
}

/** The columns that depend on the name. */
export function nameColumns(customer: Customer, { name, nameReadAt }: OrganisationName) {
  const { name: _name, ...unnamed } = customer;
  const named: Customer = name === null ? unnamed : { ...unnamed, name };
  return {
    name,
    nameReadAt,
    titleKey: sortKey("name", named),
    searchText: [named.name, named.externalId, named.address.city].map((text) => `\n${foldCase(text)}`).join(""),
  };
}

interface Parts {
  readonly items: readonly Insertable<ItemTable>[];
  readonly codes: readonly Insertable<CodeTable>[];
}

/** The packages, then the add-ons, and the codes of both and of the customer itself. */
function partRows(scope: string, customerRowId: number, customer: Customer): Parts {
  const items = [...customer.packages, ...customer.addOns];
  const codesAt = (position: number, problems: readonly Problem[]) =>
    codesIn(problems).map((code) => ({ customerRowId, position, scope, code: `${code}` }));
  return {
    items: items.map(({ name, status }, position) => ({
      customerRowId,
      position,
      scope,
      name,
      nameKey: foldCase(name),
      statusKey: foldCase(status),
      class: classOf(status),
    })),
    codes: [
      ...codesAt(CUSTOMER_POSITION, customer.problems),
      ...items.flatMap(({ problems }, position) => codesAt(position, problems)),
    ],
  };
}

const dataColumns = ({ customer: { name: _name, ...customer }, since }: CustomerRecord) => ({
  customer: JSON.stringify(customer),
  since: JSON.stringify(since),
});

interface StoredRecord {
  readonly customer: string;
  readonly since: string;
  readonly name: string | null;
  readonly firstSeenAt: number;
  readonly changedAt: number;
}

export function readRecord({ customer, since, name, firstSeenAt, changedAt }: StoredRecord): CustomerRecord {
  const unnamed: Customer = JSON.parse(customer);
  return {
    customer: name === null ? unnamed : { ...unnamed, name },
    firstSeenAt,
    changedAt,
    since: JSON.parse(since),
  };
}
