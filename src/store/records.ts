import { createHash } from "node:crypto";
import type { Insertable, Kysely, Transaction } from "kysely";
import { type Customer, classOf, type Problem } from "../domain/customers/customer.ts";
import { exact, fold } from "../domain/customers/fold.ts";
import { type CustomerRecord, canonical, isUnwell } from "../domain/customers/record.ts";
import { compareBy, readSort, sortKey } from "../domain/customers/sort.ts";
import { codesIn } from "../domain/customers/transition.ts";
import { chunksOf, IDS, ROWS } from "./chunks.ts";
import type { CodeTable, CustomerTable, ItemTable, Tables } from "./schema.ts";

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

type Db = Transaction<Tables>;

/** Writes whole records, each over the one that was kept before, if any. */
export async function writeRecords(db: Db, scope: string, recorded: readonly Recorded[]): Promise<void> {
  for (const chunk of chunksOf(recorded, ROWS)) {
    const rows = chunk.map((one) => customerRow(scope, one));
    const [first] = rows;
    if (first === undefined) continue;
    const columns = Object.keys(first) as (keyof typeof first)[];
    const keys = await db
      .insertInto("customers")
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(["scope", "id"])
          .doUpdateSet((is) =>
            Object.fromEntries(columns.map((column) => [column, is.ref(`excluded.${column}`)])),
          ),
      )
      .returning(["key", "id"])
      .execute();
    const keyOf = new Map(keys.map(({ key, id }) => [id, key]));
    await writeParts(
      db,
      scope,
      chunk.flatMap(({ record }) => {
        const key = keyOf.get(record.customer.id);
        return key === undefined ? [] : { key, record };
      }),
    );
  }
}

interface Keyed {
  readonly key: number;
  readonly record: CustomerRecord;
}

async function writeParts(db: Db, scope: string, keyed: readonly Keyed[]): Promise<void> {
  const keys = keyed.map(({ key }) => key);
  await db.deleteFrom("items").where("customerKey", "in", keys).execute();
  await db.deleteFrom("codes").where("customerKey", "in", keys).execute();
  const parts = keyed.map(({ key, record }) => partRows(scope, key, record.customer));
  for (const items of chunksOf(
    parts.flatMap((one) => one.items),
    ROWS,
  )) {
    await db.insertInto("items").values(items).execute();
  }
  for (const codes of chunksOf(
    parts.flatMap((one) => one.codes),
    ROWS,
  )) {
    await db.insertInto("codes").values(codes).execute();
  }
  await db
    .insertInto("customerData")
    .values(keyed.map(({ key, record }) => ({ customerKey: key, ...dataOf(record) })))
    .onConflict((conflict) =>
      conflict.column("customerKey").doUpdateSet((is) => ({
        customer: is.ref("excluded.customer"),
        since: is.ref("excluded.since"),
      })),
    )
    .execute();
}

/** The place of what is wrong with the customer itself. */
export const WHOLE_PLACE = -1;

/** The name of an organisation, and when it was read; 0 for never. */
export interface Naming {
  readonly name: string | null;
  readonly namedAt: number;
}

/** Tells whether the API says the same of a customer as before. */
export const digestOf = (customer: Customer): string =>
  createHash("sha1").update(canonical(customer)).digest("base64");

export interface Recorded {
  readonly record: CustomerRecord;
  readonly digest: string;
  readonly naming: Naming;
}

export function customerRow(scope: string, { record, digest, naming }: Recorded): Insertable<CustomerTable> {
  const { customer, firstSeenAt, changedAt } = record;
  const { id, orgId, externalId, status, address } = customer;
  return {
    scope,
    id,
    status,
    digest,
    firstSeenAt,
    changedAt,
    absent: 0,
    orgId: exact(orgId),
    externalId: exact(externalId),
    externalIdKey: fold(externalId),
    statusKey: fold(status),
    countryKey: fold(address.country),
    stateKey: fold(address.state),
    cityKey: fold(address.city),
    zipKey: fold(address.zip),
    unwell: isUnwell(customer) ? 1 : 0,
    ...namedColumns(customer, naming),
  };
}

/** The columns that depend on the name. */
export function namedColumns(customer: Customer, { name, namedAt }: Naming) {
  const { name: _name, ...unnamed } = customer;
  const named: Customer = name === null ? unnamed : { ...unnamed, name };
  return {
    name,
    namedAt,
    titleKey: sortKey("name", named),
    search: [named.name, named.externalId, named.address.city].map((text) => `\n${fold(text)}`).join(""),
  };
}

interface Parts {
  readonly items: readonly Insertable<ItemTable>[];
  readonly codes: readonly Insertable<CodeTable>[];
}

/** The packages, then the add-ons, and the codes of both and of the customer itself. */
export function partRows(scope: string, customerKey: number, customer: Customer): Parts {
  const items = [...customer.packages, ...customer.addOns];
  const codesAt = (place: number, problems: readonly Problem[]) =>
    codesIn(problems).map((code) => ({ customerKey, place, scope, code: `${code}` }));
  return {
    items: items.map(({ name, status }, place) => ({
      customerKey,
      place,
      scope,
      name,
      nameKey: fold(name),
      statusKey: fold(status),
      class: classOf(status),
    })),
    codes: [
      ...codesAt(WHOLE_PLACE, customer.problems),
      ...items.flatMap(({ problems }, place) => codesAt(place, problems)),
    ],
  };
}

/** A customer without what PostgreSQL cannot hold in a text: NUL, and half a surrogate pair. */
export function storable(customer: Customer): Customer {
  const text = JSON.stringify(customer);
  if (!/\\u(?:0000|d[89a-f])/i.test(text)) return customer;
  return JSON.parse(text, (_key, value) => (typeof value === "string" ? storableText(value) : value));
}

export const storableText = (text: string): string => text.replace(/[\0\p{Cs}]/gu, "\ufffd");

/** The two columns of `customerData`. */
export const dataOf = ({ customer: { name: _name, ...customer }, since }: CustomerRecord) => ({
  customer: JSON.stringify(customer),
  since: JSON.stringify(since),
});

interface KeptRecord {
  readonly customer: string;
  readonly since: string;
  readonly name: string | null;
  readonly firstSeenAt: number;
  readonly changedAt: number;
}

export function readRecord({ customer, since, name, firstSeenAt, changedAt }: KeptRecord): CustomerRecord {
  const said: Customer = JSON.parse(customer);
  return {
    customer: name === null ? said : { ...said, name },
    firstSeenAt,
    changedAt,
    since: JSON.parse(since),
  };
}
