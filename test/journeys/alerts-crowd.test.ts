import { afterAll, beforeAll, expect, test } from "vitest";
import {
  advanceClock,
  healthyCustomers,
  PRODUCTION_WINDOWS,
  packageControls,
  type WatchedRoom,
  waitForQuickPolls,
  watchIn,
} from "../support/alert-journey.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { titlesOf } from "../support/person.ts";

let journey: Journey;
let room: WatchedRoom;

beforeAll(async () => {
  journey = await startJourney({ customers: 90 });
  await journey.startBot(PRODUCTION_WINDOWS);
  room = await watchIn(journey);
});
afterAll(() => journey.stop());

/** Breaks so many healthy customers, all for one code, and gives the levers to heal them. */
async function broken(count: number, code: number) {
  const levers = healthyCustomers(journey, count).map((customer) => packageControls(journey, customer));
  await Promise.all(levers.map(({ fail }) => fail(code)));
  return levers;
}

type Levers = Awaited<ReturnType<typeof broken>>;
const healed = (levers: Levers) => Promise.all(levers.map(({ heal }) => heal()));

/** Lets what is owed be seen, and the window pass. */
async function told(window = "5m"): Promise<void> {
  await waitForQuickPolls(journey);
  await advanceClock(journey, window);
}

test("ALERTS 19, 20: what is over again within the wait is never told of", async () => {
  const levers = await broken(1, 10022);
  await waitForQuickPolls(journey);
  await healed(levers);
  await told("1h");
  await waitForQuickPolls(journey);
  expect(await room.news()).toEqual([]);
});

test("ALERTS 20: after one message the next one waits for its window, and then tells all that came", async () => {
  const first = await broken(1, 10022);
  await told("30s");
  await room.hears(/^✕ Error: /);
  const others = await broken(2, 200016);
  await told("30s");
  await waitForQuickPolls(journey);
  expect(await room.news()).toHaveLength(1);
  await advanceClock(journey, "5m");
  await room.hears(/^✕ 2 packages in error: /);
  await healed([...first, ...others]);
  await told();
  await room.hears(/^✓ 3 packages recovered/);
});

test("ALERTS 21: those that come together are one card, by their codes, with buttons for all of them", async () => {
  const levers = [...(await broken(1, 200016)), ...(await broken(3, 10022))];
  await told();
  const card = await room.hears(/^✕ 4 packages in error: /);
  expect(card.parentId).toBeUndefined();
  expect(card.text).toMatch(/Code 10022[\s\S]*Code 200016/);
  expect(titlesOf(card)).toEqual(["Show all", "Acknowledge all", "Mute 1 h"]);
  await room.owner.press(card, "Acknowledge all");
  await room.owner.see(
    room.roomId,
    ({ id, text = "" }) => id === card.id && text.split(`acknowledged by ${room.owner.displayName}`).length === 5,
  );
  await healed(levers);
  await told();
  const over = await room.hears(/^✓ 4 packages recovered/);
  expect(over.parentId).toBe(card.id);
});

test("ALERTS 21: the same code at five customers is named as their common cause, and muted as that", async () => {
  const levers = await broken(5, 2560);
  await told();
  const card = await room.hears(/^✕ 5 packages in error, common cause: code 2560/);
  expect(titlesOf(card)).toEqual(["Show all", "Acknowledge all", "Mute code 2560 1 h"]);
  await healed(levers);
  await told();
  await room.hears(/^✓ 5 packages recovered/);
});

test("ALERTS 21, 22: a storm is one digest, kept up to date, taken with one press, and ended with a summary", async () => {
  const roots = async () => (await room.news()).filter(({ parentId }) => parentId === undefined).length;
  const before = await roots();
  const levers = await broken(12, 2560);
  await told();
  const storm = await room.hears(/^✕ Storm: 12 packages of 12 customers in error since .*common cause: code 2560/);
  expect(titlesOf(storm)).toEqual(["Show all", "Acknowledge all", "Mute code 2560 1 h"]);
  const more = await broken(1, 10022);
  await told();
  await room.owner.see(room.roomId, ({ id, text }) => id === storm.id && /13 packages/.test(text ?? ""));
  await room.owner.press(storm, "Acknowledge all");
  await room.owner.see(room.roomId, ({ id, text }) => id === storm.id && /13 acknowledged/.test(text ?? ""));
  await advanceClock(journey, "11m");
  await waitForQuickPolls(journey);
  await advanceClock(journey, "1m");
  const end = await room.hears(/Storm over after/);
  expect(end.parentId).toBe(storm.id);
  expect(await roots()).toBe(before + 1);
  await healed([...levers, ...more]);
  await told();
  await room.hears(/^✓ 13 packages recovered/);
});

test("ALERTS 22: what nobody takes is reminded of in one message, after four hours", async () => {
  // Of what was in error when the space began to watch, too.
  await room.owner.ask("ack all", { roomId: room.roomId });
  const levers = await broken(3, 10022);
  await told();
  await room.hears(/^✕ 3 packages in error: /);
  await told("4h");
  await waitForQuickPolls(journey);
  await advanceClock(journey, "5m");
  const reminder = await room.hears(/^! 3 packages still in error, not acknowledged/);
  expect(titlesOf(reminder)).toContain("Acknowledge all");
  await healed(levers);
});
