import { afterAll, beforeAll, expect, test } from "vitest";
import { firstLineOf, SHORT_INTERVALS } from "../support/alert-journey.ts";
import { type Journey, startJourney, webhookTest } from "../support/journey.ts";
import { startLoopback } from "../support/loopback.ts";
import type { Person } from "../support/person.ts";
import { until } from "../support/until.ts";

let journey: Journey;
let owner: Person;

beforeAll(async () => {
  journey = await startJourney({ customers: 20 });
  owner = journey.person("operator");
});
afterAll(() => journey.stop());

test("ALERTS 31, 32: the heartbeat is sent only while the bot can read the API and reach Webex", async () => {
  const monitor = await startLoopback([{ status: 200 }]);
  const ops = await createOpsRoom();
  const HEARTBEAT_URL = `${monitor.url}/ping?name=bot`;
  await journey.startBot({ ...SHORT_INTERVALS, OPS_ROOM_ID: ops, HEARTBEAT_URL });
  await waitForHeartbeat(monitor, 0);
  expect(monitor.requests[0]).toMatchObject({ method: "GET", path: "/ping" });
  await journey.runScenario("blind-401");
  await journey.waitForEvent("sweep.failed");
  await journey.advanceClock("31s");
  await journey.waitForEvent("sweep.failed");
  await journey.advanceClock("10s");
  const outage = await owner.waitForMessage(ops, /^! The Wholesale API cannot be read/);
  expect(firstLineOf(outage)).toContain("401");
  const before = monitor.requests.length;
  await waitForSkippedHeartbeats(3);
  expect(monitor.requests).toHaveLength(before);
  await journey.runScenario("all-clear");
  await owner.waitForMessage(ops, /^The Wholesale API can be read again/);
  await journey.advanceClock("61s");
  await waitForHeartbeat(monitor, before);
  await journey.stopBot();
});

webhookTest(
  "ALERTS 33: webhooks that were switched off are switched on again; when that fails twice the ops room is notified",
  async () => {
    const ops = await createOpsRoom();
    await journey.startBot({ ...SHORT_INTERVALS, OPS_ROOM_ID: ops });
    await journey.addFault({ api: "webex", path: "/webhooks", status: 403 });
    await journey.advanceClock("5s");
    const notice = await owner.waitForMessage(ops, /Webhooks do not work/);
    expect(firstLineOf(notice)).toBe("! Webhooks do not work");
    const degraded = await journey.readyz();
    expect(degraded.status).toBe(200);
    expect(await degraded.json()).toMatchObject({ ready: true, status: "degraded" });
    await journey.clearFaults();
    await until(async () => expect(await (await journey.readyz()).json()).toMatchObject({ status: "ok" }));
    expect((await owner.fromBot(ops)).filter(({ text = "" }) => /Webhooks do not work/.test(text))).toHaveLength(1);
  },
);

/** The operators' space. No bot runs yet that could greet in it. */
async function createOpsRoom(): Promise<string> {
  const { id } = await owner.call<{ id: string }>("POST", "/rooms", { title: "Ops" });
  await journey.sandbox("POST", `/rooms/${id}/invite`, { role: "bot" });
  return id;
}

/** Advances the clock by minutes until the heartbeat has been skipped so often. */
async function waitForSkippedHeartbeats(times: number): Promise<void> {
  for (let nth = 1; nth <= times; nth += 1) {
    const skipped = journey.waitForEvent("heartbeat.skipped");
    await journey.advanceClock("61s");
    await skipped;
  }
}

async function waitForHeartbeat({ requests }: { readonly requests: readonly unknown[] }, before: number) {
  await until(async () => {
    if (requests.length <= before) await journey.advanceClock("61s");
    expect(requests.length).toBeGreaterThan(before);
  });
}
