import { createRequire } from "node:module";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dayLabel, dayNumber, HEIGHT, ticksTo, trendSvg, WIDTH } from "../src/chart.ts";
import type { TrendDay } from "../src/domain/ports/snapshot.ts";

const DAY_MS = 86_400_000;
const dayBack = (i: number) => new Date(Date.UTC(2026, 10, 23) - i * DAY_MS).toISOString().slice(0, 10);
const quiet = (i: number): TrendDay => ({
  day: dayBack(i),
  byStatus: [{ value: "provisioned", customers: 97 }],
});

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill: string;
}

const rectsOf = (svg: string): readonly Rect[] =>
  [...svg.matchAll(/<rect x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)" (?:rx="2" )?fill="([^"]+)"/g)].map(
    ([, x, y, width, height, fill]) => ({
      x: Number(x),
      y: Number(y),
      width: Number(width),
      height: Number(height),
      fill: fill ?? "",
    }),
  );
/** Without the four of the legend. */
const barsOf = (svg: string) => rectsOf(svg).slice(4);

test("says what it is of, when, and how many of each there are now", () => {
  const svg = trendSvg([
    quiet(29),
    {
      day: dayBack(0),
      byStatus: [
        { value: "error", customers: 12 },
        { value: "provisioned", customers: 4_200 },
        { value: "deleting", customers: 1 },
        { value: "brand_new", customers: 2 },
      ],
    },
  ]);
  for (const words of [
    "Customers by status, 25 Oct – 23 Nov 2026",
    "Error 12",
    "In progress 3",
    "Provisioned 4,200",
    ">23 Nov<",
    ">5,000<",
  ])
    expect(svg).toContain(words);
});

test("shows the last 30 days, and a gap where a day is not known", () => {
  const days = Array.from({ length: 45 }, (_, i) => quiet(44 - i)).filter(({ day }) => day !== "2026-11-05");
  expect(barsOf(trendSvg(days) ?? "")).toHaveLength(29);
});

test("small counts are visible, and the bar keeps its height", () => {
  const one = {
    day: dayBack(0),
    byStatus: [
      { value: "error", customers: 1 },
      { value: "provisioned", customers: 99_999 },
    ],
  };
  const [error, well] = barsOf(trendSvg([one]) ?? "");
  expect(error?.height).toBe(2);
  expect((error?.height ?? 0) + (well?.height ?? 0)).toBeCloseTo(HEIGHT - 34 - 76, 5);
});

const anyDays = fc.array(
  fc.record({
    day: fc.oneof(fc.nat(400).map(dayBack), fc.constantFrom("", "soon", "2026-13-01", "<b>&\"'")),
    byStatus: fc.array(
      fc.record({
        value: fc.oneof(fc.constantFrom("error", "provisioned"), fc.string()),
        customers: fc.nat(1_000_000),
      }),
      { maxLength: 8 },
    ),
  }),
  { maxLength: 60 },
);

test("no trend draws outside the picture, nor anything with NaN", () => {
  fc.assert(
    fc.property(anyDays, (days) => {
      const svg = trendSvg(days);
      if (svg === undefined) return;
      expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      for (const { x, y, width, height } of rectsOf(svg)) {
        expect(Math.min(x, y, width, height)).toBeGreaterThan(0);
        expect(x + width).toBeLessThanOrEqual(WIDTH);
        expect(y + height).toBeLessThanOrEqual(HEIGHT);
      }
      expect(svg.match(/<text[^>]*>[^<>]*<\/text>/g)?.length).toBe(svg.match(/<text/g)?.length);
    }),
  );
});

test("the marks of the axis are round, begin at 0 and reach what is counted", () => {
  expect(ticksTo(0, 5)).toEqual([0, 1]);
  expect(ticksTo(4, 5)).toEqual([0, 1, 2, 3, 4]);
  expect(ticksTo(132, 5)).toEqual([0, 50, 100, 150]);
  expect(ticksTo(100_232, 5)).toEqual([0, 25_000, 50_000, 75_000, 100_000, 125_000]);
  fc.assert(
    fc.property(fc.nat(10_000_000), (most) => {
      const ticks = ticksTo(most, 5);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(most);
      expect(ticks.length).toBeLessThanOrEqual(6);
      for (const tick of ticks) expect(Number.isInteger(tick)).toBe(true);
    }),
  );
});

test("a day is read and said", () => {
  expect(dayLabel(dayNumber("2026-02-28") + 1)).toBe("1 Mar");
  expect(dayNumber("soon")).toBeNaN();
});

test("the typeface is there, in a form that the renderer reads", () => {
  const { resolve } = createRequire(import.meta.url);
  expect(resolve("@expo-google-fonts/lato/400Regular/Lato_400Regular.ttf")).toMatch(/\.ttf$/);
});
