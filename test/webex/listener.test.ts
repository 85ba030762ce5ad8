import { expect, onTestFinished, test } from "vitest";
import type { LogFields } from "../../src/domain/ports/runtime.ts";
import { createHttp } from "../../src/http.ts";
import { createVirtualTime } from "../../src/sandbox/clock/virtual-time.ts";
import { createWebexApi } from "../../src/webex/api.ts";
import { type ListenerDeps, startListener } from "../../src/webex/socket/listener.ts";
import { createServiceCalls } from "../../src/webex/socket/service-calls.ts";
import type { WebhookEvent } from "../../src/webex/wire.ts";
import { startTwins, type Twins } from "../sandbox/twins.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { everyFault } from "../support/logs.ts";
import { NO_SECRETS } from "../support/secrets.ts";
import { HOUR } from "../support/time.ts";
import { until } from "../support/until.ts";

/** The waits between two tries pass a thousand times as fast. */
const quickTime = () => createVirtualTime({ wall: Date.now(), at: Date.now(), speed: 1_000 });

/** A listener on the twins, and what it did. */
async function listen(
  { sandbox, people, control }: Twins,
  deps: Pick<ListenerDeps, "leases"> & Partial<Pick<ListenerDeps, "probeMs" | "lastReceivedAt">>,
) {
  const apiUrl = `${sandbox.url}/v1`;
  const openHttp = (baseUrl: string) =>
    createHttp({ baseUrl, connections: 2, timeoutMs: 60_000, retries: 0, secrets: NO_SECRETS });
  const http = openHttp(apiUrl);
  const api = createWebexApi(http, people.bot.token);
  const calls = createServiceCalls({ apiUrl, token: people.bot.token, openHttp });
  const time = quickTime();
  const states: (string | undefined)[] = [];
  const logged: (readonly [event: string, fields: LogFields | undefined])[] = [];
  const received: WebhookEvent[] = [];
  const log = (event: string, fields?: LogFields) => void logged.push([event, fields]);
  const listener = startListener({
    ...time,
    api,
    calls,
    apiUrl,
    bot: await api.me(),
    holder: "one",
    receive: async (event) => void received.push(event),
    lastReceivedAt: async () => undefined,
    onState: (failure) => void states.push(failure?.message),
    random: () => 0,
    log: everyFault({ info: log, warn: log, error: log }),
    ...deps,
  });
  onTestFinished(async () => {
    await listener.stop();
    await calls.close();
    await http.close();
  });
  return {
    time,
    states,
    received,
    events: () => logged.map(([event]) => event),
    reasons: () => logged.map(([, fields]) => fields?.reason),
    devices: async () => (await control("GET", "/devices")).body,
    waitUntilHeard: () => until(() => expect(states).toContain(undefined)),
  };
}

onEveryDatabase((database) => {
  test("a device is registered anew after three connections in a row that did not hear their own space", async () => {
    const { leases } = await database.open();
    const twins = await startTwins();
    await twins.control("POST", "/faults", { frame: "conversation.activity" });
    const { devices, reasons, states, waitUntilHeard } = await listen(twins, { leases, probeMs: 50 });
    await until(async () => expect(await devices()).toHaveLength(1));
    const [{ url: first }] = await devices();
    await until(async () => expect(await devices()).toMatchObject([{ url: expect.not.stringContaining(first) }]));
    expect(reasons().slice(0, 3)).toEqual(Array(3).fill("nothing heard"));
    expect(states).not.toContain(undefined);
    await twins.control("DELETE", "/faults");
    await waitUntilHeard();
  });

  test("a device is kept when calls before the connection fail", async () => {
    const { leases } = await database.open();
    const twins = await startTwins();
    const { devices, waitUntilHeard } = await listen(twins, { leases });
    await waitUntilHeard();
    const [{ url }] = await devices();
    await twins.control("POST", "/faults", { api: "webex", path: "/u2c", status: 503, times: 3 });
    await twins.control("POST", "/devices/close", {});
    await until(async () => expect((await twins.control("GET", "/faults")).body).toEqual([]));
    await until(async () => expect(await devices()).toMatchObject([{ url, isListening: true }]));
  });

  test("messages that cannot be read at once end no connection, and are read later; those of other spaces do not wait", async () => {
    const { leases } = await database.open();
    const twins = await startTwins();
    await twins.askBot();
    await twins.control("POST", "/faults", { api: "webex", method: "GET", path: "/messages", status: 403, times: 4 });
    const lastReceivedAt = async () => Date.now() - HOUR;
    const { received, events, waitUntilHeard } = await listen(twins, { leases, lastReceivedAt });
    await waitUntilHeard();
    expect(received).toMatchObject([{ resource: "messages", data: { roomId: twins.noc } }]);
    expect(events()).toEqual([]);
  });

  test("messages that cannot be read at all are given up, and the bot listens", async () => {
    const { leases } = await database.open();
    const twins = await startTwins();
    await twins.control("POST", "/faults", { api: "webex", method: "GET", path: "/rooms", status: 403 });
    const { events, waitUntilHeard } = await listen(twins, { leases, lastReceivedAt: async () => Date.now() });
    await waitUntilHeard();
    expect(events()).toEqual(["socket.failed"]);
  });

  test("a lease that another instance has taken ends the connection, and is no failure", async () => {
    const { leases } = await database.open();
    const twins = await startTwins();
    const { time, events, states, devices, waitUntilHeard } = await listen(twins, { leases });
    await waitUntilHeard();
    expect(await leases.acquire("socket", "two", time.clock() + 24 * HOUR, 24 * HOUR)).toBeDefined();
    await until(() => expect(events()).toEqual(["lease.lost"]));
    await until(async () => expect(await devices()).toMatchObject([{ isListening: false }]));
    expect(states.filter((state) => state !== undefined)).toEqual([]);
  });
});
