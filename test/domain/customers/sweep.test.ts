import fc from "fast-check";
import { expect, test } from "vitest";
import { dueAfterOtherInstance, FULL_CRAWL_PAGE_SIZE, nextCrawlPageSize } from "../../../src/domain/customers/sweep.ts";

test("a walk that had trouble goes on with less, and grows back after three good pages", () => {
  let pace = nextCrawlPageSize(FULL_CRAWL_PAGE_SIZE, 25);
  const sizes = [pace.max];
  for (let page = 0; page < 7; page += 1) {
    pace = nextCrawlPageSize(pace, pace.max);
    sizes.push(pace.max);
  }
  expect(sizes).toEqual([25, 25, 25, 50, 50, 50, 100, 100]);
});

test("no page is ever asked for with less than one row or more than a hundred", () => {
  const bears = fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 50 });
  fc.assert(
    fc.property(bears, (all) => {
      let pace = FULL_CRAWL_PAGE_SIZE;
      for (const bore of all) {
        pace = nextCrawlPageSize(pace, Math.min(bore, pace.max));
        expect(pace.max).toBeGreaterThanOrEqual(1);
        expect(pace.max).toBeLessThanOrEqual(100);
      }
    }),
  );
});

const AGE = { customers: 250 };
const AT = { now: 1_000, everyMs: 300 };

test("a scope that another instance swept lately is left until that is old", () => {
  expect(dueAfterOtherInstance({ dueAt: 1_000 }, { ...AGE, completeAt: 900 }, AT)).toBe(1_200);
  expect(dueAfterOtherInstance({ dueAt: 1_000 }, { ...AGE, completeAt: 700 }, AT)).toBeUndefined();
  expect(dueAfterOtherInstance({ dueAt: 1_000 }, AGE, AT)).toBeUndefined();
});

test("one's own last sweep does not put off the next", () => {
  expect(dueAfterOtherInstance({ dueAt: 1_000, endedAt: 900 }, { ...AGE, completeAt: 900 }, AT)).toBeUndefined();
});
