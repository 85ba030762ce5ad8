import type { ExpressionBuilder, Kysely } from "kysely";
import { exact } from "../domain/customers/fold.ts";
import type { CustomerRecord } from "../domain/customers/record.ts";
import { readSort, type Sort, type SortField } from "../domain/customers/sort.ts";
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

export async function findRecords(
  db: Kysely<Tables>,
  scope: string,
  { filter, sort, offset, max, now }: SnapshotQuery,
): Promise<{ readonly records: readonly CustomerRecord[]; readonly total: number }> {
  const asked = { scope, filter, now };
  const { total } = await db
    .selectFrom("customers")
    .select(({ fn }) => fn.countAll<number>().as("total"))
    .where(matching(asked))
    .executeTakeFirstOrThrow();
  if (total <= offset) return { records: [], total };
  const rows = await sorted(db, asked, readSort(sort)).limit(max).offset(offset).execute();
  return { records: await readRecords(db, rows), total };
}

/** How many records a stream reads at a time. */
const PAGE = 500;

/** Each page begins behind the last row of the one before, so that no transaction stays open and no row is passed over. */
export async function* streamRecords(
  db: Kysely<Tables>,
  scope: string,
  { filter, sort, now }: Omit<SnapshotQuery, "offset" | "max">,
): AsyncIterable<CustomerRecord> {
  const by = readSort(sort);
  for (let mark: Mark | undefined, isFirst = true; isFirst || mark !== undefined; isFirst = false) {
    const behind = mark;
    const rows = await sorted(db, { scope, filter, now }, by)
      .$if(behind !== undefined, (query) => query.where((is) => isBehind(is, by, behind)))
      .limit(PAGE)
      .execute();
    yield* await readRecords(db, rows);
    mark = rows.length < PAGE ? undefined : rows.at(-1);
  }
}

const sorted = (db: Kysely<Tables>, asked: Matching, { field, descending }: Sort) =>
  db
    .selectFrom("customers")
    .select(["key", "name", "firstSeenAt", "changedAt", "titleKey", "id", `${COLUMNS[field]} as first`])
    .where(matching(asked))
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
      .where(column, "=", exact(anyId))
      .orderBy("titleKey")
      .orderBy("id")
      .execute();
    if (rows.length > 0) return readRecords(db, rows);
  }
  return [];
}
