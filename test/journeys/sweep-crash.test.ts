import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createRandom } from "../../src/sandbox/world/random.ts";
import type { WireCustomer } from "../../src/sandbox/world/wire-customer.ts";
import { crawlsIn, isWholeSweep } from "../support/bot-logs.ts";
import { type BotProcess, environmentFor, spawnBot, waitForCall } from "../support/bot-process.ts";
import { startChurn } from "../support/churn.ts";
import {
  type DatabaseRows,
  expectedSummary,
  type TransitionRow,
  toComparable,
  wireToComparable,
} from "../support/database-rows.ts";
import { createDatabase, type TemporaryDatabase } from "../support/databases.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { killedDuringSweep, type ProcessLifetime, wronglyJudgedSweeps } from "../support/sweep-checks.ts";
import { transitionErrors } from "../support/transition-checks.ts";
import { until } from "../support/until.ts";
import { visit } from "../support/visit.ts";

const SEED = 20;
const KILLS = Number(process.env.KILLS ?? 4);
const CUSTOMERS = 400;
const INTERVALS = { SWEEP_INTERVAL: "200ms", WATCH_INTERVAL: "1s", API_CALLS_PER_MINUTE: "1000000" };
/** The delay of each page: time for a kill between two pages or while a page is being written. */
const PAGE_MS = 20;
/** A process is killed after at most so many calls: in its first, second or third sweep. */
const MAX_CALLS = 10;

let journey: Journey;
let database: TemporaryDatabase;
let env: Record<string, string>;
let bot: BotProcess;

beforeEach(async () => {
  journey = await startJourney({ customers: CUSTOMERS, seed: SEED });
  database = await createDatabase();
  env = await environmentFor(journey, database.location, INTERVALS);
});
afterEach(async () => {
  if (bot.isRunning()) await bot.kill("SIGKILL");
  await journey.stop();
  await database.remove();
});

/** Waits for so many calls to the Wholesale API, and for a page of a sweep that is not its last. */
function waitForPage(calls: number): Promise<void> {
  let left = calls;
  return waitForCall(journey, bot, ({ api, hasNext, query }) => {
    if (api === "wholesale") left -= 1;
    return api === "wholesale" && left <= 0 && hasNext === true && !query.includes("status=");
  });
}

async function runProcess(end: () => Promise<unknown>, signal: NodeJS.Signals): Promise<ProcessLifetime> {
  const spawnedAt = Date.now();
  bot = spawnBot(env);
  await end();
  const killedAt = Date.now();
  const exitCode = await bot.kill(signal);
  if (signal === "SIGTERM") expect(exitCode).toBe(0);
  return { spawnedAt, killedAt, exitedAt: Date.now(), output: bot.output() };
}

/** Kills a process after a page: at once, or while it writes the page. The delay spreads the kills; no result depends on it. */
const runAndKill = (calls: number, delayMs: number) =>
  runProcess(async () => {
    await waitForPage(calls);
    if (delayMs > 0) await sleep(delayMs);
  }, "SIGKILL");

/** Sweeps the final world twice, from the first page to the last: only then are customers removed. */
const sweepToTheEnd = () =>
  runProcess(
    () => until(() => expect(crawlsIn(bot.output()).filter(isWholeSweep).length).toBeGreaterThanOrEqual(2)),
    "SIGTERM",
  );

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

async function expectSnapshotOfWorld(): Promise<void> {
  const { records, summary } = await visit("readSnapshot", database.location);
  const customers = (await world()).map(wireToComparable);
  expect(records.map(({ customer }) => toComparable(customer)).sort(byId)).toEqual(customers.sort(byId));
  const expected = expectedSummary(customers);
  expect(summary.total).toBe(expected.total);
  for (const part of ["byStatus", "byPackage", "byCode"] as const) {
    expect([...summary[part]].sort(byKey)).toEqual([...expected[part]].sort(byKey));
  }
}

/** Every earlier transition is still there, unchanged. */
function expectKept(steps: readonly TransitionRow[], before: readonly TransitionRow[]): void {
  const now = new Map(steps.map((step) => [step.id, step]));
  expect(before.filter((step) => JSON.stringify(now.get(step.id)) !== JSON.stringify(step))).toEqual([]);
}

/** At the time of each log line, at least as many transitions were written as the process had logged. */
function expectAsLogged(steps: readonly TransitionRow[], processes: readonly ProcessLifetime[]): void {
  const unwritten = processes.flatMap(({ spawnedAt, output }) => {
    let logged = 0;
    return crawlsIn(output).filter(({ event, endedAt, changed }) => {
      if (event.endsWith(".complete")) logged += changed;
      return steps.filter(({ at }) => at >= spawnedAt && at <= endedAt).length < logged;
    });
  });
  expect(unwritten).toEqual([]);
}

test(`${KILLS} times kill -9 during sweeps of a changing world: the snapshot equals the world, and the history is complete`, async () => {
  const { location } = database;
  const random = createRandom(SEED, 1);
  const listCalls = { api: "wholesale", path: "/wholesale/customers" } as const;
  journey.world.faults.add({ ...listCalls, delayMs: PAGE_MS });
  journey.world.faults.add({ ...listCalls, status: 403, probability: 0.04 });
  const churn = startChurn(journey, SEED);
  const processes: ProcessLifetime[] = [];
  let kept: readonly TransitionRow[] = [];
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const calls = 1 + Math.floor(random() * MAX_CALLS);
    processes.push(await runAndKill(calls, kill % 2 === 0 ? random() * 2 * PAGE_MS : 0));
    // Reading the file repairs its journal; most of the time that is left to the next process.
    if (kill % 5 === 0) {
      const { steps } = await visit("readDatabaseRows", location);
      expectKept(steps, kept);
      kept = steps;
    }
    if (location.databaseUrl !== undefined) await visit("expireLeases", location);
  }
  const changes = await churn.stop();
  journey.world.faults.clear();
  processes.push(await sweepToTheEnd());

  const rows = await visit("readDatabaseRows", location);
  const { records } = await visit("readSnapshot", location);
  await expectSnapshotOfWorld();
  expect(transitionErrors(rows, records, churn)).toEqual([]);
  expectKept(rows.steps, kept);
  expectAsLogged(rows.steps, processes);
  expect(wronglyJudgedSweeps(rows, { ...churn, processes, initialCount: CUSTOMERS })).toEqual([]);
  const midway = killedDuringSweep(rows, processes.slice(0, KILLS));
  expect(midway).toBeGreaterThan(0);

  const count = (is: (sweep: DatabaseRows["sweeps"][number]) => boolean) => rows.sweeps.filter(is).length;
  process.stdout.write(
    `${KILLS} kills, ${midway} of them during a sweep, ${changes} changes; sweeps: ${count(({ state }) => state === "complete")} complete, ` +
      `${count(({ state }) => state === "failed")} failed, ${count(({ resumed }) => resumed === 1)} resumed; ` +
      `${rows.steps.length} transitions, ${kept.length} of them before the last kill\n`,
  );
});
