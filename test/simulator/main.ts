import { parseArgs } from "node:util";
import { findViolations, shorten } from "./check.ts";
import { playGrowingStorm } from "./growing-storm.ts";
import { type History, QUIET_MS, randomHistory } from "./history.ts";
import { describeDay, hostileHistory } from "./hostile.ts";

const USAGE = `Plays random histories in a world of one seed and checks what the spaces read.

  npm run simulate -- --minutes 10      new seeds for ten minutes
  npm run simulate -- --seed 7          one seed, again
  npm run simulate -- --seed 1-1000     many seeds, of which those that fail are named and not shortened
  --hours 2                             the length of each history, in the world's time
  --hostile                             days in which one of ten calls fails without a pause, in all ways of the fault matrix
  --storm 10000 --rooms 5               so many packages fail within ten minutes: what each room is told
`;

const { values } = parseArgs({
  options: {
    minutes: { type: "string" },
    seed: { type: "string" },
    hours: { type: "string" },
    hostile: { type: "boolean", default: false },
    storm: { type: "string" },
    rooms: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});

/** The most histories that are played to shorten a failed one. */
const SHORTEN_LIMIT = 200;

const print = (line: string): boolean => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const { seed = "", minutes = "1", hostile, hours = hostile ? "24" : "2", storm, rooms, help } = values;
  if (help) return void print(USAGE);
  if (storm !== undefined) return simulateStorm(Number(storm), Number(rooms));
  const until = performance.now() + Number(minutes) * 60_000;
  const seeds = seed === "" ? newSeeds(until) : seedsOf(seed);
  const started = performance.now();
  let worldMs = 0;
  let played = 0;
  for (const one of seeds) {
    worldMs += await simulate(one, { hours: Number(hours), mayShorten: !seed.includes("-") });
    played += 1;
  }
  const seconds = (performance.now() - started) / 1000;
  const speed = worldMs / 3_600_000 / seconds;
  print(`${played} histories, ${Math.round(worldMs / 3_600_000)} h of world time, ${speed.toFixed(2)} h a second`);
}

function seedsOf(range: string): readonly number[] {
  const [first = 0, last = first] = range.split("-").map(Number);
  return Array.from({ length: last - first + 1 }, (_, n) => first + n);
}

function* newSeeds(until: number): Generator<number> {
  while (performance.now() < until) yield Math.floor(Math.random() * 2 ** 31);
}

interface SimulateOptions {
  readonly hours: number;
  /** A failed history is shortened, which takes minutes. */
  readonly mayShorten: boolean;
}

/** Plays the history of a seed; a failed one is printed and fails the process. Returns its length in the world's time. */
async function simulate(seed: number, { hours, mayShorten }: SimulateOptions): Promise<number> {
  const history = values.hostile ? hostileHistory(seed, hours) : randomHistory(seed, hours * 60);
  const violations = await findViolations(history, (played) => {
    if (values.hostile) print(`Seed ${seed}, ${history.customers} customers: ${describeDay(played)}`);
  });
  if (violations.length > 0) {
    process.exitCode = 1;
    print(`\nFailed: npm run simulate -- --seed ${seed} --hours ${hours}${values.hostile ? " --hostile" : ""}`);
    for (const violation of violations.slice(0, 10)) print(`  ${violation}`);
    // A hostile day takes minutes, and is random down to each call: a shorter one would meet other faults.
    if (mayShorten && !values.hostile) await printShortest(history);
  }
  return history.endsAt + QUIET_MS;
}

async function printShortest(history: History): Promise<void> {
  const shortest = await shorten(history, SHORTEN_LIMIT);
  print(`  Shortest history, with ${shortest.customers} customers and watches ${JSON.stringify(shortest.watches)}:`);
  for (const step of shortest.steps) print(`    ${JSON.stringify(step)}`);
}

async function simulateStorm(failures: number, rooms: number): Promise<void> {
  const { told, violations } = await playGrowingStorm(failures, rooms);
  for (const { messages, edits, last } of told) {
    print(`${messages} messages, ${edits} edits; at the end the room shows:`);
    for (const line of last) print(`  ${line}`);
  }
  for (const violation of violations.slice(0, 10)) print(`  ${violation}`);
  if (violations.length > 0) process.exitCode = 1;
}

await main();
