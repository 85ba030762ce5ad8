import { type BenchDatabase, openFileDatabase, openPostgres } from "./bench-databases.ts";
import { type CommandFigures, measureCommands } from "./commands/commands.ts";
import { type Round, writeCommandReport } from "./commands/commands-report.ts";
import { prepareOpponents } from "./commands/opponents.ts";
import { type ComparisonFigures, measureComparison, writeComparisonReport } from "./compare-rooms.ts";
import { type Figures, measure } from "./measure.ts";
import { openBenchMonitor } from "./monitor.ts";
import { measureQuickPolls, type QuickPollCalls } from "./quick-polls.ts";
import { writeReport } from "./report.ts";
import { measureScrapes, writeScrapeReport } from "./scrapes.ts";
import { measureStorm, type StormResult } from "./storm.ts";
import { writeStormReport } from "./storm-report.ts";
import { startTwins, type Twins } from "./twins.ts";

/**
 * Measures the figures of docs/performance.md, and prints it as Markdown. PostgreSQL where `TEST_DATABASE_URL` names one. With the
 * name of a part as an argument it measures that alone. `commands plain` measures the plain framework too, which npm installs first.
 */
const CUSTOMERS = 100_000;
/** Numbers of customers with which only quick polls are counted. */
const SMALL = [1_000, 10_000];
/** The world of the storms: the larger ones strike half of it. */
const STORMY = 20_000;
const STORMS = [1_000, 10_000].flatMap((broken) => [1, 5].map((spaces) => ({ broken, spaces })));

/** The customers of those who ask, and how often each bot is measured, in turns. */
const ASKED = 250;
const COMMAND_ROUNDS = 3;

/** The comparison of rooms with open alerts after a sweep; with those that the world has from its start, about 10,000. */
const COMPARED = [1, 50].map((rooms) => ({ broken: 3_300, rooms }));

const report = (text: string): boolean =>
  process.stderr.write(`bench, ${Math.round(performance.now() / 1000)} s: ${text}\n`);

/** Twins and a home of their own for some work, and nothing left of them after it. */
async function withTwins<T>(
  customers: number,
  make: () => Promise<BenchDatabase>,
  work: (twins: Twins, home: BenchDatabase) => Promise<T>,
): Promise<T> {
  const twins = await startTwins(customers);
  const home = await make();
  try {
    report(`${customers} customers on ${home.name}`);
    return await work(twins, home);
  } finally {
    await twins.stop();
    await home.remove();
  }
}

async function measureSmallQuickPolls(twins: Twins, home: BenchDatabase): Promise<QuickPollCalls> {
  const monitor = await openBenchMonitor(twins, home);
  try {
    return await measureQuickPolls(twins, monitor);
  } finally {
    await monitor.close();
  }
}

async function measureAll(): Promise<string> {
  const small: QuickPollCalls[] = [];
  for (const customers of SMALL) small.push(await withTwins(customers, openFileDatabase, measureSmallQuickPolls));
  const postgresUrl = process.env.TEST_DATABASE_URL;
  const figures: Figures[] = [];
  for (const make of [openFileDatabase, ...(postgresUrl ? [() => openPostgres(postgresUrl)] : [])]) {
    figures.push(await withTwins(CUSTOMERS, make, (twins, home) => measure(twins, home, report)));
  }
  if (!postgresUrl) report("without PostgreSQL: TEST_DATABASE_URL is not set");
  return writeReport({ customers: CUSTOMERS, figures, small });
}

async function measureAllCommands(): Promise<string> {
  const opponents = prepareOpponents({ postgresUrl: process.env.TEST_DATABASE_URL, plain: asked.includes("plain") });
  const rounds: Round[] = [];
  for (let nth = 1; nth <= COMMAND_ROUNDS; nth += 1) {
    const round = new Map<string, CommandFigures>();
    for (const opponent of opponents) {
      report(`round ${nth} of ${COMMAND_ROUNDS}: ${opponent.name}`);
      const run = (twins: Twins, home: BenchDatabase) => measureCommands(twins, home, opponent);
      round.set(opponent.name, await withTwins(ASKED, opponent.openHome, run));
    }
    rounds.push(round);
  }
  return writeCommandReport(rounds);
}

async function measureStorms(): Promise<string> {
  const stormed: StormResult[] = [];
  for (const storm of STORMS) {
    report(`a storm of ${storm.broken} packages in ${storm.spaces} space(s)`);
    const found = await withTwins(STORMY, openFileDatabase, (twins, home) => measureStorm(twins, home, storm));
    report(JSON.stringify(found));
    stormed.push(found);
  }
  return writeStormReport(stormed);
}

async function measureComparisons(): Promise<string> {
  const compared: ComparisonFigures[] = [];
  for (const size of COMPARED) {
    compared.push(await withTwins(STORMY, openFileDatabase, (twins, home) => measureComparison(twins, home, size)));
  }
  return writeComparisonReport(compared);
}

async function measureMetrics(): Promise<string> {
  return writeScrapeReport(
    await withTwins(STORMY, openFileDatabase, (twins, home) => measureScrapes(twins, home, STORMY)),
  );
}

const PARTS = {
  all: measureAll,
  commands: measureAllCommands,
  storms: measureStorms,
  rooms: measureComparisons,
  metrics: measureMetrics,
} as const;

const asked = process.argv.slice(2);
for (const [name, part] of Object.entries(PARTS)) {
  if (asked.length === 0 || asked.includes(name)) process.stdout.write(`${await part()}\n`);
}
report("done");
