import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  advanceClock,
  firstLineOf,
  pickCustomer,
  SHORT_INTERVALS,
  startHealthyJourney,
  type WatchedRoom,
  waitForQuickPolls,
  waitForSweeps,
  watchIn,
} from "../support/alert-journey.ts";
import type { Journey } from "../support/journey.ts";
import { until } from "../support/until.ts";

let journey: Journey;
let room: WatchedRoom;

beforeAll(async () => {
  journey = await startHealthyJourney(SHORT_INTERVALS);
  room = await watchIn(journey);
});
afterEach(() => allClear());
afterAll(() => journey.stop());

const scenario = (name: string) => journey.sandbox("POST", `/scenarios/${name}`, {});
const allClear = () => scenario("all-clear");

/** The first lines of what the space heard of the bot's own sight. */
const heard = async (pattern: RegExp) => (await room.news()).map(firstLineOf).filter((line) => pattern.test(line));

/** Waits until the bot has logged this so often. */
async function logged(event: string, times = 2): Promise<void> {
  const count = () => journey.logEntries.filter((line) => line.event === event).length;
  const before = count();
  await until(() => expect(count()).toBeGreaterThanOrEqual(before + times));
}

const readyz = async () => (await fetch(`${journey.env.PUBLIC_URL}/readyz`)).status;

test("ALERTS 31: a refused token is told at once, and once; while blind nothing opens or closes", async () => {
  const [before, meanwhile] = [pickCustomer(journey), pickCustomer(journey)];
  await before.fail();
  const alert = await room.hears(new RegExp(before.id));
  await scenario("blind-401");
  await logged("sweep.failed", 1);
  await before.heal();
  await meanwhile.fail();
  await advanceClock(journey, "10s");
  const blind = await room.hears(/^! The Wholesale API cannot be read/);
  expect(firstLineOf(blind)).toBe("! The Wholesale API cannot be read: Webex refused the token (401)");
  expect(blind.text).toContain("may be out of date");
  await logged("sweep.failed");
  await advanceClock(journey, "10s");
  await logged("sweep.failed");
  expect(await heard(/cannot be read/)).toHaveLength(1);
  expect((await room.news()).filter(({ parentId }) => parentId === alert.id)).toEqual([]);
  const answer = await room.owner.ask("alerts", { roomId: room.roomId });
  expect(answer.text).toMatch(/has not been readable since/);
  await allClear();
  const sight = await room.hears(/^The Wholesale API can be read again/);
  expect(sight.text).toMatch(/could not be read for .*; 1 change found/);
  await room.hears(new RegExp(`^✕ .*${meanwhile.id}|${meanwhile.id}`));
  await room.owner.see(room.roomId, ({ id, text = "" }) => id === alert.id && /^✓ Recovered/.test(text));
  await meanwhile.heal();
  await waitForQuickPolls(journey);
});

test("ALERTS 31: blindness that lasts is told again after an hour, after four, and daily", async () => {
  await scenario("blind-401");
  await logged("sweep.failed", 1);
  const before = (await heard(/cannot be read/)).length;
  await advanceClock(journey, "10s");
  await until(async () => expect(await heard(/cannot be read/)).toHaveLength(before + 1));
  for (const [times, forward] of ["1h", "3h", "1d", "1d"].entries()) {
    await advanceClock(journey, forward);
    await until(async () => expect(await heard(/^! The Wholesale API still cannot be read/)).toHaveLength(times + 1));
  }
  const again = await room.hears(/^! The Wholesale API still cannot be read/);
  expect(firstLineOf(again)).toBe("! The Wholesale API still cannot be read: Webex refused the token (401)");
  const visibility = (await heard(/^The Wholesale API can be read again/)).length;
  await allClear();
  await until(async () => expect(await heard(/^The Wholesale API can be read again/)).toHaveLength(visibility + 1));
});

test("ALERTS 31: an API that is not well is told when it has lasted", async () => {
  const before = (await heard(/cannot be read/)).length;
  await journey.sandbox("POST", "/faults", { api: "wholesale", path: "/wholesale", status: 403, times: 1 });
  await allClear();
  await journey.sandbox("POST", "/faults", { api: "wholesale", path: "/wholesale", status: 400 });
  await logged("sweep.failed", 1);
  await advanceClock(journey, "2m");
  await logged("sweep.failed", 1);
  expect((await heard(/cannot be read/)).length).toBe(before);
  await advanceClock(journey, "4m");
  await until(async () => expect(await heard(/cannot be read/)).toHaveLength(before + 1));
  const visibility = (await heard(/^The Wholesale API can be read again/)).length;
  await allClear();
  await until(async () => expect(await heard(/^The Wholesale API can be read again/)).toHaveLength(visibility + 1));
});

test.each(["blind-empty", "blind-half"])("ALERTS 6, 31: %s removes and heals nothing", async (name) => {
  const { id, fail, heal } = pickCustomer(journey);
  await fail();
  const alert = await room.hears(new RegExp(id));
  const before = (await room.news()).length;
  await scenario(name);
  await logged(name === "blind-empty" ? "sweep.suspect" : "sweep.complete", 3);
  expect((await room.news()).slice(before).map(firstLineOf)).toEqual([]);
  await allClear();
  await waitForSweeps(journey);
  expect((await room.news()).slice(before).map(firstLineOf)).toEqual([]);
  await heal();
  await room.owner.see(room.roomId, ({ id: other, text = "" }) => other === alert.id && /^✓ Recovered/.test(text));
});

test("ALERTS 32: while Webex is down what is owed waits, /readyz is red, and afterwards it is told", async () => {
  const { id, fail, heal } = pickCustomer(journey);
  await scenario("webex-down");
  await fail();
  await logged("notice.delivery_failed", 1);
  expect(await readyz()).toBe(503);
  await allClear();
  await advanceClock(journey, "5s");
  const alert = await room.hears(new RegExp(id));
  expect(firstLineOf(alert)).toMatch(/^✕ Error: /);
  await until(async () => expect(await readyz()).toBe(200));
  await heal();
  await room.owner.see(room.roomId, ({ id: other, text = "" }) => other === alert.id && /^✓ Recovered/.test(text));
});

test("ALERTS 16: what changed while the bot was away is noticed late, and says so; after hours, as one card", async () => {
  const [first, second] = [pickCustomer(journey), pickCustomer(journey)];
  await journey.stopBot();
  await first.fail();
  await advanceClock(journey, "12m");
  await journey.startBot(SHORT_INTERVALS);
  const late = await room.hears(new RegExp(first.id));
  expect(late.text).toContain("Noticed late: the bot was away for 12 min");
  await journey.stopBot();
  await Promise.all([first.heal(), second.fail()]);
  await advanceClock(journey, "7h");
  await journey.startBot(SHORT_INTERVALS);
  const card = await room.hears(/the bot was away for 7 h/);
  expect(card.text).toContain(second.id);
  await room.owner.see(room.roomId, ({ id, text = "" }) => id === late.id && /^✓ Recovered/.test(text));
});
