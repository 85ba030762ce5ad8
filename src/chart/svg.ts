import type { TrendDay } from "../domain/ports/snapshot.ts";
import { dayLabel, ticksTo, yearOf } from "./scale.ts";
import { type Day, lastDays, SERIES } from "./series.ts";

export const WIDTH = 600;
export const HEIGHT = 300;

const DAYS = 30;
/** Fewer days than these would make bars as broad as walls. */
const MIN_DAYS = 7;
const TOP = 76;
const BOTTOM = HEIGHT - 34;
/** Room for half of the last day's label. */
const RIGHT = WIDTH - 30;
/** Whoever is there at all is seen. */
const MIN_HEIGHT = 2;
const TEXT_COLOUR = "#1A1A1A";
const MUTED_COLOUR = "#666666";
const GRID_COLOUR = "#E0E0E0";

/** Where counts and days stand on the picture. */
interface PlotArea {
  readonly left: number;
  readonly first: number;
  readonly last: number;
  readonly slot: number;
  readonly ticks: readonly number[];
  readonly yOf: (count: number) => number;
  readonly xOf: (day: number) => number;
}

/** The last 30 days by status as stacked bars; undefined when no day is known. */
export function trendSvg(trend: readonly TrendDay[]): string | undefined {
  const days = lastDays(trend, DAYS);
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return undefined;
  const plane = plotAreaOf(days, first.number, last.number);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="Lato" font-size="13">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#FFFFFF"/>`,
    text(titleOf(first.number, last.number), { x: 16, y: 28, size: 16, weight: "bold" }),
    ...legend(last),
    ...plane.ticks.flatMap((tick) => gridLine(tick, plane)),
    ...days.flatMap((day) => bar(day, plane)),
    ...dayLabels(plane),
    "</svg>",
  ].join("\n");
}

function plotAreaOf(days: readonly Day[], oldest: number, last: number): PlotArea {
  const most = Math.max(...days.map(({ counts }) => sum(counts)));
  const ticks = ticksTo(most, 5);
  const top = ticks.at(-1) ?? 1;
  const left = 26 + 7.5 * digits(top).length;
  const first = Math.min(oldest, last - MIN_DAYS + 1);
  const slot = (RIGHT - left) / (last - first + 1);
  return {
    left,
    first,
    last,
    slot,
    ticks,
    yOf: (count) => BOTTOM - (count / top) * (BOTTOM - TOP),
    xOf: (day) => left + (day - first + 0.5) * slot,
  };
}

function gridLine(tick: number, { left, yOf }: PlotArea): readonly string[] {
  const y = yOf(tick);
  return [
    `<line x1="${left}" x2="${RIGHT}" y1="${y}" y2="${y}" stroke="${GRID_COLOUR}"/>`,
    text(digits(tick), { x: left - 8, y: y + 4.5, anchor: "end", colour: MUTED_COLOUR }),
  ];
}

function bar({ number, counts }: Day, { slot, xOf, yOf }: PlotArea): readonly string[] {
  const width = Math.min(slot * 0.78, 44);
  const x = xOf(number) - width / 2;
  const heights = heightsOf(counts, (count) => BOTTOM - yOf(count));
  return heights.flatMap((height, i) => {
    if (height === 0) return [];
    const y = BOTTOM - sum(heights.slice(0, i + 1));
    return `<rect x="${x}" y="${y}" width="${width}" height="${height}" fill="${SERIES[i]?.colour ?? TEXT_COLOUR}"/>`;
  });
}

/** What the few need to be seen is taken from the most, so that the whole stays as high as it is. */
function heightsOf(counts: readonly number[], heightOf: (count: number) => number): readonly number[] {
  const heights = counts.map((count) => (count === 0 ? 0 : Math.max(MIN_HEIGHT, heightOf(count))));
  const surplus = sum(heights) - heightOf(sum(counts));
  const most = counts.indexOf(Math.max(...counts));
  return heights.map((height, i) =>
    i === most && height > 0 ? Math.max(MIN_HEIGHT, height - surplus) : height,
  );
}

/** Each series with its count of the last day. */
function legend({ counts }: Day): readonly string[] {
  let x = 16;
  return SERIES.flatMap(({ label, colour }, i) => {
    const at = x;
    const says = `${label} ${digits(counts[i] ?? 0)}`;
    x += 32 + says.length * 6.6;
    return [
      `<rect x="${at}" y="44" width="12" height="12" rx="2" fill="${colour}"/>`,
      text(says, { x: at + 18, y: 54.5 }),
    ];
  });
}

/** The last day always, and before it as many as fit. */
function dayLabels({ first, last, slot, xOf }: PlotArea): readonly string[] {
  const every = Math.max(1, Math.ceil(52 / slot));
  const length = Math.floor((last - first) / every) + 1;
  return Array.from({ length }, (_, i) => last - i * every).map((day) =>
    text(dayLabel(day), { x: xOf(day), y: BOTTOM + 20, anchor: "middle", colour: MUTED_COLOUR }),
  );
}

function titleOf(first: number, last: number): string {
  const from = yearOf(first) === yearOf(last) ? dayLabel(first) : `${dayLabel(first)} ${yearOf(first)}`;
  const to = `${dayLabel(last)} ${yearOf(last)}`;
  return `Customers by status, ${first === last ? to : `${from} – ${to}`}`;
}

interface TextStyle {
  readonly x: number;
  readonly y: number;
  readonly size?: number;
  readonly weight?: "bold";
  readonly anchor?: "middle" | "end";
  readonly colour?: string;
}

function text(says: string, { x, y, size = 13, weight, anchor, colour = TEXT_COLOUR }: TextStyle): string {
  const more = `${weight ? ` font-weight="${weight}"` : ""}${anchor ? ` text-anchor="${anchor}"` : ""}`;
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${colour}"${more}>${escaped(says)}</text>`;
}

const MARKUP: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

function escaped(says: string): string {
  return says.replace(/[&<>"']/g, (sign) => MARKUP[sign] ?? sign);
}

function digits(count: number): string {
  return count.toLocaleString("en-US");
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
