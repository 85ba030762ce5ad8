import { expect, test } from "vitest";
import { decodeId } from "../../src/sandbox/world/webex-ids.ts";
import { pausedTime, SECOND } from "../support/time.ts";
import { DEVICE, listen, openSocket, registerDevice } from "./device-client.ts";
import { CARD, startTwins } from "./twins.ts";

/** The protocol of Webex with the devices of its own clients, and with a bot without a public address. */

const uuid = (id: string): string => decodeId(id) ?? "";

test("the catalogue leads to the devices, and a device is kept, refreshed and removed", async () => {
  const { ask, people, sandbox } = await startTwins();
  const token = people.bot.token;
  expect((await ask("GET", "/u2c/api/v1/catalog?format=hostmap")).status).toBe(401);
  const { body: catalogue } = await ask("GET", "/u2c/api/v1/catalog?format=hostmap", { token });
  expect(catalogue.serviceLinks.wdm).toBe(`${sandbox.url}/wdm/api/v1`);
  expect(catalogue.hostCatalog).toMatchObject({
    "127.0.0.1": [{ host: "127.0.0.1", id: "urn:TEAM:us-east-2_a:conversation" }],
    localhost: [{ host: "localhost", id: "urn:TEAM:eu-central-1_k:conversation" }],
  });
  const { wdm } = catalogue.serviceLinks;

  expect((await ask("GET", `${wdm}/devices`, { token })).status).toBe(404);
  const { body: device } = await ask("POST", `${wdm}/devices`, { token, body: DEVICE });
  expect(device).toMatchObject({ ...DEVICE, userId: uuid(people.bot.id), services: catalogue.serviceLinks });
  expect(device.url).toMatch(new RegExp(`^${wdm}/devices/[0-9a-f-]{36}$`));
  expect((await ask("GET", `${wdm}/devices`, { token })).body).toEqual({ devices: [device] });
  expect((await ask("GET", `${wdm}/devices`, { token: people.viewer.token })).status).toBe(404);

  const refreshed = await ask("PUT", device.url, { token, body: { ...DEVICE, systemVersion: "2" } });
  expect(refreshed.body).toMatchObject({ url: device.url, webSocketUrl: device.webSocketUrl, systemVersion: "2" });
  expect((await ask("DELETE", device.url, { token: people.viewer.token })).status).toBe(404);
  expect((await ask("DELETE", device.url, { token })).status).toBe(204);
  expect((await ask("PUT", device.url, { token, body: DEVICE })).status).toBe(404);
});

test("a person registers a hundred devices of a type, and no more", async () => {
  const { ask, people } = await startTwins();
  const register = (deviceType: string) =>
    ask("POST", "/wdm/api/v1/devices", { token: people.bot.token, body: { ...DEVICE, deviceType } });
  for (let n = 0; n < 100; n += 1) expect((await register("DESKTOP")).status).toBe(200);
  const { status, body } = await register("DESKTOP");
  expect([status, body.message]).toEqual([403, "User has excessive device registrations"]);
  expect((await register("WEB")).status).toBe(200);
});

test("nothing is sent before the authorization, then a first frame says that the socket is ready", async () => {
  const twins = await startTwins();
  const { webSocketUrl } = await registerDevice(twins);
  const ear = await openSocket(webSocketUrl);
  await twins.askBot();
  expect(ear.frames).toEqual([]);
  ear.authorize(`Bearer ${twins.people.bot.token}`);
  expect(await ear.ping()).toEqual({ id: "ping", type: "pong" });
  expect(ear.frames[0]).toMatchObject({ data: { eventType: "mercury.buffer_state" }, sequenceNumber: 1 });
  expect(ear.activities().map(({ verb }) => verb)).toEqual(["post"]);
});

test.each([
  ["without Bearer", (token: string) => token],
  ["of nobody", () => "Bearer nothing"],
  ["of another person", () => "Bearer sandbox-viewer-token"],
  ["without scopes for messaging", () => "Bearer sandbox-wholesale-token"],
])("a token %s is refused", async (_, tokenOf) => {
  const twins = await startTwins();
  const { webSocketUrl } = await registerDevice(twins);
  const ear = await openSocket(webSocketUrl);
  ear.authorize(tokenOf(twins.people.bot.token));
  expect(await ear.closed()).toMatchObject({ code: 4401 });
  expect(ear.frames).toEqual([]);
});

test.each([
  ["another frame first", (ear: { send(frame: object): void }) => ear.send({ id: "1", type: "ping" })],
  ["no frame that has a type", (ear: { send(frame: object): void }) => ear.send(["hello"])],
])("%s is a bad request", async (_, say) => {
  const twins = await startTwins();
  const { webSocketUrl } = await registerDevice(twins);
  const ear = await openSocket(webSocketUrl);
  say(ear);
  expect(await ear.closed()).toMatchObject({ code: 4400 });
});

test("the server gives up a client that does not authorize itself in 30 seconds", async () => {
  const time = pausedTime();
  const twins = await startTwins({ time });
  const { webSocketUrl } = await registerDevice(twins);
  const silent = await openSocket(webSocketUrl);
  const ear = await listen(twins, webSocketUrl);
  time.advance(30 * SECOND);
  expect(await silent.closed()).toMatchObject({ code: 1000, reason: "no authorization" });
  await ear.ping();
});

test("an event is an envelope with an activity, whose ids are bare and whose text is encrypted", async () => {
  const twins = await startTwins({ time: pausedTime() });
  const { people, sandbox } = twins;
  const { webSocketUrl } = await registerDevice(twins);
  const ear = await listen(twins, webSocketUrl);
  const { body: direct } = await twins.viewer("POST", "/messages", { toPersonId: people.bot.id, text: "secret words" });
  await ear.ping();
  const [, envelope] = ear.events();
  expect(envelope).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    data: { eventType: "conversation.activity", activity: expect.anything() },
    sequenceNumber: 3,
    timestamp: Date.parse(direct.created),
    trackingId: expect.any(String),
    headers: {},
  });
  expect(envelope.data.activity).toMatchObject({
    id: uuid(direct.id),
    verb: "post",
    published: direct.created,
    url: `${sandbox.url}/conversation/api/v1/activities/${uuid(direct.id)}`,
    actor: { id: uuid(people.viewer.id), emailAddress: people.viewer.email, type: "PERSON" },
    object: { objectType: "comment", displayName: expect.stringMatching(/^eyJ[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/) },
    target: {
      id: uuid(direct.roomId),
      url: `${sandbox.url}/conversation/api/v1/conversations/${uuid(direct.roomId)}`,
      tags: ["ONE_ON_ONE"],
      globalId: direct.roomId,
    },
  });
  expect(JSON.stringify(ear.frames)).not.toContain("secret");
});

test("frames are binary for a client that does not ask for text", async () => {
  const twins = await startTwins();
  const { webSocketUrl } = await registerDevice(twins);
  const ear = await openSocket(webSocketUrl, "");
  ear.authorize(`Bearer ${twins.people.bot.token}`);
  await ear.ping();
  expect(ear.types).toEqual(["object", "object"]);
});

test("every kind of event has its verb, and each message and press is found by its bare id", async () => {
  const twins = await startTwins();
  const { viewer, bot, control, people, noc, ask, warRoom } = twins;
  const { webSocketUrl } = await registerDevice(twins);
  const ear = await listen(twins, webSocketUrl);
  const told = async () => {
    await ear.ping(`after ${ear.frames.length}`);
    return ear.activities().at(-1);
  };
  const tokenOfBot = { token: people.bot.token };
  const lookUp = async (activity: { target: { url: string }; id: string }, what: string) =>
    (await ask("GET", activity.target.url.replace(/conversations\/.*/, `${what}/${activity.id}`), tokenOfBot)).body;

  const { body: asked } = await twins.askBot();
  const post = await told();
  expect(post).toMatchObject({
    verb: "post",
    id: uuid(asked.id),
    object: { mentions: { items: [{ id: uuid(people.bot.id) }] } },
  });
  expect(post).not.toHaveProperty("parent");
  expect(await lookUp(post, "messages")).toEqual({ id: asked.id });

  const reply = { roomId: noc, parentId: asked.id, text: "card", attachments: [CARD] };
  const { body: card } = await bot("POST", "/messages", reply);
  expect(await told()).toMatchObject({
    verb: "post",
    actor: { type: "ROBOT" },
    parent: { id: uuid(asked.id), type: "reply" },
  });

  const { body: press } = await viewer("POST", "/attachment/actions", {
    type: "submit",
    messageId: card.id,
    inputs: { a: "secret" },
  });
  const pressed = await told();
  expect(pressed).toMatchObject({ verb: "cardAction", id: uuid(press.id), parent: { id: uuid(card.id) } });
  expect(await lookUp(pressed, "attachment/actions")).toEqual({ id: press.id });

  await viewer("POST", "/messages", { toPersonId: people.bot.id, files: "https://example.com/a.csv" });
  expect(await told()).toMatchObject({ verb: "share", object: { objectType: "content" } });

  await bot("DELETE", `/messages/${card.id}`);
  expect(await told()).toMatchObject({ verb: "delete", object: { id: uuid(card.id) } });

  await control("POST", `/rooms/${warRoom}/invite`, { role: "operator" });
  expect(await told()).toMatchObject({ verb: "add", object: { id: uuid(people.operator.id) } });
  const { body: members } = await viewer("GET", `/memberships?roomId=${warRoom}&personId=${people.operator.id}`);
  for (const [isModerator, verb] of [
    [true, "assignModerator"],
    [false, "unassignModerator"],
  ] as const) {
    await viewer("PUT", `/memberships/${members.items[0].id}`, { isModerator });
    const object = { id: uuid(people.operator.id), roomProperties: { isModerator } };
    expect(await told()).toMatchObject({ verb, object });
  }
  await viewer("PUT", `/rooms/${noc}`, { title: "NOC" });
  const renamed = await told();
  expect(renamed).toMatchObject({ verb: "update", target: { id: uuid(noc), globalId: noc } });
  expect(renamed.object).toEqual({
    objectType: "conversation",
    displayName: expect.stringMatching(/^eyJ/),
    activities: { items: [] },
  });
  await control("POST", `/rooms/${noc}/kick`);
  expect(await told()).toMatchObject({ verb: "leave", object: { id: uuid(people.bot.id) }, target: { id: uuid(noc) } });
  expect(JSON.stringify(ear.frames)).not.toContain("secret");
});

test("a new space is told with those it begins with, and who comes later by a verb of its own", async () => {
  const twins = await startTwins();
  const { viewer, bot, people } = twins;
  const { webSocketUrl } = await registerDevice(twins);
  const ear = await listen(twins, webSocketUrl);
  const space = (room: object, ...persons: readonly { readonly id: string }[]) => ({
    ...room,
    participants: { items: persons.map(({ id }) => ({ id: uuid(id), roomProperties: { isModerator: false } })) },
  });
  const { body: room } = await bot("POST", "/rooms", { title: "By the bot" });
  await bot("POST", "/memberships", { roomId: room.id, personId: people.viewer.id });
  await viewer("POST", "/messages", { toPersonId: people.bot.id, text: "help" });
  await bot("POST", "/messages", { toPersonId: people.operator.id, text: "hello" });
  const { body: other } = await viewer("POST", "/rooms", { title: "By the viewer" });
  await viewer("POST", "/memberships", { roomId: other.id, personId: people.bot.id });
  await ear.ping();
  expect(ear.activities()).toMatchObject([
    { verb: "create", object: space({ globalId: room.id, tags: [] }, people.bot) },
    { verb: "add", object: { id: uuid(people.viewer.id) } },
    { verb: "create", object: space({ tags: ["ONE_ON_ONE"] }, people.viewer, people.bot) },
    { verb: "post" },
    { verb: "create", object: space({ tags: ["ONE_ON_ONE"] }, people.bot, people.operator) },
    { verb: "post", actor: { type: "ROBOT" } },
    { verb: "add", object: { id: uuid(people.bot.id) }, target: { globalId: other.id } },
  ]);
  const creations = ear.activities().filter(({ verb }) => verb === "create");
  expect(creations.filter((activity) => "target" in activity)).toEqual([]);
});

test("in a group space a bot hears what mentions it and what it says", async () => {
  const twins = await startTwins();
  const { webSocketUrl } = await registerDevice(twins);
  const ear = await listen(twins, webSocketUrl);
  const { body: lunch } = await twins.viewer("POST", "/messages", { roomId: twins.noc, text: "lunch?" });
  const { body: asked } = await twins.askBot();
  const { body: own } = await twins.bot("POST", "/messages", { roomId: twins.noc, text: "Here." });
  await ear.ping();
  expect(ear.activities().map(({ id }) => id)).toEqual([uuid(asked.id), uuid(own.id)]);
  const lookUp = await twins.ask("GET", `/conversation/api/v1/messages/${uuid(lunch.id)}`, {
    token: twins.people.bot.token,
  });
  expect(lookUp.status).toBe(404);
});

test("what is not acknowledged comes again on the next connection, for 15 minutes", async () => {
  const time = pausedTime();
  const twins = await startTwins({ time });
  const { webSocketUrl } = await registerDevice(twins);
  const first = await listen(twins, webSocketUrl);
  await twins.askBot();
  const { body: second } = await twins.askBot();
  await first.ping();
  const [heard, unheard] = first.events();
  first.acknowledge(heard.id);
  first.acknowledge("an id that nothing has");
  await first.ping("acknowledged");
  first.close();
  await first.closed();
  const { body: missed } = await twins.askBot();

  const again = await listen(twins, webSocketUrl);
  await again.ping();
  expect(again.events().map(({ id }) => id)).toEqual([unheard.id, expect.any(String)]);
  expect(again.activities().map(({ id }) => id)).toEqual([uuid(second.id), uuid(missed.id)]);
  expect(again.frames.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 2, 3, undefined]);

  time.advance(15 * 60 * SECOND);
  const late = await listen(twins, webSocketUrl);
  await late.ping();
  expect(late.events()).toEqual([]);
});

test("a second connection of a device replaces the first", async () => {
  const twins = await startTwins();
  const { webSocketUrl } = await registerDevice(twins);
  const first = await listen(twins, webSocketUrl);
  const second = await listen(twins, webSocketUrl);
  expect(await first.closed()).toMatchObject({ code: 4000 });
  await twins.askBot();
  await second.ping();
  expect(second.events()).toHaveLength(1);
});

test("two devices each hear everything", async () => {
  const twins = await startTwins();
  const ears = [];
  for (const device of [await registerDevice(twins), await registerDevice(twins)])
    ears.push(await listen(twins, device.webSocketUrl));
  await twins.askBot();
  for (const ear of ears) {
    await ear.ping();
    expect(ear.activities()).toMatchObject([{ verb: "post" }]);
  }
});

test("the handshake is refused for a device that is not registered, and for another host's name", async () => {
  const twins = await startTwins();
  const { webSocketUrl, url } = await registerDevice(twins);
  await twins.ask("DELETE", url, { token: twins.people.bot.token });
  for (const address of [webSocketUrl, `${twins.sandbox.url.replace("http", "ws")}/sandbox/events`]) {
    const ear = await openSocket(address);
    expect(await ear.closed()).toMatchObject({ code: 1006 });
    expect(ear.isOpen()).toBe(false);
  }
  const { calls } = (await twins.control("GET", "/calls")).body;
  const handshakes = calls.filter(({ path }: { path: string }) => path.startsWith("/mercury"));
  expect(handshakes).toMatchObject([{ method: "GET", status: 404, by: "nobody" }]);
});

test("the sandbox ends its sockets when it closes", async () => {
  const twins = await startTwins();
  const { webSocketUrl } = await registerDevice(twins);
  const ears = [await listen(twins, webSocketUrl), await openSocket(webSocketUrl)];
  await twins.sandbox.close();
  for (const ear of ears) expect(await ear.closed()).toMatchObject({ code: 1006 });
});
