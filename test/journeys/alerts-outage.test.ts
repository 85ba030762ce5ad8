import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  firstLineOf,
  pickCustomer,
  SHORT_INTERVALS,
  startHealthyJourney,
  type WatchedRoom,
  watchIn,
} from "../support/alert-journey.ts";
import type { Journey } from "../support/journey.ts";
import { until } from "../support/until.ts";

const OUTAGE = /cannot be read/;
const STILL = /^! The Wholesale API still cannot be read/;
const END = /^The Wholesale API can be read again/;

let journey: Journey;
let room: WatchedRoom;

beforeAll(async () => {
  journey = await startHealthyJourney();
  room = await watchIn(journey);
});
afterEach(() => allClear());
afterAll(() => journey.stop());

const allClear = () => journey.runScenario("all-clear");

/** How many messages of the room begin with such a line. */
const count = async (pattern: RegExp) =>
  (await room.newMessages()).filter((message) => pattern.test(firstLineOf(message))).length;

const waitForCount = (pattern: RegExp, expected: number) =>
  until(async () => expect(await count(pattern)).toBe(expected));

async function endOutage(): Promise<void> {
  const ends = await count(END);
  await allClear();
  await waitForCount(END, ends + 1);
}

test("ALERTS 31: a refused token is notified at once, and once; during the outage nothing opens or closes", async () => {
  const [before, during] = [pickCustomer(journey), pickCustomer(journey)];
  await before.fail();
  const alert = await room.waitFor(/^/, before.id);
  await journey.runScenario("blind-401");
  await journey.waitForLog("sweep.failed");
  await before.heal();
  await during.fail();
  await journey.advanceClock("10s");
  const outage = await room.waitFor(/^! The Wholesale API cannot be read/);
  expect(firstLineOf(outage)).toBe("! The Wholesale API cannot be read: Webex refused the token (401)");
  expect(outage.text).toContain("may be out of date");
  await journey.waitForLog("sweep.failed", 2);
  await journey.advanceClock("10s");
  await journey.waitForLog("sweep.failed", 2);
  expect(await count(OUTAGE)).toBe(1);
  expect((await room.newMessages()).filter(({ parentId }) => parentId === alert.id)).toEqual([]);
  expect((await room.ask("alerts")).text).toMatch(/has not been readable since/);
  await allClear();
  const end = await room.waitFor(END);
  expect(end.text).toMatch(/could not be read for .*; 1 change found/);
  await room.waitFor(/^/, during.id);
  await room.waitForEdit(alert, /^✓ Recovered/);
  await during.heal();
  await journey.waitForQuickPolls();
});

test("ALERTS 31: an outage that lasts is notified again after one hour, after four, and daily", async () => {
  await journey.runScenario("blind-401");
  await journey.waitForLog("sweep.failed");
  const before = await count(OUTAGE);
  await journey.advanceClock("10s");
  await waitForCount(OUTAGE, before + 1);
  for (const [times, forward] of ["1h", "3h", "1d", "1d"].entries()) {
    await journey.advanceClock(forward);
    await waitForCount(STILL, times + 1);
  }
  const again = await room.waitFor(STILL);
  expect(firstLineOf(again)).toBe("! The Wholesale API still cannot be read: Webex refused the token (401)");
  await endOutage();
});

test("ALERTS 31: an API that fails without refusing is notified once that has lasted", async () => {
  const before = await count(OUTAGE);
  await journey.addFault({ api: "wholesale", path: "/wholesale", status: 400 });
  await journey.waitForLog("sweep.failed");
  await journey.advanceClock("2m");
  await journey.waitForLog("sweep.failed");
  expect(await count(OUTAGE)).toBe(before);
  await journey.advanceClock("4m");
  await waitForCount(OUTAGE, before + 1);
  await endOutage();
});

test.each([
  ["blind-empty", "sweep.suspect"],
  ["blind-half", "sweep.complete"],
])("ALERTS 6, 31: %s removes and heals nothing", async (scenario, event) => {
  const { id, fail, heal } = pickCustomer(journey);
  await fail();
  const alert = await room.waitFor(/^/, id);
  const before = (await room.newMessages()).length;
  await journey.runScenario(scenario);
  await journey.waitForLog(event, 3);
  expect((await room.newMessages()).slice(before).map(firstLineOf)).toEqual([]);
  await allClear();
  await journey.waitForSweeps();
  expect((await room.newMessages()).slice(before).map(firstLineOf)).toEqual([]);
  await heal();
  await room.waitForEdit(alert, /^✓ Recovered/);
});

test("ALERTS 32: while Webex is down notices wait in the queue and /readyz is red; afterwards they are sent", async () => {
  const { id, fail, heal } = pickCustomer(journey);
  await journey.runScenario("webex-down");
  await fail();
  await journey.waitForLog("notice.delivery_failed");
  expect((await journey.readyz()).status).toBe(503);
  await allClear();
  await journey.advanceClock("5s");
  const alert = await room.waitFor(/^/, id);
  expect(firstLineOf(alert)).toMatch(/^✕ Error: /);
  await until(async () => expect((await journey.readyz()).status).toBe(200));
  await heal();
  await room.waitForEdit(alert, /^✓ Recovered/);
});

test("ALERTS 16: a change while the bot was away is marked as noticed late; after hours, changes come as one card", async () => {
  const [first, second] = [pickCustomer(journey), pickCustomer(journey)];
  await journey.stopBot();
  await first.fail();
  await journey.advanceClock("12m");
  await journey.startBot(SHORT_INTERVALS);
  const late = await room.waitFor(/^/, first.id);
  expect(late.text).toContain("Noticed late: the bot was away for 12 min");
  await journey.stopBot();
  await Promise.all([first.heal(), second.fail()]);
  await journey.advanceClock("7h");
  await journey.startBot(SHORT_INTERVALS);
  const card = await room.waitFor(/the bot was away for 7 h/);
  expect(card.text).toContain(second.id);
  await room.waitForEdit(late, /^✓ Recovered/);
});
