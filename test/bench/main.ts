import { type Home, homes } from "./homes.ts";
import { type Looks, lookAt } from "./looks.ts";
import { type Figures, measure } from "./measure.ts";
import { startTwins } from "./twins.ts";
import { write } from "./write.ts";

/** Measures what docs/performance.md tells, and prints it as Markdown. PostgreSQL where `TEST_DATABASE_URL` names one. */
const CUSTOMERS = 100_000;
const WORLDS = [1_000, 10_000, 100_000];

const say = (text: string): boolean =>
  process.stderr.write(`bench, ${Math.round(performance.now() / 1000)} s: ${text}\n`);

async function within<T>(make: () => Promise<Home>, work: (home: Home) => Promise<T>): Promise<T> {
  const home = await make();
  try {
    return await work(home);
  } finally {
    await home.remove();
  }
}

async function onDatabase(make: () => Promise<Home>): Promise<Figures> {
  const twins = await startTwins(CUSTOMERS);
  try {
    return await within(make, (home) => {
      say(`${CUSTOMERS} customers on ${home.name}`);
      return measure(twins, home, say);
    });
  } finally {
    await twins.stop();
  }
}

const databases = homes(process.env.TEST_DATABASE_URL);
const figures: Figures[] = [];
for (const make of databases) figures.push(await onDatabase(make));
const looks: Looks[] = [];
for (const customers of WORLDS) {
  const [file] = databases;
  say(`looks at ${customers} customers`);
  if (file !== undefined) looks.push(await within(file, (home) => lookAt(customers, home)));
}
if (databases.length === 1) say("without PostgreSQL: TEST_DATABASE_URL is not set");
process.stdout.write(write({ customers: CUSTOMERS, figures, looks }));
say("done");
