import { expect, test } from "vitest";
import { startLoopback } from "../support/loopback.ts";
import { pausedTime } from "../support/time.ts";
import { CARD, startTwins, type Twins } from "./twins.ts";

/** Registers a webhook of the bot. Returns its events as `resource.event`, and the last one as a whole. */
async function eavesdrop(twins: Twins) {
  const ear = await startLoopback([{ json: {} }]);
  await twins.bot("POST", "/webhooks", { name: "ear", targetUrl: ear.url, resource: "all", event: "all" });
  const receivedEvents = async () => {
    await twins.sandbox.webhooksDelivered();
    return ear.requests.map(({ body }) => JSON.parse(body));
  };
  return {
    titles: async () => (await receivedEvents()).map(({ resource, event }) => `${resource}.${event}`),
    last: async () => (await receivedEvents()).at(-1),
  };
}

test("the bot is removed from a space, gets the event, and is invited again with a later membership", async () => {
  const twins = await startTwins({ time: pausedTime() });
  const { control, bot, noc, people } = twins;
  const { titles, last } = await eavesdrop(twins);
  const before = (await bot("GET", `/memberships?roomId=${noc}&personId=${people.bot.id}`)).body.items[0];
  expect((await control("POST", `/rooms/${noc}/kick`, { role: "bot" })).status).toBe(204);
  expect(await last()).toMatchObject({
    actorId: people.admin.id,
    data: { personId: people.bot.id, roomId: noc },
  });
  expect((await bot("POST", "/messages", { roomId: noc, text: "hello?" })).status).toBe(404);
  const { status, body } = await control("POST", `/rooms/${noc}/invite`);
  expect(status).toBe(200);
  expect(body).toMatchObject({ id: before.id, personId: people.bot.id });
  expect(Date.parse(body.created)).toBeGreaterThan(Date.parse(before.created));
  expect((await bot("POST", "/messages", { roomId: noc, text: "hello" })).status).toBe(200);
  expect(await titles()).toEqual(["memberships.deleted", "memberships.created", "messages.created"]);
});

test("only members are removed, only others are invited, and a 1:1 cannot be changed", async () => {
  const { control, viewer, noc, people } = await startTwins();
  expect((await control("POST", `/rooms/${noc}/kick`, { role: "outsider" })).status).toBe(409);
  expect((await control("POST", `/rooms/${noc}/invite`, { role: "operator" })).status).toBe(409);
  expect((await control("POST", `/rooms/${noc}/kick`, { role: "cat" })).status).toBe(400);
  expect((await control("POST", "/rooms/nowhere/kick")).status).toBe(404);
  const { body } = await viewer("POST", "/messages", { toPersonId: people.bot.id, text: "help" });
  for (const [method, path] of [
    ["POST", "/kick"],
    ["POST", "/invite"],
    ["DELETE", ""],
  ] as const) {
    expect((await control(method, `/rooms/${body.roomId}${path}`)).status).toBe(403);
  }
});

test("a migrated space keeps its contents under another id, and the old id is not found", async () => {
  const twins = await startTwins();
  const { control, viewer, bot, noc } = twins;
  const { body: root } = await twins.askBot();
  const { body: card } = await bot("POST", "/messages", { roomId: noc, text: "card", attachments: [CARD] });
  const press = { type: "submit", messageId: card.id, inputs: {} };
  const { body: pressed } = await viewer("POST", "/attachment/actions", press);
  const { last, titles } = await eavesdrop(twins);
  const members = (await viewer("GET", `/memberships?roomId=${noc}`)).body.items;

  const { body: moved } = await control("POST", `/rooms/${noc}/migrate`);
  expect(moved.title).toBe("Wholesale NOC");
  expect(moved.id).not.toBe(noc);
  expect(await last()).toMatchObject({
    resource: "rooms",
    event: "migrated",
    data: { id: moved.id, title: moved.title, type: "group" },
  });

  for (const path of [
    `/rooms/${noc}`,
    `/messages?roomId=${noc}`,
    `/memberships?roomId=${noc}`,
    `/memberships/${members[0].id}`,
  ]) {
    expect((await viewer("GET", path)).status, path).toBe(404);
  }
  expect((await bot("POST", "/messages", { roomId: noc, text: "hello?" })).status).toBe(404);
  expect((await control("POST", `/rooms/${noc}/migrate`)).status).toBe(404);

  const { body: messages } = await viewer("GET", `/messages?roomId=${moved.id}`);
  expect(messages.items.map(({ id }: { id: string }) => id)).toEqual([card.id, root.id]);
  expect((await bot("GET", `/messages/${root.id}`)).body.roomId).toBe(moved.id);
  expect((await bot("GET", `/attachment/actions/${pressed.id}`)).body.roomId).toBe(moved.id);
  expect((await viewer("GET", `/memberships?roomId=${moved.id}`)).body.items).toHaveLength(members.length);
  const reply = { roomId: moved.id, parentId: root.id, text: "as ever" };
  expect((await bot("POST", "/messages", reply)).body.parentId).toBe(root.id);
  expect(await titles()).toEqual(["rooms.migrated", "messages.created"]);
});

test("a deleted space is not found by anybody, and each membership ends", async () => {
  const twins = await startTwins();
  const { control, viewer, bot, noc } = twins;
  const { titles } = await eavesdrop(twins);
  const { body: card } = await bot("POST", "/messages", { roomId: noc, text: "card", attachments: [CARD] });
  const press = { type: "submit", messageId: card.id, inputs: {} };
  const { body: pressed } = await viewer("POST", "/attachment/actions", press);
  expect((await control("DELETE", `/rooms/${noc}`)).status).toBe(204);
  for (const path of [`/rooms/${noc}`, `/messages/${card.id}`, `/attachment/actions/${pressed.id}`]) {
    expect((await bot("GET", path)).status, path).toBe(404);
  }
  expect((await bot("POST", "/messages", { roomId: noc, text: "hello?" })).status).toBe(404);
  expect((await bot("PUT", `/messages/${card.id}`, { roomId: noc, text: "hello?" })).status).toBe(404);
  expect((await control("DELETE", `/rooms/${noc}`)).status).toBe(404);
  expect([...new Set(await titles())]).toEqual(["messages.created", "memberships.deleted"]);
});
