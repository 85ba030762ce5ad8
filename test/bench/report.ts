import type { Figures } from "./measure.ts";
import { quantile, sorted } from "./quantile.ts";
import type { QuestionTimes } from "./questions.ts";
import { type QuickPollCalls, RECOVERED_COUNT, UNHEALTHY_COUNT } from "./quick-polls.ts";

export interface Findings {
  readonly customers: number;
  readonly figures: readonly Figures[];
  readonly small: readonly QuickPollCalls[];
}

/** The findings as Markdown tables, one column for each database. */
export function writeReport({ customers, figures, small }: Findings): string {
  const columns = figures.map(({ database }) => database);
  const row = (name: string, cell: (one: Figures) => string) => [name, ...figures.map(cell)];
  return [
    markdownTable([`${formatCount(customers)} customers`, ...columns], rowsOf(row)),
    markdownTable(["questions, milliseconds: p50 / p99", ...columns], questionRows(figures)),
    lookTable([...small, ...figures.flatMap(({ polls }) => polls ?? [])]),
  ]
    .join("\n\n")
    .concat("\n");
}

export type Row = readonly string[];
type RowOf = (name: string, cell: (one: Figures) => string) => Row;

function rowsOf(row: RowOf): readonly Row[] {
  return [
    row("bare floor: the same pages, fetched and parsed", ({ floor }) => floor.map(formatSeconds).join(" and ")),
    row("first sweep: calls", ({ first }) => formatCount(first.calls)),
    row("first sweep: time", ({ first, floor }) => `${formatSeconds(first.ms)}, ${ratio(first.ms, floor)}`),
    row(
      "first sweep: written; database after it",
      ({ first, size }) => `${formatMegabytes(first.written)}; ${formatMegabytes(size)}`,
    ),
    row("no-change sweep: calls", ({ same }) => formatCount(same.calls)),
    row("no-change sweep: time", ({ same, floor }) => `${formatSeconds(same.ms)}, ${ratio(same.ms, floor)}`),
    row("no-change sweep: customers changed", ({ same }) => formatCount(same.changed)),
    row(
      "no-change sweep: written; growth of the database",
      ({ same, growth }) => `${kilo(same.written)}; ${kilo(growth)}`,
    ),
    row(
      "sweep after a storm: customers broken; steps of history; time",
      ({ storm, floor }) =>
        `${formatCount(storm.customers)}; ${formatCount(storm.transitions)}; ${formatSeconds(storm.ms)}, ${ratio(storm.ms, floor)}`,
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
const ratio = (ms: number, [before, after]: readonly [number, number]): string =>
  `${(ms / ((before + after) / 2)).toFixed(1)} × the floor`;
const quantiles = (times: readonly number[]): string =>
  `${quantile(times, 0.5).toFixed(1)} / ${quantile(times, 0.99).toFixed(1)}`;
