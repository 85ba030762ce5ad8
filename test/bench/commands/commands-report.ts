import { quantile, sorted } from "../quantile.ts";
import { formatCount, formatMegabytes, formatSeconds, markdownTable, type Row } from "../report.ts";
import { type CommandFigures, IN_FLIGHT, PAIRS, SPACES } from "./commands.ts";

/** The figures of one round, by the name of the bot; that of the floor comes first. */
export type Round = ReadonlyMap<string, CommandFigures>;

type Figure = (found: CommandFigures) => number;
type Format = (value: number) => string;

/** Medians over the rounds. A ratio is to the floor of the same round, as the load of the machine changes between rounds. */
export function writeCommandReport(rounds: readonly Round[]): string {
  const names = [...(rounds[0]?.keys() ?? [])];
  const cell = (name: string, figure: Figure, format: Format): string => {
    const values = rounds.map((round) => valueIn(round, name, figure));
    const floors = rounds.map((round) => valueIn(round, names[0], figure));
    const value = format(median(values));
    const ratio = median(values.map((one, at) => one / (floors[at] ?? Number.NaN)));
    return name === names[0] || !Number.isFinite(ratio) ? value : `${ratio.toFixed(1)} ×, ${value}`;
  };
  const rows = ROWS.map(([title, figure, format]): Row => [title, ...names.map((name) => cell(name, figure, format))]);
  const lost = names.map((name) =>
    formatCount(Math.max(...rounds.map((round) => valueIn(round, name, (one) => one.lost)))),
  );
  const heading = `commands, medians of ${rounds.length} rounds`;
  return markdownTable([heading, ...names], [...rows, ["answers lost, most of a round", ...lost]]).concat("\n");
}

const median = (values: readonly number[]): number => quantile(sorted(values), 0.5);

function valueIn(round: Round, name: string | undefined, figure: Figure): number {
  const found = round.get(name ?? "");
  return found === undefined ? Number.NaN : figure(found);
}

const inMs: Format = (value) => `${value.toFixed(1)} ms`;
const inKilobytes: Format = (value) => `${(value / 1000).toFixed(1)} kB`;

const ROWS: readonly (readonly [title: string, figure: Figure, format: Format])[] = [
  [`a command, one at a time (${PAIRS}): p50`, ({ commands }) => quantile(commands, 0.5), inMs],
  ["the same: p99", ({ commands }) => quantile(commands, 0.99), inMs],
  [`a press of Refresh (${PAIRS}): p50`, ({ presses }) => quantile(presses, 0.5), inMs],
  ["the same: p99", ({ presses }) => quantile(presses, 0.99), inMs],
  [`${SPACES} in flight (${IN_FLIGHT}): processor time of a command`, ({ inFlight }) => inFlight.cpuMs, inMs],
  [`${SPACES} in flight: commands per second`, ({ inFlight }) => inFlight.perSecond, (value) => value.toFixed(0)],
  [`${SPACES} in flight: written for a command`, ({ inFlight }) => inFlight.written, inKilobytes],
  ["from the start to the first answer: processor time", ({ first }) => first.cpuMs, formatSeconds],
  ["from the start to the first answer", ({ first }) => first.ms, formatSeconds],
  ["memory (VmRSS) 3 s after the start", ({ memory }) => memory.idle, formatMegabytes],
  ["memory (VmRSS) after all commands", ({ memory }) => memory.busy, formatMegabytes],
];
