import { type BenchDatabase, openFileDatabase, openPostgres } from "./bench-databases.ts";
import { type CommandFigures, measureCommands } from "./commands/commands.ts";
import { type Round, writeCommandReport } from "./commands/commands-report.ts";
import { type Opponent, prepareOpponents } from "./commands/opponents.ts";
import { measurePages, writePagesReport } from "./commands/pages.ts";
import { measureRefusals, type RefusalFigures, writeRefusalReport } from "./commands/refusals.ts";
import { type ComparisonFigures, measureComparison, writeComparisonReport } from "./compare-rooms.ts";
import { type FirstSweepFigures, measureFirstSweep, writeFirstSweepReport } from "./first-sweep.ts";
import { measureInstalledSize } from "./installed-size.ts";
import { type Figures, measure } from "./measure.ts";
import { openBenchMonitor } from "./monitor.ts";
import { writeIntoPage } from "./performance-page.ts";
import { profileCommands, profileSweeps, writeProfileReport } from "./profile/profiles.ts";
import { measureQuickPolls, type QuickPollCalls } from "./quick-polls.ts";
import { measureReactions, writeReactionReport } from "./reaction.ts";
import { writeReport } from "./report.ts";
import { measureScrapes, writeScrapeReport } from "./scrapes.ts";
import { measureStorm, type StormResult } from "./storm.ts";
import { writeStormReport } from "./storm-report.ts";
import { startTwins, type Twins } from "./twins.ts";

/**
 * Measures the tables of docs/performance.md, prints them and writes them there. PostgreSQL where `TEST_DATABASE_URL` names one. With
 * the name of a part as an argument it measures that alone. `commands plain` measures the plain framework too, which npm installs first.
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

/** The world whose sweeps are profiled. */
const PROFILED = 20_000;

/** The comparison of rooms with open alerts after a sweep; with those that the world has from its start, about 10,000. */
const COMPARED = [1, 50].map((rooms) => ({ broken: 3_300, rooms }));

const report = (text: string): boolean =>
  process.stderr.write(`bench, ${Math.round(performance.now() / 1000)} s: ${text}\n`);

function databases(): readonly (() => Promise<BenchDatabase>)[] {
  const { TEST_DATABASE_URL: url } = process.env;
  if (!url) report("without PostgreSQL: TEST_DATABASE_URL is not set");
  return [openFileDatabase, ...(url ? [() => openPostgres(url)] : [])];
}

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

/** Tables by the names of their places on docs/performance.md. */
type Tables = Readonly<Record<string, string>>;

async function measureReading(): Promise<Tables> {
  const small: QuickPollCalls[] = [];
  for (const customers of SMALL) small.push(await withTwins(customers, openFileDatabase, measureSmallQuickPolls));
  const figures: Figures[] = [];
  for (const make of databases()) {
    figures.push(await withTwins(CUSTOMERS, make, (twins, home) => measure(twins, home, report)));
  }
  return writeReport({ customers: CUSTOMERS, figures, small });
}

const prepareAsked = (): readonly Opponent[] =>
  prepareOpponents({ postgresUrl: process.env.TEST_DATABASE_URL, plain: asked.includes("plain") });

async function measureAllCommands(): Promise<Tables> {
  const opponents = prepareAsked();
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
  return { commands: writeCommandReport(rounds) };
}

const measureAllPages = async (): Promise<Tables> => ({
  pages: writePagesReport(await withTwins(ASKED, openFileDatabase, measurePages)),
});

async function measureAllRefusals(): Promise<Tables> {
  const found: RefusalFigures[] = [];
  for (const opponent of prepareAsked()) {
    report(`refusals: ${opponent.name}`);
    const run = (twins: Twins, home: BenchDatabase) => measureRefusals(twins, home, opponent);
    found.push(await withTwins(ASKED, opponent.openHome, run));
  }
  return { refusals: writeRefusalReport(found) };
}

async function measureStorms(): Promise<Tables> {
  const stormed: StormResult[] = [];
  for (const storm of STORMS) {
    report(`a storm of ${storm.broken} packages in ${storm.spaces} space(s)`);
    const found = await withTwins(STORMY, openFileDatabase, (twins, home) => measureStorm(twins, home, storm));
    report(JSON.stringify(found));
    stormed.push(found);
  }
  return { storms: writeStormReport(stormed) };
}

async function measureComparisons(): Promise<Tables> {
  const compared: ComparisonFigures[] = [];
  for (const size of COMPARED) {
    compared.push(await withTwins(STORMY, openFileDatabase, (twins, home) => measureComparison(twins, home, size)));
  }
  return { rooms: writeComparisonReport(compared) };
}

async function measureMetrics(): Promise<Tables> {
  const run = (twins: Twins, home: BenchDatabase) => measureScrapes(twins, home, STORMY);
  return { metrics: writeScrapeReport(await withTwins(STORMY, openFileDatabase, run)) };
}

async function measureFirstSweeps(): Promise<Tables> {
  const found: FirstSweepFigures[] = [];
  for (const make of databases()) found.push(await withTwins(CUSTOMERS, make, measureFirstSweep));
  return { "first sweep": writeFirstSweepReport(found) };
}

async function measureReaction(): Promise<Tables> {
  return { reaction: writeReactionReport(await withTwins(ASKED, openFileDatabase, measureReactions)) };
}

async function measureProfiles(): Promise<Tables> {
  const commands = await withTwins(ASKED, openFileDatabase, profileCommands);
  const sweeps = await withTwins(PROFILED, openFileDatabase, profileSweeps);
  return { profiles: writeProfileReport(new Map([...commands, ...sweeps])) };
}

const PARTS: Readonly<Record<string, () => Promise<Tables>>> = {
  reading: measureReading,
  "first-sweep": measureFirstSweeps,
  commands: measureAllCommands,
  pages: measureAllPages,
  refusals: measureAllRefusals,
  size: async () => ({ size: measureInstalledSize({ plain: asked.includes("plain") }) }),
  reaction: measureReaction,
  storms: measureStorms,
  rooms: measureComparisons,
  metrics: measureMetrics,
  profiles: measureProfiles,
};

const asked = process.argv.slice(2);
const names = asked.filter((name) => name !== "plain");
const unknown = names.find((name) => !(name in PARTS));
if (unknown !== undefined) {
  throw new Error(`There is no part "${unknown}": name ${Object.keys(PARTS).join(", ")}, or nothing for all of them.`);
}
for (const [name, part] of Object.entries(PARTS)) {
  if (names.length > 0 && !names.includes(name)) continue;
  for (const [place, table] of Object.entries(await part())) {
    process.stdout.write(`${table.trim()}\n\n`);
    writeIntoPage(place, table);
  }
}
report("done");
