import { afterAll, beforeAll, expect, test } from "vitest";
import { type Journey, startJourney } from "../support/journey.ts";
import { until } from "../support/until.ts";

/** An interval that does not come round while a test runs. */
const NEVER = "7d";
let journey: Journey;

beforeAll(async () => {
  journey = await startJourney({ customers: 250 });
});
afterAll(() => journey.stop());

const events = (event: string) => journey.logEntries.filter((line) => line.event === event);
const wholesaleCalls = async () => {
  const { calls } = await journey.sandbox<{ calls: { api: string; path: string }[] }>("GET", "/calls");
  await journey.sandbox("DELETE", "/calls");
  return calls.filter(({ api }) => api === "wholesale").map(({ path }) => path);
};

test("the bot reads every customer as soon as it starts, and says so in its health", async () => {
  await wholesaleCalls();
  const app = await journey.startBot({ SWEEP_INTERVAL: NEVER, WATCH_INTERVAL: NEVER });
  await until(() => expect(events("sweep.complete")).toHaveLength(1));
  expect(events("sweep.complete")[0]).toMatchObject({ customers: 250, calls: 3, unreadable: 0 });
  expect(await wholesaleCalls()).toHaveLength(3);
  const ready = await (await fetch(`http://127.0.0.1:${app.port}/readyz`)).text();
  expect(ready).toMatch(/complete, 250 customers, \d+ s old/);
  await app.stop();
});

test("a look finds a package that broke after the sweep", async () => {
  const app = await journey.startBot({ SWEEP_INTERVAL: NEVER, WATCH_INTERVAL: "200ms" });
  await until(() => expect(events("quick_poll.complete").length).toBeGreaterThan(0));
  const before = events("quick_poll.complete").length;
  expect(events("quick_poll.complete").at(-1)).toMatchObject({ changed: 0, lookedUp: 0 });
  await journey.sandbox("POST", "/scenarios/break-one");
  await until(() => {
    const looks = events("quick_poll.complete").slice(before);
    expect(looks.some(({ changed }) => Number(changed) > 0)).toBe(true);
  });
  await app.stop();
});

test("an API that asks for patience does not keep the bot from stopping", async () => {
  await journey.sandbox("POST", "/faults", { api: "wholesale", status: 429, retryAfter: 3_600 });
  const app = await journey.startBot({ SWEEP_INTERVAL: "500ms", WATCH_INTERVAL: NEVER });
  await until(() => expect(events("wholesale.waiting").length).toBeGreaterThan(0));
  await app.stop();
  await journey.sandbox("DELETE", "/faults");
  expect(events("shutdown.step_failed")).toEqual([]);
});
