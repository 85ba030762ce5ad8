import { afterEach, beforeEach, expect, test } from "vitest";
import { type Journey, startJourney } from "../support/journey.ts";
import { HOUR, MINUTE, pausedTime } from "../support/time.ts";

let journey: Journey;
const START = "2026-05-01T08:00:00.000Z";
const PLENTY = { API_CALLS_PER_MINUTE: "100000" };

const count = (event: string): number => journey.logged(event).length;

beforeEach(async () => {
  journey = await startJourney({ customers: 60, time: pausedTime(START) });
});
afterEach(() => journey.stop());

test("while the clock stands still the bot answers, but its schedule waits", async () => {
  await journey.startBot(PLENTY);
  await expect.poll(() => count("sweep.complete")).toBe(1);
  const answer = await journey.person("viewer").ask("status");
  expect(answer.created).toBe(START);
  expect(count("quick_poll.complete")).toBe(0);
  expect(count("sweep.complete")).toBe(1);
});

test("after a leap of hours each due job runs once, and the bot goes on under its own old lease", async () => {
  await journey.startBot(PLENTY);
  await expect.poll(() => count("sweep.complete")).toBe(1);
  journey.time.advance(4 * HOUR);
  await expect.poll(() => count("sweep.complete")).toBe(2);
  await expect.poll(() => count("store.tidied")).toBe(1);
  expect(await journey.person("viewer").ask("status")).toMatchObject({
    text: expect.stringContaining("running for 4 h"),
  });
  expect(count("sweep.failed")).toBe(0);
});

test("an answer whose lease expires by a leap, while it is under way, is posted once", async () => {
  await journey.startBot(PLENTY);
  await expect.poll(() => count("sweep.complete")).toBe(1);
  await journey.addFault({ api: "webex", method: "POST", path: "/messages", delayMs: 300 });
  const viewer = journey.person("viewer");
  const { roomId } = await viewer.send("help", "direct");
  const hasRead = async (): Promise<boolean> => {
    const { counts } = await journey.sandbox<{ counts: Record<string, number> }>("GET", "/calls");
    return Object.keys(counts).some((route) => /^GET \/messages\/:/.test(route));
  };
  await expect.poll(hasRead).toBe(true);
  journey.time.advance(5 * MINUTE);
  await viewer.waitForMessage(roomId, () => true);
  await viewer.ask("status");
  const answers = (await viewer.fromBot(roomId)).map(({ text }) => text?.split("\n")[0]);
  expect(answers).toHaveLength(2);
});

test("at ten minutes a second an hour of sweeps passes in seconds", async () => {
  journey.time.setSpeed(600);
  await journey.startBot(PLENTY);
  await expect.poll(() => count("sweep.complete")).toBeGreaterThan(12);
  expect(journey.time.clock() - Date.parse(START)).toBeGreaterThan(HOUR);
  expect(journey.logEntries.filter((line) => line.level === "error")).toEqual([]);
});
