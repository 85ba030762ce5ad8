import { expect, test } from "vitest";
import { createTrendChart } from "../src/chart.ts";
import type { TrendDay } from "../src/domain/ports/snapshot.ts";

const day = (date: string, statuses: Readonly<Record<string, number>>): TrendDay => ({
  day: date,
  byStatus: Object.entries(statuses).map(([value, customers]) => ({ value, customers })),
});
const USUAL = [
  day("2026-11-21", { provisioned: 80, error: 9, updating: 3 }),
  day("2026-11-22", { provisioned: 84, error: 5, provisioned_with_errors: 2 }),
  day("2026-11-23", { provisioned: 90, error: 1, brand_new_status: 7 }),
];

test("the trend is a picture of twice 600 by 300, with words in it, light enough for a preview", async () => {
  const png = await createTrendChart()(USUAL);
  expect(png?.constructor).toBe(Uint8Array);
  expect(png?.length).toBeLessThan(200_000);
  const file = Buffer.from(png ?? []);
  expect(file.toString("latin1", 1, 4)).toBe("PNG");
  expect([file.readUInt32BE(16), file.readUInt32BE(20)]).toEqual([1200, 600]);
  // Without a typeface it would be a third of that, and show bars alone.
  expect(file.length).toBeGreaterThan(20_000);
});

test("charts that are asked for together are drawn one after the other, and each is its own", async () => {
  let running = 0;
  const drawn: string[] = [];
  const draw = createTrendChart(async () => async (svg) => {
    running += 1;
    expect(running).toBe(1);
    await new Promise(setImmediate);
    running -= 1;
    drawn.push(svg);
    return new Uint8Array([drawn.length]);
  });
  const all = await Promise.all([draw(USUAL), draw(USUAL.slice(0, 1)), draw(USUAL.slice(0, 2))]);
  expect(all.map((png) => png?.[0])).toEqual([1, 2, 3]);
  expect(new Set(drawn).size).toBe(3);
});

test("a chart that fails does not keep the next one from being drawn", async () => {
  let calls = 0;
  const draw = createTrendChart(async () => async () => {
    calls += 1;
    if (calls === 1) throw new Error("out of memory");
    return new Uint8Array([calls]);
  });
  const [first, second] = await Promise.allSettled([draw(USUAL), draw(USUAL)]);
  expect(first.status).toBe("rejected");
  expect(second).toEqual({ status: "fulfilled", value: new Uint8Array([2]) });
});

test("without the optional packages there is no chart, and no failure", async () => {
  const draw = createTrendChart(() => Promise.reject(new Error("Cannot find package '@resvg/resvg-js'")));
  expect(await draw(USUAL)).toBeUndefined();
});

test("without a day there is no chart", async () => {
  expect(await createTrendChart()([])).toBeUndefined();
});
