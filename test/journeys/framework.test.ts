import { afterEach, beforeEach, expect, test } from "vitest";
import { addBotToNewRoom } from "../support/alert-journey.ts";
import { BY_SOCKET } from "../support/by-socket.ts";
import { createDatabase } from "../support/databases.ts";
import { createHttpClient } from "../support/http-client.ts";
import { addressOnFreePort, environmentOf, type Journey, startJourney, webhookTest } from "../support/journey.ts";
import { choicesOf, titlesOf } from "../support/person.ts";

/** Each of these breaks webex-node-bot-framework as it is released (docs/framework.md). */

let journey: Journey;

beforeEach(async () => {
  journey = await startJourney({ customers: 50 });
});
afterEach(() => journey.stop());

const addBot = () => addBotToNewRoom(journey, journey.person("viewer"));

/** Webex answers the next call of this kind with 429. */
const limitOnce = (method: string, path: string) =>
  journey.addFault({ api: "webex", method, path, status: 429, retryAfter: 0.05, times: 1 });

/** The calls that the bot repeated, as `GET /messages`. */
const retried = () =>
  journey.logged("webex.retry").map(({ method, path }) => `${method} ${/^\/\w+/.exec(String(path))?.[0]}`);

test("start, spawn, message, attachmentAction and despawn all work on our own client", async () => {
  await journey.startBot();
  const viewer = journey.person("viewer");
  const { roomId, membershipId } = await addBot();
  await viewer.waitForMessage(roomId, /Hello/);
  const list = await viewer.ask("customers", { roomId });
  await viewer.press(list, "Next ›");
  await viewer.waitForButton(list, "‹ Prev");
  await viewer.call("DELETE", `/memberships/${membershipId}`);
  await expect.poll(() => journey.logged("room.left")).toHaveLength(1);
});

test("a bot that is removed and added again processes both, although its membership keeps its id", async () => {
  await journey.startBot();
  const viewer = journey.person("viewer");
  const { roomId, membershipId } = await addBot();
  await viewer.waitForMessage(roomId, /Hello/);
  const { personId } = await viewer.call<{ personId: string }>("GET", `/memberships/${membershipId}`);
  await viewer.call("DELETE", `/memberships/${membershipId}`);
  await expect.poll(() => journey.logged("room.left")).toHaveLength(1);
  const again = await viewer.call<{ id: string }>("POST", "/memberships", { roomId, personId });
  expect(again.id).toBe(membershipId);
  await expect.poll(async () => (await viewer.fromBot(roomId)).length).toBe(2);
  await viewer.call("DELETE", `/memberships/${membershipId}`);
  await expect.poll(() => journey.logged("room.left")).toHaveLength(2);
});

test("two senders at once are both answered", async () => {
  await journey.startBot();
  const answers = await Promise.all([
    journey.person("viewer").ask("customers"),
    journey.person("viewer", 1).ask("customers"),
  ]);
  expect(answers.map((answer) => choicesOf(answer).length)).toEqual([10, 10]);
});

test("a burst of five into a space that the bot has not discovered: five answers", async () => {
  const viewer = journey.person("viewer");
  const { roomId } = await addBot();
  await journey.startBot();
  await Promise.all([1, 2, 3, 4, 5].map((page) => viewer.send(`customers page=${page}`, { roomId })));
  await expect.poll(async () => (await viewer.fromBot(roomId)).length).toBe(5);
  expect(journey.logged("answer.failed")).toEqual([]);
});

test("new spaces of several people at the same moment are each greeted once", async () => {
  await journey.startBot();
  const viewer = journey.person("viewer");
  const rooms = await Promise.all(Array.from({ length: 4 }, addBot));
  for (const { roomId } of rooms) await viewer.waitForMessage(roomId, /Hello/);
  for (const { roomId } of rooms) expect((await viewer.fromBot(roomId)).length).toBe(1);
});

test.each([
  ["GET", "/messages"],
  ["POST", "/messages"],
  ["GET", "/people"],
  ["GET", "/memberships"],
  ["GET", "/rooms"],
])("a 429 on %s %s delays the answer and loses nothing", async (method, path) => {
  await journey.startBot();
  await limitOnce(method, path);
  const answer = await journey.person("viewer").ask("customers", { roomId: journey.groupRoom });
  expect(choicesOf(answer)).toHaveLength(10);
  expect(retried()).toEqual([`${method} ${path}`]);
});

const AT_START = [
  ["GET", "/people"] as const,
  ...(BY_SOCKET
    ? []
    : ([
        ["GET", "/webhooks"],
        ["POST", "/webhooks"],
      ] as const)),
];

test("a 429 on every call the framework makes at its start, and on the webhooks, does not keep the bot from starting", async () => {
  for (const [method, path] of AT_START) {
    await limitOnce(method, path);
  }
  await journey.startBot();
  expect(retried()).toEqual(AT_START.map(([method, path]) => `${method} ${path}`));
  expect(choicesOf(await journey.person("viewer").ask("customers"))).toHaveLength(10);
});

test("a 429 on a press delays it and loses nothing", async () => {
  await journey.startBot();
  const viewer = journey.person("viewer");
  const list = await viewer.ask("customers");
  await limitOnce("GET", "/attachment/actions");
  await limitOnce("PUT", "/messages");
  await viewer.press(list, "Next ›");
  await viewer.waitForButton(list, "‹ Prev");
});

test("an outage that outlasts the retries puts the question off, and it is answered when Webex is back", async () => {
  await journey.startBot();
  const viewer = journey.person("viewer");
  await viewer.ask("help");
  await journey.addFault({ api: "webex", method: "GET", path: "/messages", status: 502 });
  await viewer.send("customers", "direct");
  await expect.poll(() => journey.logged("answer.postponed").length).toBeGreaterThan(0);
  await journey.clearFaults();
  const { items } = await viewer.call<{ items: { id: string }[] }>("GET", "/rooms?type=direct");
  await viewer.waitForMessage(items[0]?.id ?? "", (message) => titlesOf(message).includes("Refresh"));
});

webhookTest("a rolling restart: the old instance's stop leaves the webhooks to the new one", async () => {
  const old = await journey.startBot();
  const before = await botWebhooks();
  const address = await addressOnFreePort();
  const database = await createDatabase();
  await journey.startBot({ ...address, ...environmentOf(database.location) });
  const checks = (await countWebhookChecks()) + 4;
  await expect.poll(countWebhookChecks).toBeGreaterThanOrEqual(checks);
  await old.stop();
  const after = await botWebhooks();
  expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  expect(after.every(({ targetUrl }) => targetUrl === `${address.PUBLIC_URL}/webhook`)).toBe(true);
  expect(choicesOf(await journey.person("viewer").ask("customers"))).toHaveLength(10);
});

webhookTest("a webhook that Webex switched off is switched on again", async () => {
  await journey.startBot();
  const { webhooks } = journey.world;
  for (const hook of webhooks.all()) webhooks.save({ ...hook, status: "inactive" });
  await expect.poll(() => journey.logged("webhook.reactivated").length).toBe(2);
  expect(choicesOf(await journey.person("viewer").ask("customers"))).toHaveLength(10);
});

/** How often bots have read their webhooks. */
async function countWebhookChecks(): Promise<number> {
  const { counts } = await journey.sandbox<{ counts: Record<string, number> }>("GET", "/calls");
  return counts["GET /webhooks"] ?? 0;
}

async function botWebhooks() {
  const call = createHttpClient(`${journey.url}/v1`, journey.env.WEBEX_BOT_TOKEN);
  return (await call<{ items: { id: string; targetUrl: string }[] }>("GET", "/webhooks")).items;
}
