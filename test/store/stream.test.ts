import { expect, test } from "vitest";
import type { CustomerRecord } from "../../src/domain/customers/record.ts";
import { compareBy, parseSort } from "../../src/domain/customers/sort.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { readAll } from "./read-all.ts";
import { acquireFence, broken, customer, NOON, recordPage } from "./sweep-fixtures.ts";

/** More than a stream reads in one go, and many alike, so that a page ends among equals. */
const CROWD = Array.from({ length: 5200 }, (_, index) => {
  const id = `${(index * 7919) % 5200}`;
  return { ...(index % 9 === 0 ? broken(id) : customer(id)), externalId: `twins ${index >> 1}` };
});

const idsOf = (records: readonly CustomerRecord[]) => records.map((record) => record.customer.id);

onEveryDatabase((database) => {
  test("a stream of many has each once and in order, and so have pages wherever they begin", async () => {
    const store = await database.open();
    const fence = await acquireFence(store);
    for (let from = 0; from < CROWD.length; from += 400) {
      await recordPage(store, fence, CROWD.slice(from, from + 400), NOON + from);
    }
    for (const sort of ["name", "-name", "-status", "changed"]) {
      const query = { filter: [], sort, now: NOON };
      const all = await readAll(store.snapshot.stream("", query));
      expect(all).toHaveLength(CROWD.length);
      expect(idsOf(all)).toEqual(idsOf([...all].sort(compareBy(parseSort(sort)))));
      for (const offset of [0, 190, 195, 200, 5195, 5200]) {
        const { records, total } = await store.snapshot.find("", { ...query, offset, max: 10 });
        expect(total).toBe(CROWD.length);
        expect(idsOf(records)).toEqual(idsOf(all.slice(offset, offset + 10)));
      }
    }
  });

  test("what changes while a stream is read is neither said twice nor passed over", async () => {
    const store = await database.open();
    const fence = await acquireFence(store);
    for (let from = 0; from < CROWD.length; from += 400) {
      await recordPage(store, fence, CROWD.slice(from, from + 400));
    }
    const seen: string[] = [];
    for await (const record of store.snapshot.stream("", { filter: [], now: NOON })) {
      if (seen.length === 10) {
        await recordPage(
          store,
          fence,
          CROWD.slice(0, 9).map(({ id }) => broken(id)),
          NOON + 1,
        );
        await store.writer.remove(seen.slice(0, 5), NOON + 1, fence);
      }
      seen.push(record.customer.id);
    }
    expect(new Set(seen).size).toBe(seen.length);
    const untouched = CROWD.slice(9).map(({ id }) => id);
    expect(untouched.filter((id) => !seen.includes(id))).toEqual([]);
  });
});
