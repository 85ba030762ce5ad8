import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRandom } from "../../src/sandbox/world/random.ts";
import type { WireCustomer } from "../../src/sandbox/world/wire-customer.ts";
import { crawlsIn, isWholeSweep } from "../support/bot-logs.ts";
import { type BotProcess, spawnBot } from "../support/bot-process.ts";
import { startChurn } from "../support/churn.ts";
import {
  type DatabaseRows,
  expectedSummary,
  expireLeases,
  readDatabaseRows,
  readSnapshot,
  type TransitionRow,
  toComparable,
  wireToComparable,
} from "../support/database-rows.ts";
import { createDatabase, type TemporaryDatabase } from "../support/databases.ts";
import { environmentOf, freePort, type Journey, startJourney } from "../support/journey.ts";
import { falselyCompleteSweeps, killedDuringSweep, type ProcessLifetime } from "../support/sweep-checks.ts";
import { transitionErrors } from "../support/transition-checks.ts";
import { until } from "../support/until.ts";

const SEED = 20;
const KILLS = Number(process.env.KILLS ?? 10);
const CUSTOMERS = 400;
const QUICK = { SWEEP_INTERVAL: "200ms", WATCH_INTERVAL: "1s", API_CALLS_PER_MINUTE: "1000000" };
/** What a page takes, so that a kill falls now between two pages and now into what a page writes. */
const PAGE_MS = 20;
/** After how many calls a bot dies, at the earliest: in its first sweep, its second or its third. */
const CALLS = 10;

let journey: Journey;
let database: TemporaryDatabase;
let env: Record<string, string>;
let bot: BotProcess;

beforeEach(async () => {
  journey = await startJourney({ customers: CUSTOMERS, seed: SEED });
  database = await createDatabase();
  const port = String(await freePort());
  const at = { PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}` };
  env = { ...journey.env, ...environmentOf(database.location), ...QUICK, ...at };
});
afterEach(async () => {
  if (bot.child.exitCode === null && bot.child.signalCode === null) await bot.kill("SIGKILL");
  await journey.stop();
  await database.remove();
});

/** Resolves after so many calls to the Wholesale API, with a page of a sweep that is not its last. */
async function called(times: number): Promise<void> {
  let left = times;
  let ignore = () => {};
  const enough = new Promise<"called">((resolve) => {
    ignore = journey.world.events.subscribe((told) => {
      if (told.type !== "call" || told.data.api !== "wholesale") return;
      left -= 1;
      if (left <= 0 && told.data.hasNext && !told.data.query.includes("status=")) resolve("called");
    });
  });
  const first = await Promise.race([enough, bot.exitCode()]);
  ignore();
  if (first !== "called") throw new Error(`the bot ended by itself: ${bot.output()}`);
}

async function liveAndDie(calls: number, waitMs: number): Promise<ProcessLifetime> {
  const bornAt = Date.now();
  bot = spawnBot(env);
  await called(calls);
  await sleep(waitMs);
  const killedAt = Date.now();
  await bot.kill("SIGKILL");
  return { bornAt, killedAt, deadAt: Date.now(), output: bot.output() };
}

/** Two sweeps that saw the world as it is now, from its first page to its last: only then is anybody removed. */
async function sweepToTheEnd(): Promise<ProcessLifetime> {
  const bornAt = Date.now();
  bot = spawnBot(env);
  await until(() => expect(crawlsIn(bot.output()).filter(isWholeSweep).length).toBeGreaterThanOrEqual(2));
  const killedAt = Date.now();
  expect(await bot.kill("SIGTERM")).toBe(0);
  return { bornAt, killedAt, deadAt: Date.now(), output: bot.output() };
}

async function world(): Promise<readonly WireCustomer[]> {
  const { items, total } = await journey.sandbox<{ items: WireCustomer[]; total: number }>(
    "GET",
    "/customers?max=1000",
  );
  expect(items).toHaveLength(total);
  return items;
}

const byId = (a: { readonly id: string }, b: { readonly id: string }) => (a.id < b.id ? -1 : 1);
const byKey = (a: object, b: object) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);

async function expectTheWorld(): Promise<void> {
  const { records, summary } = await readSnapshot(database.location);
  const there = (await world()).map(wireToComparable);
  expect(records.map(({ customer }) => toComparable(customer)).sort(byId)).toEqual(there.sort(byId));
  const counted = expectedSummary(there);
  expect(summary.total).toBe(counted.total);
  for (const part of ["byStatus", "byPackage", "byCode"] as const) {
    expect([...summary[part]].sort(byKey)).toEqual([...counted[part]].sort(byKey));
  }
}

/** What was in the history at any time is in it now, unchanged. */
function expectKept(steps: readonly TransitionRow[], before: readonly TransitionRow[]): void {
  const now = new Map(steps.map((step) => [step.id, step]));
  expect(before.filter((step) => JSON.stringify(now.get(step.id)) !== JSON.stringify(step))).toEqual([]);
}

/** What a life told in its log that it had written is written: so much at least by the time of each line. */
function expectAsTold(steps: readonly TransitionRow[], lives: readonly ProcessLifetime[]): void {
  const unwritten = lives.flatMap(({ bornAt, output }) => {
    let told = 0;
    return crawlsIn(output).filter(({ event, endedAt, changed }) => {
      if (event.endsWith(".complete")) told += changed;
      return steps.filter(({ at }) => at >= bornAt && at <= endedAt).length < told;
    });
  });
  expect(unwritten).toEqual([]);
}

test(`${KILLS} times kill -9 during sweeps of a world in motion: the snapshot is the world, and the history is whole`, async () => {
  const { location } = database;
  const roll = createRandom(SEED, 1);
  journey.world.faults.add({ api: "wholesale", path: "/wholesale/customers", delayMs: PAGE_MS });
  const refusals = {
    api: "wholesale",
    path: "/wholesale/customers",
    status: 403,
    probability: 0.04,
  } as const;
  journey.world.faults.add(refusals);
  const churn = startChurn(journey, SEED);
  const lives: ProcessLifetime[] = [];
  let kept: readonly TransitionRow[] = [];
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const calls = 1 + Math.floor(roll() * CALLS);
    lives.push(await liveAndDie(calls, roll() * 2 * PAGE_MS));
    // To look at the file is to mend its journal; most of the time that is left to the next process.
    if (kill % 5 === 0) {
      const { steps } = await readDatabaseRows(location);
      expectKept(steps, kept);
      kept = steps;
    }
    if (location.databaseUrl !== undefined) await expireLeases(location);
  }
  const changes = await churn.stop();
  journey.world.faults.clear();
  lives.push(await sweepToTheEnd());

  const ledger = await readDatabaseRows(location);
  const { records } = await readSnapshot(location);
  await expectTheWorld();
  expect(transitionErrors(ledger, records, churn)).toEqual([]);
  expectKept(ledger.steps, kept);
  expectAsTold(ledger.steps, lives);
  expect(falselyCompleteSweeps(ledger, { ...churn, lives, atFirst: CUSTOMERS })).toEqual([]);
  const midway = killedDuringSweep(ledger, lives.slice(0, KILLS));
  expect(midway).toBeGreaterThan(0);

  const count = (is: (sweep: DatabaseRows["sweeps"][number]) => boolean) => ledger.sweeps.filter(is).length;
  process.stdout.write(
    `${KILLS} kills, ${midway} of them during a sweep, ${changes} changes; sweeps: ${count(({ state }) => state === "complete")} complete, ` +
      `${count(({ state }) => state === "failed")} failed, ${count(({ resumed }) => resumed === 1)} resumed; ` +
      `${ledger.steps.length} transitions, ${kept.length} of them before the last kill\n`,
  );
});
