import type { ExpressionBuilder, Kysely } from "kysely";
import { exact } from "../domain/customers/fold.ts";
import type { CustomerRecord } from "../domain/customers/record.ts";
import { compareBy, readSort, type Sort, type SortField } from "../domain/customers/sort.ts";
import type { SnapshotQuery } from "../domain/snapshot.ts";
import { chunksOf, IDS } from "./chunks.ts";
import { readRecord } from "./customer-rows.ts";
import { type Matching, matching } from "./filter.ts";
import type { Tables } from "./schema.ts";

/** Where a page of a stream ended: what its last row is sorted by. */
interface Mark {
  readonly first: string | number;
  readonly titleKey: string;
  readonly id: string;
}

const COLUMNS = {
  name: "titleKey",
  status: "statusKey",
  externalId: "externalIdKey",
  country: "countryKey",
  city: "cityKey",
  changed: "changedAt",
} as const satisfies Record<SortField, keyof Tables["customers"]>;

/**
 * Up to so many matches are picked out first and sorted then. Among more, walking along the order comes upon a page of them
 * soon; looking for few in that way would walk through all customers.
 */
const FEW = 3000;

export async function findRecords(
  db: Kysely<Tables>,
  scope: string,
  { filter, sort, offset, max, now }: SnapshotQuery,
): Promise<{ readonly records: readonly CustomerRecord[]; readonly total: number }> {
  const asked = { scope, filter, now };
  const total = await countMatches(db, asked);
  if (total <= offset) return { records: [], total };
  const rows = await sorted(db, asked, { ...readSort(sort), few: total <= FEW })
    .limit(max)
    .offset(offset)
    .execute();
  return { records: await readRecords(db, rows), total };
}

async function countMatches(db: Kysely<Tables>, asked: Matching): Promise<number> {
  const { total } = await db
    .selectFrom("customers")
    .select(({ fn }) => fn.countAll<number>().as("total"))
    .where(matching(asked))
    .executeTakeFirstOrThrow();
  return total;
}

/** How many rows a stream puts in order at a time; of these it reads as many records as `IDS` says. */
const PAGE = 5000;

/** Each page begins behind the last row of the one before, so that no transaction stays open and no row is passed over. */
export async function* streamRecords(
  db: Kysely<Tables>,
  scope: string,
  { filter, sort, now }: Omit<SnapshotQuery, "offset" | "max">,
): AsyncIterable<CustomerRecord> {
  const asked = { scope, filter, now };
  const by = { ...readSort(sort), few: (await countMatches(db, asked)) <= FEW };
  for (let mark: Mark | undefined, isFirst = true; isFirst || mark !== undefined; isFirst = false) {
    const behind = mark;
    const rows = await sorted(db, asked, by)
      .$if(behind !== undefined, (query) => query.where((is) => isBehind(is, by, behind)))
      .limit(PAGE)
      .execute();
    for (const chunk of chunksOf(rows, IDS)) yield* await readRecords(db, chunk);
    mark = rows.length < PAGE ? undefined : rows.at(-1);
  }
}

const sorted = (db: Kysely<Tables>, asked: Matching, { field, descending, few }: Sort & { few: boolean }) =>
  db
    .selectFrom("customers")
    .select(["key", "name", "firstSeenAt", "changedAt", "titleKey", "id", `${COLUMNS[field]} as first`])
    .where((is) =>
      few
        ? is("key", "in", is.selectFrom("customers").select("key").where(matching(asked)))
        : matching(asked)(is),
    )
    .orderBy(COLUMNS[field], descending ? "desc" : "asc")
    .$if(field !== "name", (query) => query.orderBy("titleKey"))
    .orderBy("id");

function isBehind(
  is: ExpressionBuilder<Tables, "customers">,
  { field, descending }: Sort,
  mark: Mark | undefined,
) {
  if (mark === undefined) return is.and([]);
  const column = COLUMNS[field];
  const [beyond, fromHere] = descending ? (["<", "<="] as const) : ([">", ">="] as const);
  return is.and([
    // What an index can use; the rest, alone, would begin at the beginning each time.
    is(column, fromHere, mark.first),
    is.or([
      is(column, beyond, mark.first),
      is("titleKey", ">", mark.titleKey),
      is.and([is("titleKey", "=", mark.titleKey), is("id", ">", mark.id)]),
    ]),
  ]);
}

interface Row {
  readonly key: number;
  readonly name: string | null;
  readonly firstSeenAt: number;
  readonly changedAt: number;
}

/** In the order of the rows. Read apart, so that rows that a page leaves out cost little. */
async function readRecords(db: Kysely<Tables>, rows: readonly Row[]): Promise<readonly CustomerRecord[]> {
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
