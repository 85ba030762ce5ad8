import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createRandom } from "../../src/sandbox/world/random.ts";
import { SHORT_INTERVALS } from "../support/alert-journey.ts";
import {
  type AlertRoom,
  readAlertRows,
  recoveriesWithoutAlert,
  sentNoticesOf,
  unwatchedAlerts,
} from "../support/alert-rows.ts";
import { holderIn, overlappingSweeps } from "../support/bot-logs.ts";
import { type BotProcess, spawnBot, waitUntilReady } from "../support/bot-process.ts";
import { type Churn, startChurn } from "../support/churn.ts";
import {
  createWatchingRooms,
  expectAgreement,
  failSomePosts,
  nextPost,
  waitUntilQueuesEmpty,
} from "../support/crash-alerts.ts";
import { expireLeases } from "../support/database-rows.ts";
import { createDatabase, type TemporaryDatabase } from "../support/databases.ts";
import { episodeEvidence, episodeOutcomes, errorEpisodes, unobservedEpisodes } from "../support/error-episodes.ts";
import { environmentOf, freePort, type Journey, startJourney } from "../support/journey.ts";
import { notifiedDifferences } from "../support/notified-differences.ts";
import { isRepeat, type Post, recordPosts, unmarkedRepeats, unrecordedPosts } from "../support/posts.ts";
import { until } from "../support/until.ts";

const SEED = 41;
const KILLS = Number(process.env.KILLS ?? 8);
/** Few enough for one page, so that nobody is out of a sweep's sight because somebody else went. */
const CUSTOMERS = 30;
const PAUSE_MS = 200;
const QUICK = { ...SHORT_INTERVALS, REOPEN_WINDOW: "10s" };
/** How long a process is left alone, at the most, and then until it posts something. */
const LIFE_MS = 1_500;
/** Within how many sweeps an error is told, although a process may die whenever it has just posted something. */
const PATIENCE = 30;

let journey: Journey;
let database: TemporaryDatabase;
let bots: Running[];
let churn: Churn | undefined;

interface Running {
  readonly env: Record<string, string>;
  readonly port: number;
  bot: BotProcess;
  /** What its lives before this one printed. */
  readonly outputs: string[];
}

beforeEach(async () => {
  journey = await startJourney({ customers: CUSTOMERS, seed: SEED });
  database = await createDatabase();
  bots = [];
  churn = undefined;
});
afterEach(async () => {
  await churn?.stop();
  await Promise.all(bots.filter(isAlive).map(({ bot }) => bot.kill("SIGKILL")));
  await journey.stop();
  await database.remove();
});

const isAlive = ({ bot: { child } }: Running) => child.exitCode === null && child.signalCode === null;

async function start(hears?: Running): Promise<Running> {
  const port = await freePort();
  const at = { PORT: String(port), PUBLIC_URL: hears?.env.PUBLIC_URL ?? `http://127.0.0.1:${port}` };
  const env = { ...journey.env, ...environmentOf(database.location), ...QUICK, ...at };
  const running = { env, port, bot: spawnBot(env), outputs: [] };
  bots.push(running);
  await waitUntilReady(port);
  return running;
}

const holderOf = ({ bot }: Running) => holderIn(bot.output());

interface Ended {
  readonly rooms: readonly AlertRoom[];
  readonly turns: Churn["changes"];
  readonly posts: readonly Post[];
  readonly changes: number;
  readonly began: number;
}

/** Holds all that was said against all that happened, and tells the figures. */
async function expectToldRight({ rooms, turns, posts, changes, began }: Ended, what: string): Promise<void> {
  const ledger = await readAlertRows(database.location);
  const entries = errorEpisodes(turns);
  expect(unobservedEpisodes(ledger, entries)).toEqual([]);
  const fates = rooms.map(({ roomId, isWatching }) =>
    episodeOutcomes(
      ledger,
      entries.filter(({ item }) => isWatching(item)),
      roomId,
    ),
  );
  const told = fates.flatMap((fate) => fate.notified);
  const missed = fates.flatMap((fate) => fate.missed);
  const longest = Math.max(0, ...missed.map(({ chances }) => chances));
  const lost = missed.filter(({ chances, wasInLaterMessage }) => wasInLaterMessage || chances > PATIENCE);
  const sent = rooms.flatMap(({ roomId }) => [...sentNoticesOf(ledger, roomId).values()].flat());
  const count = (...kinds: readonly string[]) => sent.filter(({ kind }) => kinds.includes(kind)).length;
  const orphans = unrecordedPosts(posts, ledger);
  process.stdout.write(
    `${what}: ${changes} changes, ${entries.length} entries into error, ${ledger.alerts.length} alerts; ` +
      `opens told ${count("alert", "reopen", "flapping-end")}, retries ${count("retry")}, recoveries ${count("recovery")}, ` +
      `flapping ${count("flapping")}; messages ${posts.length}, marked as repeats ${posts.filter(isRepeat).length}, ` +
      `said twice ${orphans.length}; entries told ${told.length}, over before they could be told ${missed.length} ` +
      `(the longest during ${longest} sweeps), lost ${lost.length}; ${((Date.now() - began) / 1000).toFixed(0)} s\n`,
  );
  expect(ledger.outbox.filter(({ state }) => !["sent", "cancelled"].includes(state))).toEqual([]);
  expect(lost.map((fate) => episodeEvidence(ledger, posts, fate))).toEqual([]);
  expect(rooms.flatMap(({ roomId }) => recoveriesWithoutAlert(ledger, roomId))).toEqual([]);
  expect(unmarkedRepeats(posts, ledger)).toEqual([]);
  const customers = Array.from(journey.world.customers.matching({}), ({ customer }) => customer);
  expect(rooms.flatMap((room) => unwatchedAlerts(ledger, room))).toEqual([]);
  expect(rooms.flatMap((room) => notifiedDifferences(customers, ledger, room))).toEqual([]);
}

/** The world in motion, and a Webex that often fails, while `kill` kills; then quiet. */
async function live(kill: (roll: () => number, nth: number) => Promise<void>): Promise<Ended> {
  const rooms = await createWatchingRooms(journey);
  const { posts, ignore } = recordPosts(journey);
  const began = Date.now();
  failSomePosts(journey);
  churn = startChurn(journey, SEED, PAUSE_MS);
  const roll = createRandom(SEED, 3);
  for (let nth = 1; nth <= KILLS; nth += 1) await kill(roll, nth);
  const changes = await churn.stop();
  const [{ port } = { port: 0 }] = bots;
  await waitUntilQueuesEmpty(port, () => bots.map(({ bot }) => bot.output()));
  journey.world.faults.clear();
  ignore();
  await expectAgreement(journey, rooms);
  return { rooms, turns: churn.changes, posts, changes, began };
}

/** Some time in its life, one time in five while it is still starting; else every second time just as it has posted something. */
async function waitToKill(running: Running, roll: () => number): Promise<void> {
  const [isEarly, isPosting, isAtOnce] = [roll() < 0.2, roll() < 0.5, roll() < 0.5];
  if (!isEarly) await hasStarted(running);
  await sleep(roll() * LIFE_MS);
  if (!isEarly && isPosting) await nextPost(journey, LIFE_MS);
  if (!isAtOnce) await sleep(roll() * 30);
}

const hasStarted = (running: Running) => until(() => expect(holderOf(running)).toBeDefined());

async function kill(running: Running): Promise<void> {
  await running.bot.kill("SIGKILL");
  running.outputs.push(running.bot.output());
}

test(`ALERTS 25, 28: ${KILLS} times kill -9 while packages fail and recover: every space is told, and nothing twice without a mark`, async () => {
  const running = await start();
  const ended = await live(async (roll) => {
    await waitToKill(running, roll);
    await kill(running);
    if (database.location.databaseUrl !== undefined) await expireLeases(database.location);
    running.bot = spawnBot(running.env);
  });
  expect(await running.bot.kill("SIGTERM")).toBe(0);
  const kind = database.location.databaseUrl === undefined ? "file" : "PostgreSQL";
  await expectToldRight(ended, `${KILLS} kills, ${kind}`);
});

describe.runIf(process.env.TEST_DATABASE_URL)("PostgreSQL", () => {
  test(`ALERTS 25, 28: two instances, ${KILLS} times kill -9 of one or the other: the same, and one sweep at a time`, async () => {
    const first = await start();
    const both = [first, await start(first)] as const;
    const ended = await live(async (roll) => {
      const [victim, other] = roll() < 0.5 ? both : [both[1], both[0]];
      await hasStarted(other);
      await waitToKill(victim, roll);
      await kill(victim);
      await expireLeases(database.location, [holderOf(other) ?? ""]);
      victim.bot = spawnBot(victim.env);
    });
    for (const { bot } of both) expect(await bot.kill("SIGTERM")).toBe(0);
    await expectToldRight(ended, `${KILLS} kills, two instances`);
    const outputs = both.map(({ bot, outputs }) => [...outputs, bot.output()].join("\n"));
    expect(overlappingSweeps(outputs)).toEqual([]);
  });
});
