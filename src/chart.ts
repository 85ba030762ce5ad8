import { createRequire } from "node:module";
import type { CustomerCount, TrendDay } from "./domain/ports/snapshot.ts";

export type Rasterize = (svg: string) => Promise<Uint8Array>;

type DrawTrend = (days: readonly TrendDay[]) => Promise<Uint8Array | undefined>;

/** Pixels per unit of the drawing, for high-resolution screens. */
const ZOOM = 2;

/**
 * Draws the trend as PNG; undefined without data, and when the optional packages are not installed. One chart at a time, because
 * the renderer uses memory outside the JavaScript heap.
 */
export function createTrendChart(load: () => Promise<Rasterize> = loadRasterizer): DrawTrend {
  let loading: Promise<Rasterize | undefined> | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  return async (days) => {
    const svg = trendSvg(days);
    if (svg === undefined) return undefined;
    loading ??= load().catch(() => undefined);
    const rasterize = await loading;
    if (rasterize === undefined) return undefined;
    const mine = queue.then(() => rasterize(svg));
    queue = mine.catch(() => undefined);
    return mine;
  };
}

async function loadRasterizer(): Promise<Rasterize> {
  const { renderAsync } = await import("@resvg/resvg-js");
  const { resolve } = createRequire(import.meta.url);
  const fontFiles = [
    resolve("@expo-google-fonts/lato/400Regular/Lato_400Regular.ttf"),
    resolve("@expo-google-fonts/lato/700Bold/Lato_700Bold.ttf"),
  ];
  const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: "Lato" };
  return async (svg) => {
    const image = await renderAsync(svg, { font, fitTo: { mode: "width", value: WIDTH * ZOOM } });
    return Uint8Array.from(image.asPng());
  };
}

const STEPS = [1, 2, 2.5, 5, 10];

/** About `count` round numbers from 0 to at least `most`. */
export function ticksTo(most: number, count: number): readonly number[] {
  const least = Math.max(1, most / count);
  const magnitude = 10 ** Math.floor(Math.log10(least));
  const step = Math.ceil((STEPS.find((one) => one * magnitude >= least) ?? 10) * magnitude);
  const steps = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: steps + 1 }, (_, i) => i * step);
}

const DAY_MS = 86_400_000;

/** Days since 1970 of a date such as `2026-11-23`; NaN when it is not a date. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

const DAY_FORMAT = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

/** `23 Nov`. */
export function dayLabel(number: number): string {
  return DAY_FORMAT.format(number * DAY_MS);
}

export function yearOf(number: number): number {
  return new Date(number * DAY_MS).getUTCFullYear();
}

/** One colour of the bars. The first is at the bottom, where small changes are seen best. */
export interface Series {
  readonly label: string;
  readonly colour: string;
  readonly includes: (status: string) => boolean;
}

/** The colours of Webex on white. Any other status, also one that is new to the bot, counts as under way. */
export const SERIES: readonly Series[] = [
  { label: "Error", colour: "#AB0A15", includes: (status) => status === "error" },
  { label: "With errors", colour: "#F2990A", includes: (status) => status === "provisioned_with_errors" },
  { label: "In progress", colour: "#64B4FA", includes: isUnderWay },
  { label: "Provisioned", colour: "#185E46", includes: (status) => status === "provisioned" },
];

/** A day, with the number of customers of each series. */
export interface Day {
  readonly number: number;
  readonly counts: readonly number[];
}

/** The last days, within `most` calendar days. Days without data are left out. */
export function lastDays(days: readonly TrendDay[], most: number): readonly Day[] {
  const read = days
    .map(({ day, byStatus }) => ({
      number: dayNumber(day),
      counts: SERIES.map((one) => countOf(byStatus, one)),
    }))
    .filter(({ number }) => Number.isInteger(number))
    .toSorted((a, b) => a.number - b.number);
  const last = read.at(-1)?.number ?? 0;
  return read.filter(({ number }) => number > last - most);
}

function countOf(byStatus: readonly CustomerCount[], { includes }: Series): number {
  return byStatus.reduce((sum, { value, customers }) => (includes(value) ? sum + customers : sum), 0);
}

function isUnderWay(status: string): boolean {
  return !["error", "provisioned_with_errors", "provisioned"].includes(status);
}

export const WIDTH = 600;
export const HEIGHT = 300;

const DAYS = 30;
/** Bars of fewer days would be too broad. */
const MIN_DAYS = 7;
const TOP = 76;
const BOTTOM = HEIGHT - 34;
/** Room for half of the last day's label. */
const RIGHT = WIDTH - 30;
/** Even one customer must be visible. */
const MIN_HEIGHT = 2;
const TEXT_COLOUR = "#1A1A1A";
const MUTED_COLOUR = "#666666";
const GRID_COLOUR = "#E0E0E0";

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
  const area = plotAreaOf(days, first.number, last.number);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" font-family="Lato" font-size="13">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#FFFFFF"/>`,
    text(titleOf(first.number, last.number), { x: 16, y: 28, size: 16, weight: "bold" }),
    ...legend(last),
    ...area.ticks.flatMap((tick) => gridLine(tick, area)),
    ...days.flatMap((day) => bar(day, area)),
    ...dayLabels(area),
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

/** The height added to small counts is taken from the largest one, so that the bar keeps its total height. */
function heightsOf(counts: readonly number[], heightOf: (count: number) => number): readonly number[] {
  const heights = counts.map((count) => (count === 0 ? 0 : Math.max(MIN_HEIGHT, heightOf(count))));
  const surplus = sum(heights) - heightOf(sum(counts));
  const most = counts.indexOf(Math.max(...counts));
  return heights.map((height, i) => (i === most && height > 0 ? Math.max(MIN_HEIGHT, height - surplus) : height));
}

/** Each series with its count of the last day. */
function legend({ counts }: Day): readonly string[] {
  let x = 16;
  return SERIES.flatMap(({ label, colour }, i) => {
    const at = x;
    const entry = `${label} ${digits(counts[i] ?? 0)}`;
    x += 32 + entry.length * 6.6;
    return [
      `<rect x="${at}" y="44" width="12" height="12" rx="2" fill="${colour}"/>`,
      text(entry, { x: at + 18, y: 54.5 }),
    ];
  });
}

/** The last day, and before it as many as fit. */
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

function text(content: string, { x, y, size = 13, weight, anchor, colour = TEXT_COLOUR }: TextStyle): string {
  const more = `${weight ? ` font-weight="${weight}"` : ""}${anchor ? ` text-anchor="${anchor}"` : ""}`;
  return `<text x="${x}" y="${y}" font-size="${size}" fill="${colour}"${more}>${escaped(content)}</text>`;
}

const MARKUP: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

function escaped(content: string): string {
  return content.replace(/[&<>"']/g, (sign) => MARKUP[sign] ?? sign);
}

function digits(count: number): string {
  return count.toLocaleString("en-US");
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
