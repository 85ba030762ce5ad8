import { afterAll, beforeAll, expect, test } from "vitest";
import { advanceClock, firstLineOf, SHORT_INTERVALS } from "../support/alert-journey.ts";
import { type Journey, startJourney } from "../support/journey.ts";
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

test("ALERTS 31, 32: the heartbeat goes out only while the bot can both see and speak", async () => {
  const outside = await startLoopback([{ status: 200 }]);
  const ops = await opsRoom();
  await journey.startBot({
    ...SHORT_INTERVALS,
    OPS_ROOM_ID: ops,
    HEARTBEAT_URL: `${outside.url}/ping?name=bot`,
  });
  await beats(outside, 0);
  expect(outside.requests[0]).toMatchObject({ method: "GET", path: "/ping" });
  await journey.sandbox("POST", "/scenarios/blind-401", {});
  await logged("sweep.failed");
  await advanceClock(journey, "10s");
  const blind = await owner.see(ops, ({ text = "" }) => /^! The Wholesale API cannot be read/.test(text));
  expect(firstLineOf(blind)).toContain("401");
  const silent = outside.requests.length;
  await withheld(3);
  expect(outside.requests).toHaveLength(silent);
  await journey.sandbox("POST", "/scenarios/all-clear", {});
  await owner.see(ops, ({ text = "" }) => /^The Wholesale API can be read again/.test(text));
  await advanceClock(journey, "61s");
  await beats(outside, silent);
  await journey.stopBot();
});

test("ALERTS 33: webhooks that were switched off are switched on again; when that fails twice the ops room hears it", async () => {
  const ops = await opsRoom();
  await journey.startBot({ ...SHORT_INTERVALS, OPS_ROOM_ID: ops });
  await journey.sandbox("POST", "/faults", { api: "webex", path: "/webhooks", status: 403 });
  await advanceClock(journey, "5s");
  const deaf = await owner.see(ops, ({ text = "" }) => /Webhooks switched off/.test(text));
  expect(firstLineOf(deaf)).toBe("! Webhooks switched off");
  expect((await fetch(`${journey.env.PUBLIC_URL}/readyz`)).status).toBe(503);
  await journey.sandbox("DELETE", "/faults");
  await until(async () => expect((await fetch(`${journey.env.PUBLIC_URL}/readyz`)).status).toBe(200));
  expect((await owner.fromBot(ops)).filter(({ text = "" }) => /Webhooks switched off/.test(text))).toHaveLength(1);
});

/** A space of those who run the bot. No bot runs yet that could say hello in it. */
async function opsRoom(): Promise<string> {
  const { id } = await owner.call<{ id: string }>("POST", "/rooms", { title: "Ops" });
  await journey.sandbox("POST", `/rooms/${id}/invite`, { role: "bot" });
  return id;
}

async function logged(event: string): Promise<void> {
  await until(() => expect(journey.logEntries).toContainEqual(expect.objectContaining({ event })));
}

/** Lets minutes pass until the heartbeat has been withheld so often. */
async function withheld(times: number): Promise<void> {
  for (let nth = 1; nth <= times; nth += 1) {
    await advanceClock(journey, "61s");
    await until(() =>
      expect(journey.logEntries.filter(({ event }) => event === "heartbeat.skipped").length).toBeGreaterThanOrEqual(
        nth,
      ),
    );
  }
}

async function beats({ requests }: { readonly requests: readonly unknown[] }, before: number): Promise<void> {
  await until(async () => {
    if (requests.length <= before) await advanceClock(journey, "61s");
    expect(requests.length).toBeGreaterThan(before);
  });
}
