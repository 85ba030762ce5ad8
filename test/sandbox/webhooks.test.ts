import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { startLoopback } from "../support/loopback.ts";
import { pausedTime } from "../support/time.ts";
import { CARD, startTwins, type Twins } from "./twins.ts";

const SECRET = "a secret of sixteen";

async function listen(twins: Twins, more: Record<string, string> = {}, answer: { status?: number } = {}) {
  const ear = await startLoopback([{ json: {}, ...answer }]);
  const order = {
    name: "ear",
    targetUrl: `${ear.url}/webhook`,
    resource: "all",
    event: "all",
    secret: SECRET,
    ...more,
  };
  const { body: hook } = await twins.bot("POST", "/webhooks", order);
  const receivedEvents = async () => {
    await twins.sandbox.webhooksDelivered();
    return ear.requests.map(({ body }) => JSON.parse(body));
  };
  return { ear, hook, receivedEvents };
}

const titles = (events: readonly { resource: string; event: string }[]) =>
  events.map(({ resource, event }) => `${resource}.${event}`);

test("messages to the bot are delivered in order, signed over the bytes, and without their text", async () => {
  const twins = await startTwins();
  const { ear, hook, receivedEvents } = await listen(twins);
  const { body: said } = await twins.viewer("POST", "/messages", {
    toPersonId: twins.people.bot.id,
    text: "secret words",
  });
  const events = await receivedEvents();
  expect(titles(events)).toEqual(["memberships.created", "messages.created"]);
  const { text: _, toPersonId: __, ...data } = said;
  expect(events.at(-1)).toEqual({
    id: hook.id,
    name: "ear",
    targetUrl: hook.targetUrl,
    resource: "messages",
    event: "created",
    orgId: twins.people.bot.orgId,
    createdBy: twins.people.bot.id,
    appId: hook.appId,
    ownedBy: "creator",
    status: "active",
    created: hook.created,
    actorId: twins.people.viewer.id,
    data,
  });
  for (const { headers, body } of ear.requests) {
    expect(headers["x-spark-signature"]).toBe(createHmac("sha1", SECRET).update(body).digest("hex"));
    expect(body).not.toContain("secret words");
  }
});

test("a bot gets the events of group messages that mention it, and of its own", async () => {
  const twins = await startTwins();
  const { receivedEvents } = await listen(twins, { resource: "messages" });
  await twins.viewer("POST", "/messages", { roomId: twins.noc, text: "lunch?" });
  const { body: asked } = await twins.askBot();
  const { body: own } = await twins.bot("POST", "/messages", { roomId: twins.noc, text: "Here." });
  expect((await receivedEvents()).map(({ data }) => data.id)).toEqual([asked.id, own.id]);
});

test("a webhook for all resources gets messages, memberships and rooms; attachment actions need their own", async () => {
  const twins = await startTwins();
  const everything = await listen(twins);
  const presses = await listen(twins, { resource: "attachmentActions", event: "created" });
  const { body: card } = await twins.bot("POST", "/messages", {
    roomId: twins.noc,
    text: "card",
    attachments: [CARD],
  });
  const inputs = { command: "customers" };
  const { body: press } = await twins.viewer("POST", "/attachment/actions", {
    type: "submit",
    messageId: card.id,
    inputs,
  });
  expect(titles(await everything.receivedEvents())).toEqual(["messages.created"]);
  const [delivered] = await presses.receivedEvents();
  const { inputs: _, ...data } = press;
  expect(delivered).toMatchObject({ resource: "attachmentActions", event: "created", data });
  expect(delivered.data).not.toHaveProperty("inputs");
});

test("an edit is not delivered, a deletion is", async () => {
  const twins = await startTwins();
  const { receivedEvents } = await listen(twins, { resource: "messages" });
  const { body } = await twins.bot("POST", "/messages", { roomId: twins.noc, text: "one" });
  await twins.bot("PUT", `/messages/${body.id}`, { roomId: twins.noc, text: "two" });
  await twins.bot("DELETE", `/messages/${body.id}`);
  expect(titles(await receivedEvents())).toEqual(["messages.created", "messages.deleted"]);
});

test("a removed member gets the event of the removal, and none after it", async () => {
  const twins = await startTwins();
  const { receivedEvents } = await listen(twins);
  const { body } = await twins.viewer("GET", `/memberships?roomId=${twins.noc}&personId=${twins.people.bot.id}`);
  await twins.viewer("DELETE", `/memberships/${body.items[0].id}`);
  await twins.viewer("PUT", `/rooms/${twins.noc}`, { title: "Without a bot" });
  const events = await receivedEvents();
  expect(titles(events)).toEqual(["memberships.deleted"]);
  expect(events[0]).toMatchObject({
    actorId: twins.people.viewer.id,
    data: { personId: twins.people.bot.id },
  });
});

test.each([
  ["roomType=group", ["group"]],
  ["roomType=direct", ["direct"]],
  ["mentionedPeople=me", ["group"]],
  ["hasFiles=true", []],
])("the filter %s lets through what fits it", async (filter, expected) => {
  const twins = await startTwins();
  const { receivedEvents } = await listen(twins, { resource: "messages", event: "created", filter });
  await twins.askBot();
  await twins.viewer("POST", "/messages", { toPersonId: twins.people.bot.id, text: "help" });
  expect((await receivedEvents()).map(({ data }) => data.roomType)).toEqual(expected);
});

test("a hundred failures within five minutes make a webhook inactive; a PUT makes it active again", async () => {
  const twins = await startTwins();
  const { ear, hook, receivedEvents } = await listen(twins, { resource: "messages" }, { status: 500 });
  const say = () => twins.bot("POST", "/messages", { roomId: twins.noc, text: "hello" });
  for (let n = 0; n < 99; n += 1) await say();
  await receivedEvents();
  expect((await twins.bot("GET", `/webhooks/${hook.id}`)).body.status).toBe("active");
  await say();
  await receivedEvents();
  expect((await twins.bot("GET", `/webhooks/${hook.id}`)).body.status).toBe("inactive");
  await say();
  expect((await receivedEvents()).length).toBe(100);
  const change = { name: hook.name, targetUrl: hook.targetUrl, status: "active" };
  expect((await twins.bot("PUT", `/webhooks/${hook.id}`, change)).body.status).toBe("active");
  await say();
  await receivedEvents();
  expect(ear.requests).toHaveLength(101);
});

test("failures more than five minutes apart do not add up", async () => {
  const time = pausedTime();
  const twins = await startTwins({ time });
  const { hook, receivedEvents } = await listen(twins, { resource: "messages" }, { status: 500 });
  for (let n = 0; n < 120; n += 1) {
    time.advance(4_000);
    await twins.bot("POST", "/messages", { roomId: twins.noc, text: "hello" });
    await receivedEvents();
  }
  expect((await twins.bot("GET", `/webhooks/${hook.id}`)).body.status).toBe("active");
});

test("a bot that does not answer does not delay the API", async () => {
  const twins = await startTwins();
  const { ear, receivedEvents } = await listen(twins);
  await ear.stop();
  expect((await twins.bot("POST", "/messages", { roomId: twins.noc, text: "anybody?" })).status).toBe(200);
  await receivedEvents();
});

test("a change cannot give a webhook another resource, and cannot make it inactive", async () => {
  const twins = await startTwins();
  const { hook } = await listen(twins);
  const change = { name: "new name", targetUrl: hook.targetUrl };
  const { body } = await twins.bot("PUT", `/webhooks/${hook.id}`, { ...change, resource: "rooms" });
  expect(body).toEqual({ ...hook, name: "new name" });
  expect((await twins.bot("PUT", `/webhooks/${hook.id}`, { ...change, status: "inactive" })).status).toBe(400);
  expect((await twins.viewer("GET", `/webhooks/${hook.id}`)).status).toBe(404);
  expect((await twins.bot("DELETE", `/webhooks/${hook.id}`)).status).toBe(204);
  expect((await twins.bot("GET", "/webhooks")).body.items).toEqual([]);
});

test("the sandbox is ready once the bot has active webhooks for messages and attachment actions", async () => {
  const twins = await startTwins();
  const ready = async () => (await twins.control("GET", "/ready")).status;
  expect(await ready()).toBe(503);
  await listen(twins);
  expect(await ready()).toBe(503);
  const { hook } = await listen(twins, { resource: "attachmentActions", event: "created" });
  expect(await ready()).toBe(200);
  await twins.bot("DELETE", `/webhooks/${hook.id}`);
  expect((await twins.control("GET", "/ready")).body.reason).toContain("attachmentActions");
});

test("a sandbox that expects no bot is ready at once", async () => {
  const twins = await startTwins({ expectsBot: false });
  expect((await twins.control("GET", "/ready")).status).toBe(200);
});
