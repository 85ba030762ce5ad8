import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createDice } from "../../src/sandbox/dice.ts";
import type { WireCustomer } from "../../src/sandbox/wire.ts";
import {
  type AlertLedger,
  atOnce,
  beliefsOf,
  readAlertLedger,
  recoveriesAlone,
  walksIn,
} from "../support/alert-ledger.ts";
import { SHORT, watchIn } from "../support/alerting.ts";
import { type Churn, startChurn } from "../support/churn.ts";
import { type HomeToRemove, makeHome } from "../support/databases.ts";
import { entriesOf, fatesOf, unseen } from "../support/entries.ts";
import { environmentOf, freePort, type Journey, startJourney } from "../support/journey.ts";
import { endLeases } from "../support/ledger.ts";
import { isRepeat, listenToPosts, orphansOf, type Post, unmarked } from "../support/posts.ts";
import { type BotProcess, spawnBot, untilReady } from "../support/process.ts";

const SEED = 41;
const KILLS = Number(process.env.KILLS ?? 12);
/** Few enough for one page, so that nobody is out of a sweep's sight because somebody else went. */
const CUSTOMERS = 30;
const PAUSE_MS = 200;
const QUICK = { ...SHORT, REOPEN_WINDOW: "10s" };
/** How long a process lives, at the most, once it has started. */
const LIFE_MS = 2_500;
/** 5 % of what the bot posts, in three ways. */
const SHARE = 0.05 / 3;
/** In which time an error is told, whatever happens to Webex and to the bot meanwhile. */
const PATIENCE_MS = 20_000;

interface Room {
  readonly roomId: string;
  readonly wants: (item: string) => boolean;
}

let journey: Journey;
let database: HomeToRemove;
let bots: Running[];

interface Running {
  readonly env: Record<string, string>;
  readonly port: number;
  bot: BotProcess;
  /** What its lives before this one printed. */
  readonly outputs: string[];
}

beforeEach(async () => {
  journey = await startJourney({ customers: CUSTOMERS, seed: SEED });
  database = await makeHome();
  bots = [];
});
afterEach(async () => {
  await Promise.all(bots.filter(isAlive).map(({ bot }) => bot.end("SIGKILL")));
  await journey.end();
  await database.remove();
});

const isAlive = ({ bot: { child } }: Running) => child.exitCode === null && child.signalCode === null;

async function start(hears?: Running): Promise<Running> {
  const port = await freePort();
  const at = { PORT: String(port), PUBLIC_URL: hears?.env.PUBLIC_URL ?? `http://127.0.0.1:${port}` };
  const env = { ...journey.env, ...environmentOf(database.home), ...QUICK, ...at };
  const running = { env, port, bot: spawnBot(env), outputs: [] };
  bots.push(running);
  await untilReady(port);
  return running;
}

/** What it calls itself where it holds something. */
const holderOf = ({ bot }: Running) => /"app\.started".*"holder":"([^"]+)"/.exec(bot.output())?.[1];

/** Resolves when the bot posts something next, or after this time. */
async function posting(withinMs: number): Promise<void> {
  let ignore = () => {};
  const posted = new Promise<void>((resolve) => {
    ignore = journey.world.news.listen((told) => {
      const isPost = told.type === "call" && told.data.by === "bot" && told.data.method === "POST";
      if (isPost && told.data.path.endsWith("/messages")) resolve();
    });
  });
  await Promise.race([posted, sleep(withinMs)]);
  ignore();
}

async function watchingRooms(): Promise<readonly Room[]> {
  const operator = journey.person("operator");
  const bot = journey.world.people.bot.id;
  const open = async (title: string) => {
    const { id } = await operator.call<{ id: string }>("POST", "/rooms", { title });
    await operator.call("POST", "/memberships", { roomId: id, personId: bot });
    return id;
  };
  const [calling, muted] = [await open("Calling"), await open("Muted")];
  await watchIn(journey);
  await watchIn(journey, "package=webex_calling", calling);
  await watchIn(journey, "", muted);
  await operator.ask('mute package=webex_meetings for=7d because="maintenance"', { roomId: muted });
  return [
    { roomId: journey.groupRoom, wants: () => true },
    { roomId: calling, wants: (item) => item === "webex_calling" },
    { roomId: muted, wants: (item) => item !== "webex_meetings" },
  ];
}

function strike(): void {
  const posts = { api: "webex", path: "/messages", method: "POST", probability: SHARE } as const;
  journey.world.faults.add({ ...posts, status: 429, retryAfter: 1 });
  journey.world.faults.add({ ...posts, status: 500 });
  journey.world.faults.add({ ...posts, drop: true });
}

/** Waits until everything has been read several times since, and nothing is owed to anybody. */
async function settle(): Promise<void> {
  const since = Date.now();
  const wholly = () =>
    bots
      .flatMap(({ bot }) => walksIn(bot.output()))
      .filter(({ event, startedAt, resumed }) => event === "sweep.complete" && startedAt > since && !resumed)
      .length;
  const often = { timeout: 120_000, interval: 200 };
  await vi.waitFor(() => expect(wholly()).toBeGreaterThanOrEqual(4), often);
  const [{ port } = { port: 0 }] = bots;
  await vi.waitFor(async () => {
    const health = await (await fetch(`http://127.0.0.1:${port}/readyz`)).text();
    if (!health.includes("nothing waits")) throw new Error(health);
  }, often);
}

const figure = (text: string, title: string) =>
  Number(new RegExp(`${title}: (\\d+)`).exec(text)?.[1] ?? Number.NaN);

async function expectAgreement(rooms: readonly Room[]): Promise<void> {
  for (const { roomId } of rooms) {
    const { text = "" } = await journey.person("operator").ask("verify", { roomId });
    expect(text).toMatch(/^.?.?In agreement/);
    for (const title of ["Waiting", "Not seen yet", "Unexplained"]) expect(figure(text, title)).toBe(0);
  }
}

async function world(): Promise<readonly WireCustomer[]> {
  const { items, total } = await journey.sandbox<{ items: WireCustomer[]; total: number }>(
    "GET",
    "/customers?max=1000",
  );
  expect(items).toHaveLength(total);
  return items;
}

const keyOf = (id: string, item: string): string => `${id} ${item}`;

/** What a space believes is what is so: of each package in error that it wants to hear of, and of nothing else. */
async function differencesFrom(ledger: AlertLedger, { roomId, wants }: Room): Promise<readonly unknown[]> {
  const there = new Map(
    (await world()).flatMap(({ id, resourceDetails: { packages } }) =>
      packages.map(({ name, status }) => [keyOf(id, name), status] as const),
    ),
  );
  const alerts = new Map(ledger.alerts.map((alert) => [alert.id, alert]));
  const told = ledger.announced
    .filter((row) => row.roomId === roomId)
    .flatMap((row) => {
      const alert = alerts.get(row.alertId);
      return alert === undefined || alert.item === "*"
        ? []
        : [{ ...row, key: keyOf(alert.customerId, alert.item), alert }];
    });
  const bad = [...there].filter(([key, status]) => status === "error" && wants(key.split(" ")[1] ?? ""));
  const flapping = new Set(
    ledger.alerts
      .filter(({ alert }) => alert.includes('"flapping"'))
      .map(({ customerId, item }) => keyOf(customerId, item)),
  );
  const isOnItsWay = (status = "provisioned") => !["provisioned", "provisioned_with_errors"].includes(status);
  return [
    ...bad
      .filter(([key]) => !flapping.has(key))
      .filter(
        ([key]) => !told.some((one) => one.key === key && one.state === "open" && one.alert.state === "open"),
      )
      .map(([key]) => ({ what: "is not told", roomId, key })),
    ...told
      .filter(({ state, key }) => state === "open" && !isOnItsWay(there.get(key)))
      .map(({ key, alertId }) => ({ what: "is told though it is over", roomId, key, alertId })),
  ];
}

interface Ended {
  readonly rooms: readonly Room[];
  readonly churn: Churn;
  readonly posts: readonly Post[];
  readonly changes: number;
  readonly began: number;
}

/** Holds all that was said against all that happened, and tells the figures. */
async function expectToldRight({ rooms, churn, posts, changes, began }: Ended, what: string): Promise<void> {
  const ledger = await readAlertLedger(database.home);
  const entries = entriesOf(churn.turns);
  expect(unseen(ledger, entries)).toEqual([]);
  const fates = rooms.map(({ roomId, wants }) =>
    fatesOf(
      ledger,
      entries.filter(({ item }) => wants(item)),
      roomId,
    ),
  );
  const told = fates.flatMap((fate) => fate.told);
  const missed = fates.flatMap((fate) => fate.missed);
  const longest = Math.max(0, ...missed.map(({ chanceMs }) => chanceMs));
  const lost = missed.filter(({ chanceMs }) => chanceMs > PATIENCE_MS);
  const sent = rooms.flatMap(({ roomId }) => [...beliefsOf(ledger, roomId).values()].flat());
  const count = (...kinds: readonly string[]) => sent.filter(({ kind }) => kinds.includes(kind)).length;
  const orphans = orphansOf(posts, ledger);
  process.stdout.write(
    `${what}: ${changes} changes, ${entries.length} entries into error, ${ledger.alerts.length} alerts; ` +
      `opens told ${count("alert", "reopen", "steady")}, retries ${count("retry")}, recoveries ${count("recovery")}, ` +
      `flapping ${count("flapping")}; messages ${posts.length}, marked as repeats ${posts.filter(isRepeat).length}, ` +
      `said twice ${orphans.length}; entries told ${told.length}, over before they could be told ${missed.length} ` +
      `(the longest ${(longest / 1000).toFixed(1)} s), lost ${lost.length}; ${((Date.now() - began) / 1000).toFixed(0)} s\n`,
  );
  expect(ledger.outbox.filter(({ state }) => !["sent", "transient"].includes(state))).toEqual([]);
  expect(lost).toEqual([]);
  expect(rooms.flatMap(({ roomId }) => recoveriesAlone(ledger, roomId))).toEqual([]);
  expect(unmarked(posts, ledger)).toEqual([]);
  for (const room of rooms) expect(await differencesFrom(ledger, room)).toEqual([]);
}

/** The world in motion, and a Webex that often fails, while `kill` kills; then quiet. */
async function live(kill: (roll: () => number, nth: number) => Promise<void>): Promise<Ended> {
  const rooms = await watchingRooms();
  const { posts, ignore } = listenToPosts(journey);
  const began = Date.now();
  strike();
  const churn = startChurn(journey, SEED, PAUSE_MS);
  const roll = createDice(SEED, 3);
  for (let nth = 1; nth <= KILLS; nth += 1) await kill(roll, nth);
  const changes = await churn.stop();
  await settle();
  journey.world.faults.clear();
  ignore();
  await expectAgreement(rooms);
  return { rooms, churn, posts, changes, began };
}

/** At any time, from its first moment on; every second time at one at which it has just posted something. */
async function waitToKill(roll: () => number): Promise<void> {
  await sleep(roll() * LIFE_MS);
  if (roll() < 0.5) await posting(LIFE_MS);
  await sleep(roll() < 0.5 ? 0 : roll() * 30);
}

async function kill(running: Running): Promise<void> {
  await running.bot.end("SIGKILL");
  running.outputs.push(running.bot.output());
}

test(`${KILLS} times kill -9 while packages fail and recover: every space is told, and nothing twice without a mark`, {
  timeout: 120_000 + KILLS * 8_000,
}, async () => {
  const running = await start();
  const ended = await live(async (roll) => {
    await waitToKill(roll);
    await kill(running);
    if (database.home.databaseUrl !== undefined) await endLeases(database.home);
    running.bot = spawnBot(running.env);
  });
  expect(await running.bot.end("SIGTERM")).toBe(0);
  const kind = database.home.databaseUrl === undefined ? "file" : "PostgreSQL";
  await expectToldRight(ended, `${KILLS} kills, ${kind}`);
});

describe.runIf(process.env.TEST_DATABASE_URL)("PostgreSQL", () => {
  test(`two instances, ${KILLS} times kill -9 of one or the other: the same, and one sweep at a time`, {
    timeout: 120_000 + KILLS * 8_000,
  }, async () => {
    const first = await start();
    const both = [first, await start(first)] as const;
    const ended = await live(async (roll) => {
      const [victim, other] = roll() < 0.5 ? both : [both[1], both[0]];
      await vi.waitFor(() => expect(holderOf(other)).toBeDefined(), { timeout: 30_000, interval: 20 });
      await waitToKill(roll);
      await kill(victim);
      await endLeases(database.home, [holderOf(other) ?? ""]);
      victim.bot = spawnBot(victim.env);
    });
    for (const { bot } of both) expect(await bot.end("SIGTERM")).toBe(0);
    await expectToldRight(ended, `${KILLS} kills, two instances`);
    const outputs = both.map(({ bot, outputs }) => [...outputs, bot.output()].join("\n"));
    expect(atOnce(outputs)).toEqual([]);
  });
});
