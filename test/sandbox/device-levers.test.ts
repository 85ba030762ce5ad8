import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { decodeId } from "../../src/sandbox/world/webex-ids.ts";
import { pausedTime, SECOND } from "../support/time.ts";
import { DEVICE, listen, openSocket, registerDevice } from "./device-client.ts";
import { startTwins, type Twins } from "./twins.ts";

/** Faults of the sockets of devices, and the levers of the sandbox for them. */

async function listening() {
  const twins = await startTwins({ time: pausedTime() });
  const device = await registerDevice(twins);
  return { twins, device, ear: await listen(twins, device.webSocketUrl) };
}

/** The answer to a handshake that is refused. */
async function refusal(webSocketUrl: string): Promise<IncomingMessage> {
  const headers = { connection: "Upgrade", upgrade: "websocket" };
  const [response] = await once(get(webSocketUrl.replace("ws:", "http:"), { headers }), "response");
  response.resume();
  return response;
}

const lose = (twins: Twins, frame: string) => twins.control("POST", "/faults", { frame, times: 1 });

test.each([
  [{}, { code: 1006, reason: "" }],
  [
    { code: 1000, reason: "idle" },
    { code: 1000, reason: "idle" },
  ],
  [{ code: 1001 }, { code: 1001, reason: "" }],
  [{ code: 1011 }, { code: 1011, reason: "" }],
  [
    { code: 4000, reason: "replaced" },
    { code: 4000, reason: "replaced" },
  ],
  [{ code: 4401 }, { code: 4401, reason: "" }],
])("a socket is ended by %j", async (order, seen) => {
  const { twins, device, ear } = await listening();
  expect((await twins.control("POST", "/devices/close", order)).body).toEqual({ sockets: 1 });
  expect(await ear.closed()).toEqual(seen);
  await (await listen(twins, device.webSocketUrl)).ping();
});

test("there must be a socket to end or to send to, and a code that a server may send", async () => {
  const { control } = await startTwins();
  expect((await control("POST", "/devices/close")).status).toBe(409);
  expect((await control("POST", "/devices/send", { type: "shutdown" })).status).toBe(409);
  for (const code of [0, 1005, 1006, 2000, 5000])
    expect((await control("POST", "/devices/close", { code })).status, String(code)).toBe(400);
  expect((await control("POST", "/devices/send", {})).status).toBe(400);
});

test("a fault of the path /mercury refuses handshakes, of the bot alone, and is a call in the log", async () => {
  const twins = await startTwins();
  const { webSocketUrl } = await registerDevice(twins);
  const { webSocketUrl: ofViewer } = await registerDevice(twins, twins.people.viewer.token);
  await twins.control("POST", "/faults", { path: "/mercury", status: 404, times: 1 });
  await twins.control("POST", "/faults", { path: "/mercury", status: 429, retryAfter: 7, times: 1 });
  await twins.control("POST", "/faults", { path: "/mercury", drop: true, times: 1 });
  expect((await openSocket(ofViewer)).isOpen()).toBe(true);
  expect((await refusal(webSocketUrl)).statusCode).toBe(404);
  expect(await refusal(webSocketUrl)).toMatchObject({ statusCode: 429, headers: { "retry-after": "7" } });
  await expect(refusal(webSocketUrl)).rejects.toThrow("socket hang up");
  await twins.control("POST", "/faults", { path: "/mercury", delayMs: 600_000, times: 1 });
  const late = openSocket(webSocketUrl);
  await expect.poll(async () => (await twins.control("GET", "/faults")).body).toEqual([]);
  await twins.control("DELETE", "/faults");
  expect((await late).isOpen()).toBe(true);
  const { calls } = (await twins.control("GET", "/calls")).body;
  const handshakes = calls.filter(({ path }: { path: string }) => path.startsWith("/mercury"));
  expect(handshakes.map(({ by, status }: { by: string; status: number }) => `${by} ${status}`)).toEqual([
    `${twins.people.viewer.displayName} 101`,
    "bot 404",
    "bot 429",
    "bot 0",
    "bot 101",
  ]);
});

test("a pong is lost, and the next one comes", async () => {
  const { twins, ear } = await listening();
  await lose(twins, "pong");
  ear.send({ id: "lost", type: "ping" });
  expect(await ear.ping("answered")).toEqual({ id: "answered", type: "pong" });
  expect(ear.frames.filter(({ type }) => type === "pong")).toHaveLength(1);
});

test("an authorization is lost: nothing answers, and the server gives up after 30 seconds", async () => {
  const { twins, device, ear } = await listening();
  await lose(twins, "authorization");
  const silent = await openSocket(device.webSocketUrl);
  silent.authorize(`Bearer ${twins.people.bot.token}`);
  await expect.poll(async () => (await twins.control("GET", "/faults")).body).toEqual([]);
  twins.sandbox.time.advance(30 * SECOND);
  expect(await silent.closed()).toMatchObject({ code: 1000 });
  expect(silent.frames).toEqual([]);
  await ear.ping();
});

test("an event is lost: it leaves a gap in the sequence, and does not come again", async () => {
  const { twins, device, ear } = await listening();
  await lose(twins, "conversation.activity");
  await twins.askBot();
  const { body: heard } = await twins.askBot();
  await ear.ping();
  expect(ear.frames.map(({ sequenceNumber }) => sequenceNumber)).toEqual([1, 3, undefined]);
  const again = await listen(twins, device.webSocketUrl);
  await again.ping();
  expect(again.activities().map(({ id }) => id)).toEqual([decodeId(heard.id)]);
});

test("frames are lost at random, or of anybody, as calls fail; a fault of frames hits no call", async () => {
  const { twins, ear } = await listening();
  await twins.control("POST", "/faults", { frame: "pong", probability: 0 });
  await twins.control("POST", "/faults", { frame: "conversation.activity", status: 503 });
  const { webSocketUrl } = await registerDevice(twins, twins.people.viewer.token);
  const person = await openSocket(webSocketUrl);
  person.authorize(`Bearer ${twins.people.viewer.token}`);
  await person.ping();
  expect((await twins.bot("POST", "/messages", { roomId: twins.noc, text: "Here." })).status).toBe(200);
  await ear.ping();
  await person.ping("after");
  expect([ear.events(), person.events()]).toEqual([[], [expect.anything()]]);
  await twins.control("POST", "/faults", { frame: "conversation.activity", by: "anyone" });
  await twins.askBot();
  await person.ping("at last");
  expect(person.events()).toHaveLength(1);
});

test("texts come as they are, without a key, if the sandbox is told so", async () => {
  const { twins, ear } = await listening();
  await twins.control("POST", "/behaviour", { activityTexts: "plain" });
  await twins.askBot();
  await twins.control("DELETE", "/behaviour");
  await twins.askBot();
  await ear.ping();
  const [plain, encrypted] = ear.activities();
  expect(plain.object.displayName).toBe("Wholesale help");
  expect(plain).not.toHaveProperty("encryptionKeyUrl");
  expect(encrypted.object.displayName).toMatch(/^eyJ/);
  expect(encrypted.encryptionKeyUrl).toMatch(/^kms:/);
});

test("any frame is sent: a shutdown as it is, and an event in an envelope", async () => {
  const { twins, ear } = await listening();
  await twins.control("POST", "/devices/send", { type: "shutdown" });
  await twins.control("POST", "/devices/send", { data: { eventType: "status.start_typing", actor: {} } });
  await ear.ping();
  const [, shutdown, typing] = ear.frames;
  expect(shutdown).toEqual({ type: "shutdown" });
  expect(typing).toMatchObject({
    id: expect.any(String),
    data: { eventType: "status.start_typing", actor: {} },
    sequenceNumber: 2,
    timestamp: twins.sandbox.time.clock(),
  });
});

test("all devices are forgotten: the sockets are closed cleanly, and the addresses are stale", async () => {
  const { twins, device, ear } = await listening();
  const token = twins.people.bot.token;
  expect((await twins.control("DELETE", "/devices")).status).toBe(204);
  expect(await ear.closed()).toEqual({ code: 1000, reason: "unregistered" });
  expect((await refusal(device.webSocketUrl)).statusCode).toBe(404);
  expect((await twins.ask("PUT", device.url, { token, body: DEVICE })).status).toBe(404);
  expect((await twins.control("GET", "/devices")).body).toEqual([]);
});

test("the devices are shown with what they hear, and the sandbox is ready when the bot's listens", async () => {
  const twins = await startTwins();
  const { control } = twins;
  const readiness = async () => (await control("GET", "/ready")).status;
  const device = await registerDevice(twins);
  expect(await readiness()).toBe(503);
  const ear = await listen(twins, device.webSocketUrl);
  expect(await readiness()).toBe(200);
  await twins.askBot();
  await ear.ping();
  expect((await control("GET", "/devices")).body).toEqual([
    { ...device, owner: twins.people.bot.displayName, isListening: true, unacknowledged: 1 },
  ]);
  const [event] = ear.events();
  ear.acknowledge(event.id);
  await ear.ping("acknowledged");
  expect((await control("GET", "/devices")).body).toMatchObject([{ isListening: true, unacknowledged: 0 }]);
  ear.close();
  await expect.poll(readiness).toBe(503);
});

test("a space moves to another cluster: the ids of what is new in it name that, those of people do not", async () => {
  const { twins, ear } = await listening();
  const { control, viewer, ask, people } = twins;
  const cluster = "urn:TEAM:eu-central-1_k";
  const address = (id: string) => Buffer.from(id, "base64url").toString();
  const { body: room } = await control("POST", `/rooms/${twins.noc}/migrate`, { cluster });
  expect(address(room.id)).toMatch(/^ciscospark:\/\/urn:TEAM:eu-central-1_k\/ROOM\/[0-9a-f-]{36}$/);
  const question = { roomId: room.id, markdown: `<@personId:${people.bot.id}> help` };
  const { body: asked } = await viewer("POST", "/messages", question);
  await ear.ping();
  const [{ id, target }] = ear.activities();
  const { port } = new URL(twins.sandbox.url);
  const url = `http://localhost:${port}/conversation/api/v1/conversations/${decodeId(room.id)}`;
  expect(target).toMatchObject({ id: decodeId(room.id), globalId: room.id, url });
  const lookUp = target.url.replace(/conversations\/.*/, `messages/${id}`);
  expect((await ask("GET", lookUp, { token: people.bot.token })).body).toEqual({ id: asked.id });
  expect(address(asked.id)).toBe(`ciscospark://${cluster}/MESSAGE/${id}`);
  expect(address(asked.personId)).toMatch(/^ciscospark:\/\/us\/PEOPLE\//);
  const { body: members } = await viewer("GET", `/memberships?roomId=${room.id}`);
  expect(address(members.items[0].id)).toContain(`ciscospark://${cluster}/MEMBERSHIP/`);
  expect((await control("POST", `/rooms/${room.id}/migrate`, { cluster: "mars" })).status).toBe(400);
  const { body: moved } = await control("POST", `/rooms/${room.id}/migrate`);
  expect(address(moved.id)).toContain(cluster);
});
