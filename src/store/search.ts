import {
  type Expression,
  type ExpressionBuilder,
  type Kysely,
  type ReferenceExpression,
  type SqlBool,
  sql,
} from "kysely";
import { foldCase } from "../domain/customers/compare-text.ts";
import type { Filter, Term } from "../domain/customers/filter.ts";
import type { FieldOf, Value } from "../domain/customers/filter-fields.ts";
import { type CustomerTerm, comparable, type ItemTerm, isOf, splitFilter } from "../domain/customers/predicate.ts";
import type { CustomerRecord } from "../domain/customers/record.ts";
import { sinceTime } from "../domain/customers/since.ts";
import { parseSort, type Sort, type SortField } from "../domain/customers/sort.ts";
import { WHOLE_TOKEN } from "../domain/customers/sweep.ts";
import type { ScopedFilter, SnapshotQuery } from "../domain/ports/snapshot.ts";
import { chunksOf, IDS_PER_STATEMENT } from "./chunks.ts";
import { CUSTOMER_POSITION, type CustomerHeader, readRecords } from "./records.ts";
import type { Tables } from "./schema.ts";

/** A row that was found, with its sort keys. */
interface FoundRow extends CustomerHeader {
  readonly first: string | number;
  readonly titleKey: string;
  readonly id: string;
}

const SORT_COLUMNS = {
  name: "titleKey",
  status: "statusKey",
  externalId: "externalIdKey",
  country: "countryKey",
  city: "cityKey",
  changed: "changedAt",
} as const satisfies Record<SortField, keyof Tables["customers"]>;

/** The rows of the first read: often all matches, and they usually contain the requested page. */
const FIRST_READ_SIZE = 200;

export async function findRecords(
  db: Kysely<Tables>,
  scope: string,
  { filter, sort, offset, max, now }: SnapshotQuery,
): Promise<{ readonly records: readonly CustomerRecord[]; readonly total: number }> {
  const asked = { scope, filter, now };
  const by = parseSort(sort);
  const head = await sortedCustomers(db, asked, by).limit(FIRST_READ_SIZE).execute();
  const isAll = head.length < FIRST_READ_SIZE;
  const total = isAll ? head.length : await countMatches(db, asked);
  const isInHead = isAll || offset + max <= FIRST_READ_SIZE;
  const rows = isInHead
    ? head.slice(offset, offset + max)
    : await sortedCustomers(db, asked, by).limit(max).offset(offset).execute();
  return { records: await readRecords(db, rows), total };
}

async function countMatches(db: Kysely<Tables>, asked: CustomerQuery): Promise<number> {
  const { total } = await db
    .selectFrom("customers")
    .select(({ fn }) => fn.countAll<number>().as("total"))
    .where(matching(asked))
    .executeTakeFirstOrThrow();
  return total;
}

/** A statement has a limit of nesting, so that many filters are excluded some at a time. */
const FILTERS_AT_ONCE = 50;

export async function countUnmatched(
  db: Kysely<Tables>,
  filters: readonly ScopedFilter[],
  now: number,
): Promise<number> {
  const isWhole = ({ scope }: ScopedFilter) => scope === WHOLE_TOKEN;
  const own = filters.filter(isWhole);
  const bound = filters.filter((one) => !isWhole(one));
  const { total } = await db
    .selectFrom("customers")
    .select(({ fn }) => fn.countAll<number>().as("total"))
    .where("customers.scope", "=", WHOLE_TOKEN)
    .where((is) =>
      is.and([
        ...chunksOf(own, FILTERS_AT_ONCE).map((some) =>
          is.not(is.or(some.map((one) => matching({ ...one, now })(is)))),
        ),
        ...bound.map((one) => is.not(is("customers.id", "in", idsMatching(is, { ...one, now })))),
      ]),
    )
    .executeTakeFirstOrThrow();
  return total;
}

const idsMatching = (is: Customers, asked: CustomerQuery) =>
  is.selectFrom("customers").select("customers.id").where(matching(asked));

/** The rows of one page of a stream; their records are read in chunks of `IDS_PER_STATEMENT`. */
const STREAM_PAGE_SIZE = 5000;

/** Each page begins after the last row of the page before, so that no transaction stays open and no row is skipped. */
export async function* streamRecords(
  db: Kysely<Tables>,
  scope: string,
  { filter, sort, now }: Omit<SnapshotQuery, "offset" | "max">,
): AsyncIterable<CustomerRecord> {
  const asked = { scope, filter, now };
  const by = parseSort(sort);
  let rows: readonly FoundRow[] = await sortedCustomers(db, asked, by).limit(STREAM_PAGE_SIZE).execute();
  for (;;) {
    for (const chunk of chunksOf(rows, IDS_PER_STATEMENT)) yield* await readRecords(db, chunk);
    const last = rows.at(-1);
    if (last === undefined || rows.length < STREAM_PAGE_SIZE) return;
    rows = await sortedCustomers(db, asked, by)
      .where((is) => isAfter(is, by, last))
      .limit(STREAM_PAGE_SIZE)
      .execute();
  }
}

const sortedCustomers = (db: Kysely<Tables>, asked: CustomerQuery, { field, descending }: Sort) =>
  db
    .selectFrom("customers")
    .select(["rowId", "name", "firstSeenAt", "changedAt", "titleKey", "id", `${SORT_COLUMNS[field]} as first`])
    .where(matching(asked))
    .orderBy(SORT_COLUMNS[field], descending ? "desc" : "asc")
    .$if(field !== "name", (query) => query.orderBy("titleKey"))
    .orderBy("id");

function isAfter(is: ExpressionBuilder<Tables, "customers">, { field, descending }: Sort, mark: FoundRow) {
  const column = SORT_COLUMNS[field];
  const [beyond, fromHere] = descending ? (["<", "<="] as const) : ([">", ">="] as const);
  return is.and([
    // An index can use this condition. With the next one alone, each page would read from the first row.
    is(column, fromHere, mark.first),
    is.or([
      is(column, beyond, mark.first),
      is("titleKey", ">", mark.titleKey),
      is.and([is("titleKey", "=", mark.titleKey), is("id", ">", mark.id)]),
    ]),
  ]);
}

type Customers = ExpressionBuilder<Tables, "customers">;

export interface CustomerQuery {
  readonly scope: string;
  readonly filter: Filter;
  readonly now: number;
}

/** The customers of a scope that match a filter, exactly those that the domain's `matches` accepts. */
export const matching =
  ({ scope, filter, now }: CustomerQuery) =>
  (is: Customers): Expression<SqlBool> => {
    const { items, customer } = splitFilter(filter);
    const wanted = items.filter((term) => !term.negated);
    const unwanted = items.filter((term) => term.negated);
    return is.and([
      is("customers.scope", "=", scope),
      ...customer.map((term) => customerMatches(is, term, now)),
      ...(wanted.length > 0 ? [is("customers.rowId", "in", customersMatchingAll(is, scope, wanted))] : []),
      ...unwanted.map((term) => is.not(is.exists(customersMatchingAny(is, term)))),
    ]);
  };

function customerMatches(is: Customers, term: CustomerTerm, now: number): Expression<SqlBool> {
  const anyValueMatches = CUSTOMER_SQL[term.field](is, term, now);
  return term.negated ? is.not(anyValueMatches) : anyValueMatches;
}

type CustomerSql = (is: Customers, term: Term, now: number) => Expression<SqlBool>;

/** The SQL condition that any value of a term matches, for each field of a customer. */
const CUSTOMER_SQL: Readonly<Record<FieldOf<"customer">, CustomerSql>> = {
  status: inColumn("statusKey"),
  externalId: inColumn("externalId"),
  orgId: inColumn("orgId"),
  name: nameMatches,
  country: inColumn("countryKey"),
  state: inColumn("stateKey"),
  city: inColumn("cityKey"),
  zip: inColumn("zipKey"),
  since: changedSince,
  text: containsAny,
};

function inColumn(column: ReferenceExpression<Tables, "customers">): CustomerSql {
  return (is, term) => matchesAnyValue(is, column, term);
}

/** The column of `items` for each field of a package. */
const ITEM_COLUMNS = {
  package: "items.nameKey",
  "package.status": "items.statusKey",
} as const satisfies Record<FieldOf<"item">, ReferenceExpression<Tables, "items">>;

/** The customers with a package that meets all these terms; a code may be one of that package or of the customer itself. */
function customersMatchingAll(is: Customers, scope: string, terms: readonly ItemTerm[]) {
  const codes = terms.filter(isOf("code"));
  const others = terms.filter(isOf("item"));
  return others.length === 0
    ? customersMatchingCodes(is, scope, codes)
    : customersMatchingItem(is, scope, { others, codes });
}

interface ItemTerms {
  readonly others: readonly Term<FieldOf<"item">>[];
  readonly codes: readonly Term<FieldOf<"code">>[];
}

function customersMatchingItem(is: Customers, scope: string, { others, codes }: ItemTerms) {
  return is
    .selectFrom("items")
    .select("items.customerRowId")
    .where("items.scope", "=", scope)
    .where((item) =>
      item.and([
        ...others.map((term) => matchesAnyValue(item, ITEM_COLUMNS[term.field], term)),
        // The first condition finds the few customers with the code by an index, the second compares positions.
        ...codes.map((term) => item("items.customerRowId", "in", customersWithCode(item, scope, term))),
        ...codes.map((term) => item.exists(codeAtPosition(item, term))),
      ]),
    );
}

const customersWithCode = (is: ExpressionBuilder<Tables, "items">, scope: string, term: Term) =>
  is
    .selectFrom("codes")
    .select("codes.customerRowId")
    .where("codes.scope", "=", scope)
    .where((code) => matchesAnyValue(code, "codes.code", term));

const codeAtPosition = (is: ExpressionBuilder<Tables, "items">, term: Term) =>
  is
    .selectFrom("codes")
    .select("codes.code")
    .whereRef("codes.customerRowId", "=", "items.customerRowId")
    .where((code) =>
      code.and([
        code.or([
          code("codes.position", "=", CUSTOMER_POSITION),
          code("codes.position", "=", code.ref("items.position")),
        ]),
        matchesAnyValue(code, "codes.code", term),
      ]),
    );

/**
 * The same for codes alone, which may also all be codes of the customer itself: one code at a position (`here`) meets a
 * term, and each term is met by a code at the same position or of the customer.
 */
function customersMatchingCodes(is: Customers, scope: string, terms: ItemTerms["codes"]) {
  const values = terms.flatMap((term) => term.values);
  return is
    .selectFrom("codes as here")
    .select("here.customerRowId")
    .where("here.scope", "=", scope)
    .where((here) => matchesAnyValue(here, "here.code", { field: "code", values }))
    .$if(terms.length > 1, (query) =>
      query.where((here) =>
        here.and(
          terms.map((term) =>
            here.exists(
              here
                .selectFrom("codes as there")
                .select("there.code")
                .whereRef("there.customerRowId", "=", "here.customerRowId")
                .where((there) =>
                  there.and([
                    there.or([
                      there("there.position", "=", CUSTOMER_POSITION),
                      there("there.position", "=", there.ref("here.position")),
                    ]),
                    matchesAnyValue(there, "there.code", term),
                  ]),
                ),
            ),
          ),
        ),
      ),
    );
}

/** Rows of the customer that meet a term: packages, or for a code any position. */
function customersMatchingAny(is: Customers, term: ItemTerm) {
  if (isOf("item")(term)) {
    return is
      .selectFrom("items")
      .select("items.customerRowId")
      .whereRef("items.customerRowId", "=", "customers.rowId")
      .where((item) => matchesAnyValue(item, ITEM_COLUMNS[term.field], term));
  }
  return is
    .selectFrom("codes")
    .select("codes.customerRowId")
    .whereRef("codes.customerRowId", "=", "customers.rowId")
    .where((code) => matchesAnyValue(code, "codes.code", term));
}

/** The SQL condition that the column has one of the values. Both databases evaluate this the same way and can use an index. */
function matchesAnyValue<D, T extends keyof D>(
  is: ExpressionBuilder<D, T>,
  column: ReferenceExpression<D, T>,
  { field, values }: Pick<Term, "field" | "values">,
) {
  const texts = values.filter(({ prefix }) => !prefix).map(({ text }) => comparable(field, text));
  const prefixes = values.filter(({ prefix }) => prefix).map(({ text }) => comparable(field, text));
  return is.or([
    ...(texts.length > 0 ? [is(column, "in", texts)] : []),
    ...prefixes.map((prefix) => startsWith(is, column, prefix)),
  ]);
}

/** A prefix is a range: from itself up to the first text after all that begin with it. */
function startsWith<D, T extends keyof D>(
  is: ExpressionBuilder<D, T>,
  column: ReferenceExpression<D, T>,
  prefix: string,
) {
  const end = prefixEnd(prefix);
  return end === undefined ? is(column, ">=", prefix) : is.and([is(column, ">=", prefix), is(column, "<", end)]);
}

/** The prefix with its last character increased by one; undefined when no text comes after it. */
function prefixEnd(prefix: string): string | undefined {
  const chars = [...prefix];
  const last = chars.pop()?.codePointAt(0);
  if (last === undefined) return undefined;
  if (last === 0x10ffff) return prefixEnd(chars.join(""));
  // Surrogates, U+D800 to U+DFFF, are not characters.
  return chars.join("") + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1);
}

function changedSince(is: ExpressionBuilder<Tables, "customers">, { values }: Term, now: number) {
  const times = values.flatMap(({ text }) => sinceTime(text, now) ?? []);
  return times.length === 0 ? is.or([]) : is("changedAt", ">=", Math.min(...times));
}

function containsAny(is: ExpressionBuilder<Tables, "customers">, { values }: Term) {
  return is.or(values.map((value) => sql<SqlBool>`${is.ref("searchText")} like ${likePattern(value)} escape '\\'`));
}

/** A line break precedes each text in `searchText`, so a line break in the pattern finds the beginning of a text. */
export function likePattern({ text, prefix }: Value): string {
  const word = foldCase(text).replace(/[\\%_]/g, "\\$&");
  return prefix ? `%\n${word}%` : `%${word}%`;
}

/** The name is the first line of `searchText`. A customer with a name has it as its title, and titles have an index. */
function nameMatches(is: ExpressionBuilder<Tables, "customers">, { field, values }: Term) {
  const lines = values.map(({ text, prefix }) => `\n${comparable(field, text)}${prefix ? "" : "\n"}`);
  const isNamed = is.or(lines.map((line) => startsWith(is, "searchText", line)));
  return values.some(({ text }) => text === "")
    ? isNamed
    : is.and([isNamed, matchesAnyValue(is, "titleKey", { field, values })]);
}
