import { expect, test } from "vitest";
import { createHttp } from "../../src/http.ts";
import { createSecrets } from "../../src/secrets.ts";
import { readServices } from "../../src/webex/socket/catalog.ts";
import { type Ending, type Limits, listenOn } from "../../src/webex/socket/connection.ts";
import { takeDevice } from "../../src/webex/socket/device.ts";
import { createServiceCalls, isOfWebex } from "../../src/webex/socket/service-calls.ts";
import { startTwins, type Twins } from "../sandbox/twins.ts";
import { until } from "../support/until.ts";

const API = "https://webexapis.com/v1";

test.each([
  ["https://wdm-r.wbx2.com/wdm/api/v1/devices", true],
  ["wss://mercury-connection-partition1-r.wbx2.com/v1/apps", true],
  ["https://webexapis.com/v1/rooms", true],
  ["https://api.eu.webex.com", true],
  ["https://wbx2.com.evil.example/devices", false],
  ["https://evilwbx2.com/devices", false],
  ["https://wbx2.com@evil.example/devices", false],
  ["http://wdm-a.wbx2.com/devices", false],
  ["ftp://webexapis.com/x", false],
  ["https://127.0.0.1:4000/wdm", false],
])("the token goes to %s: %s", (address, isTrusted) => {
  expect(isOfWebex(address, API)).toBe(isTrusted);
});

test("the server of WEBEX_API_URL may be this machine, and no other port of it", () => {
  expect(isOfWebex("ws://127.0.0.1:4000/mercury", "http://127.0.0.1:4000/v1")).toBe(true);
  expect(isOfWebex("http://localhost:4000/conversation", "http://127.0.0.1:4000/v1")).toBe(true);
  expect(isOfWebex("ws://127.0.0.1:4001/mercury", "http://127.0.0.1:4000/v1")).toBe(false);
});

/** The calls of a bot to the services of the twins. */
async function openDevice({ sandbox, people }: Twins) {
  const apiUrl = `${sandbox.url}/v1`;
  const secrets = createSecrets([]);
  const openHttp = (baseUrl: string) => createHttp({ baseUrl, connections: 1, timeoutMs: 60_000, retries: 0, secrets });
  const calls = createServiceCalls({ apiUrl, token: people.bot.token, openHttp });
  const services = await readServices(calls, apiUrl);
  return { calls, services, device: await takeDevice(calls, services.devices) };
}

test("a start takes the device of the last one, and registers another when Webex has none", async () => {
  const twins = await startTwins();
  const { calls, services, device } = await openDevice(twins);
  expect((await takeDevice(calls, services.devices)).url).toBe(device.url);
  // Something before Webex lies once about each call.
  for (const method of ["GET", "PUT"])
    await twins.control("POST", "/faults", { api: "webex", method, path: "/wdm", status: 404, times: 1 });
  expect((await takeDevice(calls, services.devices)).url).toBe(device.url);
  await twins.control("DELETE", "/devices");
  const next = await takeDevice(calls, services.devices);
  expect(next.url).not.toBe(device.url);
  expect((await twins.control("GET", "/devices")).body).toHaveLength(1);
  await calls.close();
});

test("an address outside of Webex gets no token and no call", async () => {
  const twins = await startTwins();
  const { calls } = await openDevice(twins);
  expect(() => calls.tokenFor("wss://evil.example/socket")).toThrow(/outside of Webex/);
  await expect(calls.remove("http://127.0.0.1:1/devices/1")).rejects.toMatchObject({ code: "webex.untrusted" });
  await calls.close();
});

/** A connection whose time is so short that only the twins' silence ends it. */
async function listen(twins: Twins, limits: Limits, onActivity: (activity: unknown) => Promise<void> = async () => {}) {
  const { calls, device } = await openDevice(twins);
  const stop = new AbortController();
  const events: string[] = [];
  const ended: Promise<Ending> = listenOn({
    url: device.webSocketUrl,
    token: calls.tokenFor(device.webSocketUrl),
    onReady: () => events.push("ready"),
    onGap: () => events.push("gap"),
    onActivity,
    signal: stop.signal,
    limits,
  });
  await calls.close();
  return { ended, events, stop: () => stop.abort() };
}

const LONG = 900_000;

test.each([
  ["pong", { readyMs: LONG, pingMs: 50 }, { next: "again", reason: "no pong" }],
  ["authorization", { readyMs: 50, pingMs: LONG }, { next: "again", reason: "not ready" }],
])("a connection without an answer to %s ends", async (frame, limits, ending) => {
  const twins = await startTwins();
  await twins.control("POST", "/faults", { frame });
  expect(await (await listen(twins, limits)).ended).toEqual(ending);
});

test.each([
  [4400, "stop"],
  [4401, "stop"],
  [4403, "stop"],
  [4000, "stop"],
  [1000, "again"],
  [1001, "again"],
  [1011, "again"],
])("after the close code %i comes: %s", async (code, next) => {
  const twins = await startTwins();
  const { ended, events } = await listen(twins, { readyMs: LONG, pingMs: LONG });
  await until(() => expect(events).toEqual(["ready"]));
  await twins.control("POST", "/devices/close", { code });
  expect(await ended).toEqual({ next, reason: String(code) });
});

test("an activity that could not be stored is not acknowledged, and comes again", async () => {
  const twins = await startTwins();
  const limits = { readyMs: LONG, pingMs: LONG };
  const first = await listen(twins, limits, () => Promise.reject(new Error("The disk is full.")));
  await until(() => expect(first.events).toEqual(["ready"]));
  await twins.askBot();
  expect(await first.ended).toMatchObject({ next: "again", reason: "not stored" });
  const activities: unknown[] = [];
  const second = await listen(twins, limits, async (activity) => void activities.push(activity));
  await until(() => expect(activities).toMatchObject([{ verb: "post" }]));
  second.stop();
  expect(await second.ended).toMatchObject({ reason: "stopped" });
});

test("a shutdown ends the connection, a gap in the numbers is noticed, and other frames are passed over", async () => {
  const twins = await startTwins();
  const { ended, events } = await listen(twins, { readyMs: LONG, pingMs: LONG });
  await until(() => expect(events).toEqual(["ready"]));
  await twins.control("POST", "/devices/send", { data: { eventType: "status.start_typing" } });
  await twins.control("POST", "/faults", { frame: "conversation.activity", times: 1 });
  await twins.askBot();
  await twins.askBot();
  await until(() => expect(events).toEqual(["ready", "gap"]));
  await twins.control("POST", "/devices/send", { type: "shutdown" });
  expect(await ended).toMatchObject({ next: "again", reason: "shutdown" });
});
