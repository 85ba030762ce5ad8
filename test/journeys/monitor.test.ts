import { afterAll, beforeAll, expect, test } from "vitest";
import { type Journey, startJourney } from "../support/journey.ts";
import { until } from "../support/until.ts";

/** Longer than any test runs. */
const NEVER = "7d";
let journey: Journey;

beforeAll(async () => {
  journey = await startJourney({ customers: 250 });
});
afterAll(() => journey.stop());

/** Calls for a page of the list; names are read at their own time. */
const listCalls = async () =>
  (await journey.takeCalls()).filter(({ api, path }) => api === "wholesale" && path.endsWith("/customers")).length;

test("the bot reads every customer as soon as it starts, and reports it in its health", async () => {
  await listCalls();
  const app = await journey.startBot({ SWEEP_INTERVAL: NEVER, WATCH_INTERVAL: NEVER });
  await until(() => expect(journey.logged("sweep.complete")).toHaveLength(1));
  expect(journey.logged("sweep.complete")[0]).toMatchObject({ customers: 250, calls: 3, unreadable: 0 });
  expect(await listCalls()).toBe(3);
  const { text } = await journey.person("viewer").ask("status");
  expect(text).toMatch(/All 250 customers were read \d+ \w+ ago/);
  await app.stop();
});

test("a quick poll finds a package that broke after the sweep", async () => {
  const app = await journey.startBot({ SWEEP_INTERVAL: NEVER, WATCH_INTERVAL: "200ms" });
  await until(() => expect(journey.logged("quick_poll.complete").length).toBeGreaterThan(0));
  const before = journey.logged("quick_poll.complete").length;
  expect(journey.logged("quick_poll.complete").at(-1)).toMatchObject({ changed: 0, lookedUp: 0 });
  await journey.runScenario("break-one");
  await until(() => {
    const polls = journey.logged("quick_poll.complete").slice(before);
    expect(polls.some(({ changed }) => Number(changed) > 0)).toBe(true);
  });
  await app.stop();
});

test("an API that asks the bot to wait does not keep it from stopping", async () => {
  await journey.addFault({ api: "wholesale", status: 429, retryAfter: 3_600 });
  const app = await journey.startBot({ SWEEP_INTERVAL: "500ms", WATCH_INTERVAL: NEVER });
  await until(() => expect(journey.logged("wholesale.waiting").length).toBeGreaterThan(0));
  await app.stop();
  await journey.clearFaults();
  expect(journey.logged("shutdown.step_failed")).toEqual([]);
});
