import { file, type Home, postgres } from "./homes.ts";
import { type Looks, lookAt } from "./looks.ts";
import { type Figures, measure } from "./measure.ts";
import { openEyes } from "./seeing.ts";
import { brave, type Stormed } from "./storm.ts";
import { startTwins, type Twins } from "./twins.ts";
import { write } from "./write.ts";
import { writeStorms } from "./write-storms.ts";

/**
 * Measures what docs/performance.md tells, and prints it as Markdown. PostgreSQL where `TEST_DATABASE_URL` names one. With
 * `storms` as an argument it measures those alone.
 */
const CUSTOMERS = 100_000;
/** Worlds of which only looks are counted. */
const SMALL = [1_000, 10_000];
/** The world of the storms: the larger ones strike half of it. */
const STORMY = 20_000;
const STORMS = [1_000, 10_000].flatMap((broken) => [1, 5].map((spaces) => ({ broken, spaces })));

const say = (text: string): boolean =>
  process.stderr.write(`bench, ${Math.round(performance.now() / 1000)} s: ${text}\n`);

/** Twins and a home of their own for some work, and nothing left of them after it. */
async function within<T>(
  customers: number,
  make: () => Promise<Home>,
  work: (twins: Twins, home: Home) => Promise<T>,
): Promise<T> {
  const twins = await startTwins(customers);
  const home = await make();
  try {
    say(`${customers} customers on ${home.name}`);
    return await work(twins, home);
  } finally {
    await twins.stop();
    await home.remove();
  }
}

async function lookAtSmall(twins: Twins, home: Home): Promise<Looks> {
  const eyes = await openEyes(twins, home);
  try {
    return await lookAt(twins, eyes);
  } finally {
    await eyes.close();
  }
}

async function readAndAsk(): Promise<string> {
  const small: Looks[] = [];
  for (const customers of SMALL) small.push(await within(customers, file, lookAtSmall));
  const postgresUrl = process.env.TEST_DATABASE_URL;
  const figures: Figures[] = [];
  for (const make of [file, ...(postgresUrl ? [() => postgres(postgresUrl)] : [])]) {
    figures.push(await within(CUSTOMERS, make, (twins, home) => measure(twins, home, say)));
  }
  if (!postgresUrl) say("without PostgreSQL: TEST_DATABASE_URL is not set");
  return write({ customers: CUSTOMERS, figures, small });
}

async function braveAll(): Promise<string> {
  const stormed: Stormed[] = [];
  for (const storm of STORMS) {
    say(`a storm of ${storm.broken} packages in ${storm.spaces} space(s)`);
    const found = await within(STORMY, file, (twins, home) => brave(twins, home, storm));
    say(JSON.stringify(found));
    stormed.push(found);
  }
  return writeStorms(stormed);
}

if (!process.argv.includes("storms")) process.stdout.write(`${await readAndAsk()}\n`);
process.stdout.write(await braveAll());
say("done");
