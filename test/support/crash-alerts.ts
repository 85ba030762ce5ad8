import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { watchIn } from "./alert-journey.ts";
import type { AlertRoom } from "./alert-rows.ts";
import { crawlsIn, isWholeSweep } from "./bot-logs.ts";
import type { Journey } from "./journey.ts";
import { until } from "./until.ts";

/** What alerts are put to: spaces that watch different things, and a Webex that fails. */

/** Three spaces: all errors, those of one package, and all but those of a muted one. */
export async function createWatchingRooms(journey: Journey): Promise<readonly AlertRoom[]> {
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
    { roomId: journey.groupRoom, isWatching: () => true },
    { roomId: calling, isWatching: (item) => item === "webex_calling" },
    { roomId: muted, isWatching: (item) => item !== "webex_meetings" },
  ];
}

/** 5 % of what the bot posts, in three ways. */
const FAILURE_SHARE = 0.05 / 3;

/** Webex fails with some of what the bot posts, from now on. */
export function failSomePosts({ world }: Pick<Journey, "world">): void {
  const posts = { api: "webex", path: "/messages", method: "POST", probability: FAILURE_SHARE } as const;
  world.faults.add({ ...posts, status: 429, retryAfter: 0.1 });
  world.faults.add({ ...posts, status: 500 });
  world.faults.add({ ...posts, drop: true });
}

/** Resolves when the bot posts something next, or after this time. */
export async function nextPost({ world }: Pick<Journey, "world">, withinMs: number): Promise<void> {
  let ignore = () => {};
  const posted = new Promise<void>((resolve) => {
    ignore = world.events.subscribe((told) => {
      const isPost = told.type === "call" && told.data.by === "bot" && told.data.method === "POST";
      if (isPost && told.data.path.endsWith("/messages")) resolve();
    });
  });
  await Promise.race([posted, sleep(withinMs)]);
  ignore();
}

/** During so many whole sweeps nothing waits: a storm ends later, and says so. */
const QUIET = 8;

/** Waits until everything has been read several times since, and nothing is owed to anybody. */
export async function waitUntilQueuesEmpty(port: number, outputs: () => readonly string[]): Promise<void> {
  const since = Date.now();
  const sweeps = () =>
    outputs()
      .flatMap(crawlsIn)
      .filter((crawl) => isWholeSweep(crawl) && crawl.startedAt > since).length;
  let owed = 0;
  await until(async () => {
    const health = await (await fetch(`http://127.0.0.1:${port}/readyz`)).text();
    if (!health.includes("nothing waits")) owed = sweeps();
    expect(sweeps() - owed, health).toBeGreaterThanOrEqual(QUIET);
  });
}

/** Asked in every space, the bot says that each believes what is so. */
export async function expectAgreement(journey: Journey, rooms: readonly AlertRoom[]): Promise<void> {
  const operator = journey.person("operator");
  for (const { roomId } of rooms) {
    const before = new Set((await operator.fromBot(roomId)).map(({ id }) => id));
    await operator.say("verify", { roomId });
    // A storm may end meanwhile, and say so.
    const isAnswer = (text = "") => /in agreement: /i.test(text);
    const { text = "" } = await operator.see(roomId, ({ id, text }) => !before.has(id) && isAnswer(text));
    expect(text).toMatch(/^In agreement/);
    for (const title of ["Waiting", "Not seen yet", "Unexplained"]) {
      expect(text).toMatch(new RegExp(`^${title}: 0$`, "m"));
    }
  }
}
