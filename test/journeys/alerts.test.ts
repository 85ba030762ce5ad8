import { afterAll, beforeAll, expect, test } from "vitest";
import {
  healthyCustomers,
  packageControls,
  SHORT_INTERVALS,
  type WatchedRoom,
  waitForSweeps,
  watchIn,
} from "../support/alert-journey.ts";
import { type Journey, startJourney } from "../support/journey.ts";
import { cardOf } from "../support/person.ts";
import { until } from "../support/until.ts";

let journey: Journey;
let room: WatchedRoom;

beforeAll(async () => {
  journey = await startJourney({ customers: 60 });
  await journey.startBot(SHORT_INTERVALS);
  room = await watchIn(journey);
});
afterAll(() => journey.stop());

const one = () => {
  const [customer] = healthyCustomers(journey, 1);
  if (customer === undefined) throw new Error("Nobody is healthy any more.");
  return { customer, ...packageControls(journey, customer) };
};

/** Waits until this space has heard so often, in the alert's thread, that it is over. */
const recovered = (alertId: string, times = 1) =>
  until(async () => {
    const replies = (await room.news()).filter(
      ({ parentId, text }) => parentId === alertId && /Recovered/.test(text ?? ""),
    );
    expect(replies).toHaveLength(times);
  });

test("the preview of a watch says how many match now, and how often it would have alerted", () => {
  expect(room.preview.text).toMatch(/Match now: \d+ packages? in error/);
  expect(room.preview.text).toMatch(/Last 7 days: would have alerted \d+ times?/);
});

test("ALERTS 15: a new watch gets one card that says what is in error already, and nothing by itself", async () => {
  expect(room.baseline.text).toMatch(/Watching 60 customers[\s\S]*already in error/);
  await waitForSweeps(journey);
  expect(await room.news()).toEqual([]);
});

test("ALERTS 9, 11, 21, 30: an error is told once, and its recovery in the thread; the card turns green", async () => {
  const { customer, fail, heal } = one();
  await fail();
  const alert = await room.hears(new RegExp(`Error: [^]*${customer.externalId}`));
  expect(alert.parentId).toBeUndefined();
  expect(cardOf(alert).actions?.map(({ title }) => title)).toEqual(["Open customer", "Acknowledge", "Mute 24 h"]);
  await waitForSweeps(journey);
  expect(await room.news()).toHaveLength(1);
  await heal();
  const recovery = await room.hears(/Recovered/);
  expect(recovery.parentId).toBe(alert.id);
  await until(async () => {
    const root = (await room.news()).find(({ id }) => id === alert.id);
    expect(root?.text).toMatch(/^✓ Recovered/);
  });
});

test("ALERTS 10: a retry that fails is told in the same thread, and opens nothing", async () => {
  const { customer, fail, retry, heal } = one();
  await fail();
  const alert = await room.hears(new RegExp(`Error: [^]*${customer.externalId}`));
  await retry();
  await waitForSweeps(journey);
  await fail();
  const failed = await room.hears(/Retry 2 failed/);
  expect(failed.parentId).toBe(alert.id);
  await heal();
  await room.owner.see(room.roomId, ({ parentId, text }) => parentId === alert.id && /Recovered/.test(text ?? ""));
});

test("ALERTS 12: what comes back within the window is the same alert, in the same thread", async () => {
  const { customer, fail, heal } = one();
  await fail();
  const alert = await room.hears(new RegExp(`Error: [^]*${customer.externalId}`));
  await heal();
  await room.owner.see(room.roomId, ({ parentId, text }) => parentId === alert.id && /Recovered/.test(text ?? ""));
  await fail();
  await room.owner.see(room.roomId, ({ parentId, text }) => parentId === alert.id && /[Rr]e-opened/.test(text ?? ""));
  await heal();
  await recovered(alert.id, 2);
});

test("ALERTS 22: whoever presses Acknowledge is on the card, and the second one is told who has it", async () => {
  const { customer, fail, heal } = one();
  await fail();
  const alert = await room.hears(new RegExp(`Error: [^]*${customer.externalId}`));
  await room.owner.press(alert, "Acknowledge");
  await until(async () => {
    const card = (await room.news()).find(({ id }) => id === alert.id);
    expect(card?.text).toContain(room.owner.displayName);
  });
  const admin = journey.person("admin");
  await admin.press(alert, "Acknowledge");
  const told = await room.owner.see(room.roomId, ({ text }) => /acknowledged/.test(text ?? "") && text !== alert.text);
  expect(told.text).toContain(room.owner.displayName);
  await heal();
  await recovered(alert.id);
});
