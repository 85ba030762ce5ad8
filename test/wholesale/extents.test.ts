import { expect, test } from "vitest";
import { createExtents } from "../../src/wholesale/extents.ts";
import { question } from "./api.ts";

const MINUTE = 60_000;
const errors = question({ statuses: ["error"] });
const stretch = (rows: number, hasMore: boolean) => ({ customers: [], unreadable: 0, rows, hasMore });

test("a list's length is known only once its end was reached", () => {
  const extents = createExtents(() => 0);
  extents.learn(errors, stretch(10, true));
  expect(extents.of(errors)).toMatchObject({ rows: 10, ended: false });
  extents.learn({ ...errors, offset: 10 }, stretch(2, false));
  expect(extents.of(errors)).toMatchObject({ rows: 12, ended: true });
  extents.learn(errors, stretch(10, true));
  expect(extents.of(errors)).toMatchObject({ rows: 12, ended: true });
});

test("a length is one question's own, and is forgotten after five minutes", () => {
  let now = 0;
  const extents = createExtents(() => now);
  extents.end(errors, 3);
  expect(extents.of({ ...errors, subpartner: "s" })).toBeUndefined();
  now = 4 * MINUTE;
  expect(extents.of(errors)).toMatchObject({ rows: 3 });
  now = 5 * MINUTE;
  expect(extents.of(errors)).toBeUndefined();
});

test("no more than five hundred lengths are remembered, the newest", () => {
  const extents = createExtents(() => 0);
  const all = Array.from({ length: 501 }, (_, index) => question({ orgId: `o-${index}` }));
  for (const query of all) extents.end(query, 1);
  expect(all.filter((query) => extents.of(query) === undefined)).toEqual(all.slice(0, 1));
});
