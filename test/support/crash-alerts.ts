import { expect } from "vitest";
import { addBotToNewRoom, watchIn } from "./alert-journey.ts";
import type { AlertRoom } from "./alert-rows.ts";
import { crawlsIn, isWholeSweep } from "./bot-logs.ts";
import { type BotProcess, waitForCall } from "./bot-process.ts";
import type { DatabaseLocation } from "./databases.ts";
import type { Journey } from "./journey.ts";
import { until } from "./until.ts";
import { visit } from "./visit.ts";

/** Three spaces: all errors, those of one package, and all but those of a muted one. */
export async function createWatchingRooms(journey: Journey): Promise<readonly AlertRoom[]> {
  const operator = journey.person("operator");
  const { roomId: calling } = await addBotToNewRoom(journey, operator);
  const { roomId: muted } = await addBotToNewRoom(journey, operator);
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

/** 5 % of the posts, in three ways. */
const FAILURE_SHARE = 0.05 / 3;

/** From now on Webex fails for some of the bot's posts. */
export function failSomePosts({ world }: Pick<Journey, "world">): void {
  const posts = { api: "webex", path: "/messages", method: "POST", probability: FAILURE_SHARE } as const;
  world.faults.add({ ...posts, status: 429, retryAfter: 0.1 });
  world.faults.add({ ...posts, status: 500 });
  world.faults.add({ ...posts, drop: true });
}

/** Waits for the bot's next post. */
export const waitForPost = (journey: Journey, bot: BotProcess) =>
  waitForCall(journey, bot, ({ by, method, path }) => by === "bot" && method === "POST" && path.endsWith("/messages"));

/** Waits for so many calls of bots to either API. */
export function waitForCalls(journey: Journey, bot: BotProcess, count: number): Promise<void> {
  let left = count;
  return waitForCall(journey, bot, ({ by }) => {
    if (by === "bot" || by === "wholesale") left -= 1;
    return left <= 0;
  });
}

/** For so many whole sweeps the queue must stay empty: a storm ends later, with a message. */
const QUIET_SWEEPS = 8;

/** Waits until the bot has swept several times since, with nothing in the queues. */
export async function waitUntilQueuesEmpty(
  location: DatabaseLocation,
  outputs: () => readonly string[],
): Promise<void> {
  const since = Date.now();
  const countSweeps = () =>
    outputs()
      .flatMap(crawlsIn)
      .filter((crawl) => isWholeSweep(crawl) && crawl.startedAt > since).length;
  let sweepsWithQueue = 0;
  await until(async () => {
    const { messages } = await visit("countWaiting", location);
    if (messages > 0) sweepsWithQueue = countSweeps();
    expect(countSweeps() - sweepsWithQueue, `${messages} wait`).toBeGreaterThanOrEqual(QUIET_SWEEPS);
  });
}

/** The bot's command `verify` finds every space in agreement with the API. */
export async function expectAgreement(journey: Journey, rooms: readonly AlertRoom[]): Promise<void> {
  const operator = journey.person("operator");
  for (const { roomId } of rooms) {
    const before = new Set((await operator.fromBot(roomId)).map(({ id }) => id));
    await operator.send("verify", { roomId });
    // The end of a storm may be posted meanwhile.
    const { text } = await operator.waitForMessage(
      roomId,
      (message) => !before.has(message.id) && /in agreement|Cannot verify|No difference/i.test(message.text ?? ""),
    );
    expect(text).toMatch(/^In agreement/);
  }
}
