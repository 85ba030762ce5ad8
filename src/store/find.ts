import type { ExpressionBuilder, Kysely } from "kysely";
import type { CustomerRecord } from "../domain/customers/record.ts";
import { readSort, type Sort, type SortField } from "../domain/customers/sort.ts";
import type { SnapshotQuery } from "../domain/snapshot.ts";
import { chunksOf, IDS } from "./chunks.ts";
import { type Matching, matching } from "./filter.ts";
import { type Named, readRecords } from "./records.ts";
import type { Tables } from "./schema.ts";

/** A row that was found, with what it is sorted by. */
interface Row extends Named {
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

/** So many matches are read at once, in order: often they are all there are, and hold the page that is asked for. */
const HEAD = 200;

export async function findRecords(
  db: Kysely<Tables>,
  scope: string,
  { filter, sort, offset, max, now }: SnapshotQuery,
): Promise<{ readonly records: readonly CustomerRecord[]; readonly total: number }> {
  const asked = { scope, filter, now };
  const by = readSort(sort);
  const head = await inOrder(db, asked, by).limit(HEAD).execute();
  const isAll = head.length < HEAD;
  const total = isAll ? head.length : await countMatches(db, asked);
  const isInHead = isAll || offset + max <= HEAD;
  const rows = isInHead
    ? head.slice(offset, offset + max)
    : await inOrder(db, asked, by).limit(max).offset(offset).execute();
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
  const by = readSort(sort);
  let rows: readonly Row[] = await inOrder(db, asked, by).limit(PAGE).execute();
  for (;;) {
    for (const chunk of chunksOf(rows, IDS)) yield* await readRecords(db, chunk);
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    rows = await inOrder(db, asked, by)
      .where((is) => isBehind(is, by, last))
      .limit(PAGE)
      .execute();
  }
}

const inOrder = (db: Kysely<Tables>, asked: Matching, { field, descending }: Sort) =>
  db
    .selectFrom("customers")
    .select(["key", "name", "firstSeenAt", "changedAt", "titleKey", "id", `${COLUMNS[field]} as first`])
    .where(matching(asked))
    .orderBy(COLUMNS[field], descending ? "desc" : "asc")
    .$if(field !== "name", (query) => query.orderBy("titleKey"))
    .orderBy("id");

function isBehind(is: ExpressionBuilder<Tables, "customers">, { field, descending }: Sort, mark: Row) {
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
