import { afterEach, beforeEach, expect, test } from "vitest";
import { createDatabase } from "../support/databases.ts";
import { environmentOf, freePort, type Journey, startJourney } from "../support/journey.ts";
import { choicesOf, titlesOf } from "../support/person.ts";

/** Each of these breaks webex-node-bot-framework as it is shipped (docs/framework.md). */

let journey: Journey;

beforeEach(async () => {
  journey = await startJourney({ customers: 50 });
});
afterEach(() => journey.stop());

async function addBot(title: string): Promise<{ roomId: string; membershipId: string }> {
  const viewer = journey.person("viewer");
  const { id: roomId } = await viewer.call<{ id: string }>("POST", "/rooms", { title });
  const people = await journey.sandbox<{ role: string; personId: string }[]>("GET", "/people");
  const personId = people.find(({ role }) => role === "bot")?.personId;
  const { id: membershipId } = await viewer.call<{ id: string }>("POST", "/memberships", {
    roomId,
    personId,
  });
  return { roomId, membershipId };
}

const logs = (event: string) => journey.logEntries.filter((line) => line.event === event);

/** The calls that the bot made again, as `GET /messages`. */
const retried = () => logs("webex.retry").map(({ method, path }) => `${method} ${/^\/\w+/.exec(String(path))?.[0]}`);

test("start, spawn, message, attachmentAction and despawn all work on our own client", async () => {
  await journey.startBot();
  const viewer = journey.person("viewer");
  const { roomId, membershipId } = await addBot("Spawned");
  await viewer.see(roomId, ({ text = "" }) => text.includes("Hello"));
  const list = await viewer.ask("customers", { roomId });
  await viewer.press(list, "Next ›");
  await viewer.see(roomId, (message) => message.id === list.id && titlesOf(message).includes("‹ Prev"));
  await viewer.call("DELETE", `/memberships/${membershipId}`);
  await expect.poll(() => logs("room.left")).toHaveLength(1);
});

test("a bot that is removed and added again hears of both, although its membership keeps its id", async () => {
  await journey.startBot();
  const viewer = journey.person("viewer");
  const { roomId, membershipId } = await addBot("Twice");
  await viewer.see(roomId, ({ text = "" }) => text.includes("Hello"));
  const { personId } = await viewer.call<{ personId: string }>("GET", `/memberships/${membershipId}`);
  await viewer.call("DELETE", `/memberships/${membershipId}`);
  await expect.poll(() => logs("room.left")).toHaveLength(1);
  const again = await viewer.call<{ id: string }>("POST", "/memberships", { roomId, personId });
  expect(again.id).toBe(membershipId);
  await expect.poll(async () => (await viewer.fromBot(roomId)).length).toBe(2);
  await viewer.call("DELETE", `/memberships/${membershipId}`);
  await expect.poll(() => logs("room.left")).toHaveLength(2);
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
  const { roomId } = await addBot("Undiscovered");
  await journey.startBot();
  await Promise.all([1, 2, 3, 4, 5].map((page) => viewer.say(`customers page=${page}`, { roomId })));
  await expect.poll(async () => (await viewer.fromBot(roomId)).length).toBe(5);
  expect(logs("answer.failed")).toEqual([]);
});

test("new spaces of several people at the same moment are each greeted once", async () => {
  await journey.startBot();
  const viewer = journey.person("viewer");
  const rooms = await Promise.all(["A", "B", "C", "D"].map((title) => addBot(title)));
  for (const { roomId } of rooms) await viewer.see(roomId, ({ text = "" }) => text.includes("Hello"));
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
  await journey.sandbox("POST", "/faults", {
    api: "webex",
    method,
    path,
    status: 429,
    retryAfter: 0.05,
    times: 1,
  });
  const answer = await journey.person("viewer").ask("customers", { roomId: journey.groupRoom });
  expect(choicesOf(answer)).toHaveLength(10);
  expect(retried()).toEqual([`${method} ${path}`]);
});

const AT_START = [
  ["GET", "/people"],
  ["GET", "/webhooks"],
  ["POST", "/webhooks"],
] as const;

test("a 429 on every call the framework makes at its start, and on the webhooks, does not keep the bot from starting", async () => {
  for (const [method, path] of AT_START) {
    await journey.sandbox("POST", "/faults", {
      api: "webex",
      method,
      path,
      status: 429,
      retryAfter: 0.05,
      times: 1,
    });
  }
  await journey.startBot();
  expect(retried()).toEqual(AT_START.map(([method, path]) => `${method} ${path}`));
  expect(choicesOf(await journey.person("viewer").ask("customers"))).toHaveLength(10);
});

test("a 429 on a press delays it and loses nothing", async () => {
  await journey.startBot();
  const viewer = journey.person("viewer");
  const list = await viewer.ask("customers");
  await journey.sandbox("POST", "/faults", {
    api: "webex",
    method: "GET",
    path: "/attachment/actions",
    status: 429,
    retryAfter: 0.05,
    times: 1,
  });
  await journey.sandbox("POST", "/faults", {
    api: "webex",
    method: "PUT",
    path: "/messages",
    status: 429,
    retryAfter: 0.05,
    times: 1,
  });
  await viewer.press(list, "Next ›");
  await viewer.see(list.roomId, (message) => message.id === list.id && titlesOf(message).includes("‹ Prev"));
});

test("an outage that outlasts the retries puts the question off, and it is answered when Webex is back", async () => {
  await journey.startBot();
  const viewer = journey.person("viewer");
  await viewer.ask("help");
  await journey.sandbox("POST", "/faults", { api: "webex", method: "GET", path: "/messages", status: 502 });
  await viewer.say("customers", "direct");
  await expect.poll(() => logs("answer.postponed").length).toBeGreaterThan(0);
  await journey.sandbox("DELETE", "/faults");
  const { items } = await viewer.call<{ items: { id: string }[] }>("GET", "/rooms?type=direct");
  await viewer.see(items[0]?.id ?? "", (message) => titlesOf(message).includes("Refresh"));
});

test("a rolling restart: the old instance's stop leaves the webhooks to the new one", async () => {
  const old = await journey.startBot();
  const before = await botWebhooks();
  const port = await freePort();
  const home = await createDatabase();
  const newer = { PORT: String(port), PUBLIC_URL: `http://127.0.0.1:${port}` };
  await journey.startBot({ ...newer, ...environmentOf(home.location) });
  const looks = (await webhookLooks()) + 4;
  await expect.poll(webhookLooks).toBeGreaterThanOrEqual(looks);
  await old.stop();
  const after = await botWebhooks();
  expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  expect(after.every(({ targetUrl }) => targetUrl === `http://127.0.0.1:${port}/webhook`)).toBe(true);
  expect(choicesOf(await journey.person("viewer").ask("customers"))).toHaveLength(10);
});

test("a webhook that Webex switched off is switched on again", async () => {
  await journey.startBot();
  const { webhooks } = journey.world;
  for (const hook of webhooks.all()) webhooks.save({ ...hook, status: "inactive" });
  await expect.poll(() => logs("webhook.reactivated").length).toBe(2);
  expect(choicesOf(await journey.person("viewer").ask("customers"))).toHaveLength(10);
});

/** How often bots have looked after their webhooks. */
async function webhookLooks(): Promise<number> {
  const { counts } = await journey.sandbox<{ counts: Record<string, number> }>("GET", "/calls");
  return counts["GET /webhooks"] ?? 0;
}

async function botWebhooks(): Promise<readonly { id: string; targetUrl: string; status: string }[]> {
  const response = await fetch(`${journey.url}/v1/webhooks`, {
    headers: { authorization: `Bearer ${journey.env.WEBEX_BOT_TOKEN}` },
  });
  const { items } = (await response.json()) as { items: { id: string; targetUrl: string; status: string }[] };
  return items;
}
