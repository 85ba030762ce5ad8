import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  firstLineOf,
  pickCustomer,
  SHORT_INTERVALS,
  startHealthyJourney,
  type WatchedRoom,
  watchIn,
} from "../support/alert-journey.ts";
import { EDITS_REFUSED } from "../support/edits.ts";
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

/** The token is refused, and again half a minute later. */
async function refuseToken(): Promise<void> {
  await journey.runScenario("blind-401");
  await journey.waitForEvent("sweep.failed");
  await journey.advanceClock("31s");
  await journey.waitForEvent("sweep.failed");
  await journey.advanceClock("10s");
}

test("ALERTS 31: a token that is refused again after 30 s is notified once", async () => {
  await refuseToken();
  const outage = await room.waitFor(/^! The Wholesale API cannot be read/);
  expect(firstLineOf(outage)).toBe("! The Wholesale API cannot be read: Webex refused the token (401)");
  expect(outage.text).toContain("may be out of date");
  await journey.waitForEvent("sweep.failed", 2);
  await journey.advanceClock("10s");
  await journey.waitForEvent("sweep.failed", 2);
  expect(await count(OUTAGE)).toBe(1);
  expect((await room.ask("alerts")).text).toMatch(/has not been readable since/);
  await allClear();
  const end = await room.waitFor(END);
  expect(end.text).toMatch(/could not be read for .*; nothing has changed meanwhile/);
});

test("ALERTS 31: an outage that lasts is notified again after one hour, after four, and daily", async () => {
  const before = await count(OUTAGE);
  await refuseToken();
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
  await journey.waitForEvent("sweep.failed");
  await journey.advanceClock("2m");
  await journey.waitForEvent("sweep.failed");
  expect(await count(OUTAGE)).toBe(before);
  await journey.advanceClock("4m");
  await waitForCount(OUTAGE, before + 1);
  await endOutage();
});

test.each([
  ["blind-empty", "0"],
  ["blind-half", "20"],
])("ALERTS 6, 31: %s is told at once; an error opens and another heals meanwhile", async (scenario, present) => {
  const [before, during] = [pickCustomer(journey), pickCustomer(journey)];
  await before.fail();
  const alert = await room.waitFor(/^/, before.id);
  await journey.runScenario(scenario);
  await journey.waitForEvent("sweep.suspect");
  await journey.advanceClock("10s");
  await room.waitFor(new RegExp(`^! The Wholesale API cannot be read: the list has ${present} of 40 customers`));
  await journey.waitForEvent("sweep.suspect", 3);
  await before.heal();
  await room.waitForEdit(alert, /^✓ Recovered/);
  expect((await room.ask("status")).text).toContain(`the list has ${present} of 40 customers`);
  await during.fail();
  await endOutage();
  await room.waitFor(/^/, during.id);
  await during.heal();
  await journey.waitForQuickPolls();
});

test("ALERTS 32: while Webex is down notices wait in the queue and /readyz says degraded; afterwards they are sent", async () => {
  const { id, fail, heal } = pickCustomer(journey);
  await journey.runScenario("webex-down");
  await fail();
  await journey.waitForLog("notice.delivery_failed");
  const degraded = await journey.readyz();
  expect(degraded.status).toBe(200);
  expect(await degraded.json()).toMatchObject({ status: "degraded" });
  await allClear();
  await journey.advanceClock("5s");
  const alert = await room.waitFor(/^/, id);
  expect(firstLineOf(alert)).toMatch(/^✕ Error: /);
  await until(async () => expect(await (await journey.readyz()).json()).toMatchObject({ status: "ok" }));
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
  expect(card.text).toContain("Meanwhile 1 package went into error");
  if (EDITS_REFUSED) await room.waitFor(/^✓ Recovered: /m, first.id);
  else await room.waitForEdit(late, /^✓ Recovered/);
});
