import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createRandom } from "../../src/sandbox/world/random.ts";
import { SHORT_INTERVALS } from "../support/alert-journey.ts";
import { type AlertRoom, recoveriesWithoutAlert, sentNoticesOf, unwatchedAlerts } from "../support/alert-rows.ts";
import { holderIn, overlappingSweeps } from "../support/bot-logs.ts";
import { type BotProcess, environmentFor, spawnBot, startBotProcess } from "../support/bot-process.ts";
import { type Churn, startChurn } from "../support/churn.ts";
import {
  createWatchingRooms,
  expectAgreement,
  failSomePosts,
  waitForCalls,
  waitForPost,
  waitUntilQueuesEmpty,
} from "../support/crash-alerts.ts";
import { createDatabase, type TemporaryDatabase } from "../support/databases.ts";
import { episodeEvidence, episodeOutcomes, errorEpisodes, unobservedEpisodes } from "../support/error-episodes.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { notifiedDifferences } from "../support/notified-differences.ts";
import { isRepeat, type Post, recordPosts, unmarkedRepeats, unrecordedPosts } from "../support/posts.ts";
import { until } from "../support/until.ts";
import { visit } from "../support/visit.ts";

const SEED = 41;
const KILLS = Number(process.env.KILLS ?? 3);
/** Few enough for one page, so that no customer moves to another page when one is removed. */
const CUSTOMERS = 30;
const PAUSE_MS = 200;
const INTERVALS = { ...SHORT_INTERVALS, REOPEN_WINDOW: "10s" };
/** A process is killed after at most so many calls, and half the time at its next post. */
const MAX_CALLS = 15;
const MAX_CALLS_AT_START = 6;
/** An error must be notified within so many sweeps, although a process may die right after each post. */
const MAX_SWEEPS = 30;

let journey: Journey;
let database: TemporaryDatabase;
let instances: Instance[];
let churn: Churn | undefined;

/** One instance of the bot: its processes follow one another on the same port. */
interface Instance {
  readonly env: Readonly<Record<string, string>>;
  bot: BotProcess;
  /** The output of its earlier processes. */
  readonly outputs: string[];
}

beforeEach(async () => {
  journey = await startJourney({ customers: CUSTOMERS, seed: SEED });
  database = await createDatabase();
  instances = [];
  churn = undefined;
});
afterEach(async () => {
  await churn?.stop();
  await Promise.all(instances.filter(({ bot }) => bot.isRunning()).map(({ bot }) => bot.kill("SIGKILL")));
  await journey.stop();
  await database.remove();
});

/** @param extra the address of the webhooks, where another instance receives them */
async function startInstance(extra: Readonly<Record<string, string>> = {}): Promise<Instance> {
  const env = await environmentFor(journey, database.location, { ...INTERVALS, ...extra });
  const instance = { env, bot: await startBotProcess(env), outputs: [] };
  instances.push(instance);
  return instance;
}

const holderOf = ({ bot }: Instance) => holderIn(bot.output());
const waitForStart = (instance: Instance) => until(() => expect(holderOf(instance)).toBeDefined());

/** Kills a process: one time in five while it starts, else after a random number of calls, half the time at its next post. */
async function killAtRandom(instance: Instance, random: () => number): Promise<void> {
  const [isEarly, isAtPost, isAtOnce] = [random() < 0.2, random() < 0.5, random() < 0.5];
  const { bot } = instance;
  if (!isEarly) await waitForStart(instance);
  const calls = Math.floor(random() * (isEarly ? MAX_CALLS_AT_START : MAX_CALLS));
  if (calls > 0) await waitForCalls(journey, bot, calls);
  if (!isEarly && isAtPost) await waitForPost(journey, bot);
  if (!isAtOnce) await waitForCalls(journey, bot, 1);
  await bot.kill("SIGKILL");
  instance.outputs.push(bot.output());
}

interface Result {
  readonly rooms: readonly AlertRoom[];
  readonly churn: Churn;
  readonly changes: number;
  readonly posts: readonly Post[];
}

/** Kills processes while packages change and Webex often fails; then waits until all is quiet. */
async function runWithKills(kill: (random: () => number) => Promise<void>): Promise<Result> {
  const rooms = await createWatchingRooms(journey);
  const { posts, unsubscribe } = recordPosts(journey);
  failSomePosts(journey);
  churn = startChurn(journey, SEED, PAUSE_MS);
  const random = createRandom(SEED, 3);
  for (let nth = 1; nth <= KILLS; nth += 1) await kill(random);
  const changes = await churn.stop();
  await waitUntilQueuesEmpty(database.location, () => instances.map(({ bot }) => bot.output()));
  journey.world.faults.clear();
  unsubscribe();
  await expectAgreement(journey, rooms);
  return { rooms, churn, changes, posts };
}

/** Compares every notice with everything that happened, and prints the figures. */
async function expectCorrectNotices({ rooms, churn, posts, changes }: Result, what: string): Promise<void> {
  const rows = await visit("readAlertRows", database.location);
  const episodes = errorEpisodes(churn.changes);
  expect(unobservedEpisodes(rows, episodes)).toEqual([]);
  const outcomes = rooms.map(({ roomId, isWatching }) =>
    episodeOutcomes(
      rows,
      episodes.filter(({ item }) => isWatching(item)),
      roomId,
    ),
  );
  const notified = outcomes.flatMap((outcome) => outcome.notified);
  const missed = outcomes.flatMap((outcome) => outcome.missed);
  const longest = Math.max(0, ...missed.map(({ sweeps }) => sweeps));
  const lost = missed.filter(({ sweeps, wasInLaterMessage }) => wasInLaterMessage || sweeps > MAX_SWEEPS);
  const sent = rooms.flatMap(({ roomId }) => [...sentNoticesOf(rows, roomId).values()].flat());
  const count = (...kinds: readonly string[]) => sent.filter(({ kind }) => kinds.includes(kind)).length;
  process.stdout.write(
    `${what}: ${changes} changes, ${episodes.length} errors, ${rows.alerts.length} alerts; ` +
      `openings sent ${count("alert", "reopen", "flapping-end")}, retries ${count("retry")}, recoveries ${count("recovery")}, ` +
      `flapping ${count("flapping")}; messages ${posts.length}, marked as repeats ${posts.filter(isRepeat).length}, ` +
      `posted twice ${unrecordedPosts(posts, rows).length}; errors notified ${notified.length}, ` +
      `over before that ${missed.length} (the longest during ${longest} sweeps), lost ${lost.length}\n`,
  );
  expect(rows.outbox.filter(({ state }) => !["sent", "cancelled"].includes(state))).toEqual([]);
  expect(lost.map((outcome) => episodeEvidence(rows, posts, outcome))).toEqual([]);
  expect(rooms.flatMap(({ roomId }) => recoveriesWithoutAlert(rows, roomId))).toEqual([]);
  expect(unmarkedRepeats(posts, rows)).toEqual([]);
  const customers = Array.from(journey.world.customers.matching({}), ({ customer }) => customer);
  expect(rooms.flatMap((room) => unwatchedAlerts(rows, room))).toEqual([]);
  expect(rooms.flatMap((room) => notifiedDifferences(customers, rows, room))).toEqual([]);
}

test(`ALERTS 25, 28: ${KILLS} times kill -9 while packages fail and recover: every space is notified, and no repeat lacks its mark`, async () => {
  const instance = await startInstance();
  const result = await runWithKills(async (random) => {
    await killAtRandom(instance, random);
    if (database.location.databaseUrl !== undefined) await visit("expireLeases", database.location);
    instance.bot = spawnBot(instance.env);
  });
  expect(await instance.bot.kill("SIGTERM")).toBe(0);
  const kind = database.location.databaseUrl === undefined ? "file" : "PostgreSQL";
  await expectCorrectNotices(result, `${KILLS} kills, ${kind}`);
});

describe.runIf(process.env.TEST_DATABASE_URL)("PostgreSQL", () => {
  test(`ALERTS 25, 28: two instances, ${KILLS} times kill -9 of one or the other: the same, and one sweep at a time`, async () => {
    const first = await startInstance();
    const both = [first, await startInstance({ PUBLIC_URL: first.env.PUBLIC_URL ?? "" })] as const;
    const result = await runWithKills(async (random) => {
      const [victim, other] = random() < 0.5 ? both : [both[1], both[0]];
      await waitForStart(other);
      await killAtRandom(victim, random);
      await visit("expireLeases", database.location, [holderOf(other) ?? ""]);
      victim.bot = spawnBot(victim.env);
    });
    for (const { bot } of both) expect(await bot.kill("SIGTERM")).toBe(0);
    await expectCorrectNotices(result, `${KILLS} kills, two instances`);
    const outputs = both.map(({ bot, outputs }) => [...outputs, bot.output()].join("\n"));
    expect(overlappingSweeps(outputs)).toEqual([]);
  });
});
