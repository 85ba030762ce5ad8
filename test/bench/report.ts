import type { Cost } from "./bare-read.ts";
import type { Figures } from "./measure.ts";
import { quantile, sorted } from "./quantile.ts";
import type { QuestionTimes } from "./questions.ts";
import { type QuickPollCalls, RECOVERED_COUNT, UNHEALTHY_COUNT } from "./quick-polls.ts";

export interface Findings {
  readonly customers: number;
  readonly figures: readonly Figures[];
  readonly small: readonly QuickPollCalls[];
}

/** The findings as Markdown tables by their names, one column for each database. */
export function writeReport({ customers, figures, small }: Findings): Readonly<Record<string, string>> {
  const columns = figures.map(({ database }) => database);
  const row = (name: string, cell: (one: Figures) => string) => [name, ...figures.map(cell)];
  return {
    reading: markdownTable([`${formatCount(customers)} customers`, ...columns], rowsOf(row)),
    asking: markdownTable(["questions, milliseconds: p50 / p99", ...columns], questionRows(figures)),
    looking: lookTable([...small, ...figures.flatMap(({ polls }) => polls ?? [])]),
  };
}

export type Row = readonly string[];
type RowOf = (name: string, cell: (one: Figures) => string) => Row;

function rowsOf(row: RowOf): readonly Row[] {
  return [
    row("bare floor: the same pages, fetched and parsed", ({ floor }) =>
      floor.map(({ ms }) => formatSeconds(ms)).join(" and "),
    ),
    row("the same: processor time", ({ floor }) => floor.map(({ cpuMs }) => formatSeconds(cpuMs)).join(" and ")),
    row("first sweep: calls", ({ first }) => formatCount(first.calls)),
    row("first sweep: time", ({ first, floor }) => timed(first.ms, floor, "ms")),
    row("first sweep: processor time of the bot", ({ first, floor }) => timed(first.cpuMs, floor, "cpuMs")),
    row(
      "first sweep: written; database after it",
      ({ first, size }) => `${formatMegabytes(first.written)}; ${formatMegabytes(size)}`,
    ),
    row("no-change sweep: calls", ({ same }) => formatCount(same.calls)),
    row("no-change sweep: time", ({ same, floor }) => timed(same.ms, floor, "ms")),
    row("no-change sweep: processor time of the bot", ({ same, floor }) => timed(same.cpuMs, floor, "cpuMs")),
    row("no-change sweep: customers changed", ({ same }) => formatCount(same.changed)),
    row(
      "no-change sweep: written; growth of the database",
      ({ same, growth }) => `${kilo(same.written)}; ${kilo(growth)}`,
    ),
    row(
      "sweep after a storm: customers broken; steps of history; time",
      ({ storm, floor }) =>
        `${formatCount(storm.customers)}; ${formatCount(storm.transitions)}; ${timed(storm.ms, floor, "ms")}`,
    ),
    row("peak memory of the bot (VmHWM) after both sweeps", ({ memory }) => formatMegabytes(memory.sweeps)),
    row(
      "export: time, from the message to the file in the space",
      ({ exported }) => `${exported.seconds.toFixed(1)} s`,
    ),
    row("export: rows; size", ({ exported }) => `${formatCount(exported.rows)}; ${formatMegabytes(exported.bytes)}`),
    row("peak memory of the bot after the export too", ({ memory }) => formatMegabytes(memory.afterExport)),
  ];
}

function questionRows(figures: readonly Figures[]): readonly Row[] {
  const all = (questions: readonly QuestionTimes[]) => sorted(questions.flatMap(({ times }) => times));
  const kinds = (figures[0]?.questions ?? []).map(({ kind }) => kind);
  return [
    ["**all 1,000**", ...figures.map(({ questions }) => `**${quantiles(all(questions))}**`)],
    ...kinds.map((kind) => [
      kind,
      ...figures.map(({ questions }) => quantiles(questions.find((one) => one.kind === kind)?.times ?? [])),
    ]),
  ];
}

function lookTable(polls: readonly QuickPollCalls[]): string {
  const header = [
    "calls of a quick poll, by the size of the world",
    ...polls.map(({ customers }) => formatCount(customers)),
  ];
  return markdownTable(header, [
    [`${UNHEALTHY_COUNT} unhealthy`, ...polls.map(({ usual, ms }) => `${usual}, in ${Math.round(ms)} ms`)],
    [
      `${UNHEALTHY_COUNT} unhealthy, of which ${RECOVERED_COUNT} have recovered since`,
      ...polls.map(({ recovered }) => formatCount(recovered)),
    ],
    [
      "one of six or seven unhealthy",
      ...polls.map(
        ({ manyUnhealthy }) => `${formatCount(manyUnhealthy.calls)} for ${formatCount(manyUnhealthy.unhealthy)}`,
      ),
    ],
    ["a sweep, for comparison", ...polls.map(({ sweepCalls }) => formatCount(sweepCalls))],
  ]);
}

/** A Markdown table: the first column to the left, figures to the right. */
export const markdownTable = (header: Row, rows: readonly Row[]): string =>
  [header, header.map((_, at) => (at === 0 ? "---" : "---:")), ...rows]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");

export const formatCount = (number: number): string => number.toLocaleString("en");
export const formatSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
export const formatMegabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
const kilo = (bytes: number): string => `${(bytes / 1e3).toFixed(0)} kB`;
const timed = (ms: number, [before, after]: readonly [Cost, Cost], by: keyof Cost): string =>
  `${formatSeconds(ms)}, ${(ms / ((before[by] + after[by]) / 2)).toFixed(1)} × the floor`;
const quantiles = (times: readonly number[]): string =>
  `${quantile(times, 0.5).toFixed(1)} / ${quantile(times, 0.99).toFixed(1)}`;
