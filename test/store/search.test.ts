import fc from "fast-check";
import { expect, test } from "vitest";
import { compareTexts } from "../../src/domain/customers/compare-text.ts";
import { type Customer, classOf } from "../../src/domain/customers/customer.ts";
import { matches } from "../../src/domain/customers/predicate.ts";
import type { CustomerRecord } from "../../src/domain/customers/record.ts";
import { compareBy, parseSort } from "../../src/domain/customers/sort.ts";
import { codesIn } from "../../src/domain/customers/transition.ts";
import type { ScopedFilter, SnapshotSummary } from "../../src/domain/ports/snapshot.ts";
import type { Store } from "../../src/domain/ports/store.ts";
import { fieldFilter } from "../support/alert-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { SECOND } from "../support/time.ts";
import { customerLists, filter, sort, text } from "./customer-arbitraries.ts";
import { readAll } from "./read-all.ts";
import { acquireFence, customer, recordPage } from "./sweep-fixtures.ts";

const NOW = 60 * SECOND;

/** Reads a world into a scope, customer by customer, a second apart, and names some of the organisations. */
async function settle(
  { leases, writer, snapshot }: Store,
  { scope, customers, names }: { scope: string; customers: readonly Customer[]; names: readonly string[] },
): Promise<readonly CustomerRecord[]> {
  const fence = await leases.acquire(scope, "ada", 0, SECOND);
  if (fence === undefined) throw new Error("The lease is taken.");
  for (const [index, name] of names.entries()) await writer.saveNames([{ orgId: `o${index + 1}`, name }], 1);
  for (const [index, customer] of customers.entries()) {
    await recordPage({ writer }, fence, [customer], index * SECOND);
  }
  return Promise.all(customers.map(async ({ id }) => only(await snapshot.get(scope, id))));
}

function only<T>(list: readonly T[]): T {
  const [one] = list;
  if (one === undefined || list.length > 1) throw new Error(`There are ${list.length}.`);
  return one;
}

/** The expected summary of these records, counted by hand. */
function summaryOf(records: readonly CustomerRecord[]): SnapshotSummary {
  const customers = records.map((record) => record.customer);
  const items = customers.flatMap(({ packages, addOns }) => [...packages, ...addOns]);
  const count = (name: string, kind: string) =>
    items.filter((item) => item.name === name && classOf(item.status) === kind).length;
  const names = [...new Set(items.map(({ name }) => name))].sort(compareTexts);
  return {
    total: customers.length,
    byStatus: counted(customers.map(({ status }) => status)),
    byPackage: names.map((name) => ({
      name,
      bad: count(name, "bad"),
      moving: count(name, "moving"),
      good: count(name, "good"),
    })),
    byCode: counted(customers.flatMap((customer) => [...new Set(codesAnywhere(customer))])),
  };
}

const codesAnywhere = ({ packages, addOns, problems }: Customer) =>
  [...packages, ...addOns, { problems }].flatMap((one) => codesIn(one.problems)).map(String);

/** Commonest first, and by name among equals. */
function counted(keys: readonly string[]): SnapshotSummary["byStatus"] {
  return [...new Set(keys)]
    .map((value) => ({ value, customers: keys.filter((other) => other === value).length }))
    .sort((a, b) => b.customers - a.customers || compareTexts(a.value, b.value));
}

const idsOf = (records: readonly CustomerRecord[]) => records.map(({ customer }) => customer.id);

onEveryDatabase((database) => {
  test("what is found is what the filter means, in the order that was asked, and all of it", async () => {
    const store = await database.open();
    let round = 0;
    const question = fc.record({ filter, sort });
    const names = fc.array(text, { maxLength: 2 });
    await fc.assert(
      fc.asyncProperty(
        customerLists,
        names,
        fc.array(question, { minLength: 5, maxLength: 12 }),
        async (customers, named, asked) => {
          const scope = `scope ${round++}`;
          const records = await settle(store, { scope, customers, names: named });
          for (const one of asked) {
            const expected = records
              .filter((record) => matches(one.filter, record, NOW))
              .sort(compareBy(parseSort(one.sort)));
            const query = { filter: one.filter, now: NOW, ...(one.sort !== undefined && { sort: one.sort }) };
            const found = await store.snapshot.find(scope, { ...query, offset: 0, max: 100 });
            expect(idsOf(found.records)).toEqual(idsOf(expected));
            expect(found).toEqual({ records: expected, total: expected.length });
            const page = await store.snapshot.find(scope, { ...query, offset: 1, max: 2 });
            expect(page).toEqual({ records: expected.slice(1, 3), total: expected.length });
            const streamed = await readAll(store.snapshot.stream(scope, query));
            expect(idsOf(streamed)).toEqual(idsOf(expected));
            expect(await store.snapshot.summary(scope, one.filter, NOW)).toEqual(summaryOf(expected));
          }
        },
      ),
      propertyRuns(30),
    );
  });

  test("customers that no filter matches are counted, also where filters are of another scope, or many", async () => {
    const store = await database.open();
    const fenceOf = async (scope: string) => acquireFence(store, { scope });
    const ids = ["a", "b", "c", "d"];
    await recordPage(
      store,
      await fenceOf(""),
      ids.map((id) => customer(id)),
      NOW,
    );
    await recordPage(
      store,
      await fenceOf("north"),
      ["b", "c"].map((id) => customer(id)),
      NOW,
    );
    const byId = (id: string, scope = "") => ({ scope, filter: fieldFilter("externalId", `ext-${id}`) });
    const count = (...filters: readonly ScopedFilter[]) => store.snapshot.countUnmatched(filters, NOW);
    expect(await count()).toBe(4);
    expect(await count(byId("a"))).toBe(3);
    expect(await count(byId("a"), byId("b", "north"))).toBe(2);
    expect(await count(byId("a", "north"))).toBe(4);
    expect(await count({ scope: "north", filter: [] })).toBe(2);
    expect(await count({ scope: "", filter: [] })).toBe(0);
    const many = Array.from({ length: 1_200 }, (_, i) => byId(`x${i}`));
    expect(await count(...many, byId("d"))).toBe(3);
  });
});
