import { expect, test } from "vitest";
import { createListLengths } from "../../src/wholesale/multi-status.ts";
import { MINUTE } from "../support/time.ts";
import { listQuery } from "./scripted-api.ts";

const errors = listQuery({ statuses: ["error"] });
const stretch = (rows: number, hasMore: boolean) => ({ customers: [], unreadable: 0, rows, hasMore });

test("a list's length is known only once its end was reached", () => {
  const extents = createListLengths(() => 0);
  extents.record(errors, stretch(10, true));
  expect(extents.get(errors)).toMatchObject({ rows: 10, isExact: false });
  extents.record({ ...errors, offset: 10 }, stretch(2, false));
  expect(extents.get(errors)).toMatchObject({ rows: 12, isExact: true });
  extents.record(errors, stretch(10, true));
  expect(extents.get(errors)).toMatchObject({ rows: 12, isExact: true });
});

test("a length is one question's own, and is forgotten after five minutes", () => {
  let now = 0;
  const extents = createListLengths(() => now);
  extents.recordEnd(errors, 3);
  expect(extents.get({ ...errors, subpartner: "s" })).toBeUndefined();
  now = 4 * MINUTE;
  expect(extents.get(errors)).toMatchObject({ rows: 3 });
  now = 5 * MINUTE;
  expect(extents.get(errors)).toBeUndefined();
});

test("no more than five hundred lengths are remembered, the newest", () => {
  const extents = createListLengths(() => 0);
  const all = Array.from({ length: 501 }, (_, index) => listQuery({ orgId: `o-${index}` }));
  for (const query of all) extents.recordEnd(query, 1);
  expect(all.filter((query) => extents.get(query) === undefined)).toEqual(all.slice(0, 1));
});
