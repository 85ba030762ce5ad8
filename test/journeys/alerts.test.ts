import { afterAll, beforeAll, expect, test } from "vitest";
import { pickCustomer, SHORT_INTERVALS, type WatchedRoom, watchIn } from "../support/alert-journey.ts";
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

/** Breaks a package and waits for its alert. */
async function failAndWait() {
  const { id, fail, retry, heal } = pickCustomer(journey);
  await fail();
  return { fail, retry, heal, alert: await room.waitFor(/Error: /, id) };
}

/** Waits until the alert's thread has so many recoveries. */
const recovered = (alertId: string, times = 1) =>
  until(async () => {
    const replies = (await room.newMessages(/Recovered/)).filter(({ parentId }) => parentId === alertId);
    expect(replies).toHaveLength(times);
  });

test("the preview of a watch says how many match now, and how many alerts it would have sent", () => {
  expect(room.preview.text).toMatch(/Match now: \d+ packages? in error/);
  expect(room.preview.text).toMatch(/In the last 7 days it would have sent \d+ alerts?\./);
});

test("ALERTS 15: a new watch gets one card with what is in error already, and no other message", async () => {
  expect(room.baseline.text).toMatch(/Watching 60 customers[\s\S]*already in error/);
  await journey.waitForSweeps();
  expect(await room.newMessages()).toEqual([]);
});

test("ALERTS 9, 11, 21, 30: an error is notified once, its recovery in the thread, and the card turns green", async () => {
  const { alert, heal } = await failAndWait();
  expect(alert.parentId).toBeUndefined();
  expect(cardOf(alert).actions?.map(({ title }) => title)).toEqual(["Customer", "Acknowledge", "Mute 24 h"]);
  await journey.waitForSweeps();
  expect(await room.newMessages()).toHaveLength(1);
  await heal();
  await room.waitForReply(alert, /Recovered/);
  await room.waitForEdit(alert, /^✓ Recovered/);
});

test("ALERTS 10: a failed retry is a reply in the same thread, and opens no alert", async () => {
  const { alert, retry, fail, heal } = await failAndWait();
  await retry();
  await journey.waitForSweeps();
  await fail();
  await room.waitForReply(alert, /Retry 2 failed/);
  await heal();
  await room.waitForReply(alert, /Recovered/);
});

test("ALERTS 12: an error that comes back within the window is the same alert, in the same thread", async () => {
  const { alert, fail, heal } = await failAndWait();
  await heal();
  await room.waitForReply(alert, /Recovered/);
  await fail();
  await room.waitForReply(alert, /[Rr]e-opened/);
  await heal();
  await recovered(alert.id, 2);
});

test("ALERTS 22: the first to press Acknowledge is on the card, and the second one gets that name", async () => {
  const { alert, heal } = await failAndWait();
  const { owner, roomId } = room;
  await owner.press(alert, "Acknowledge");
  await room.waitForEdit(alert, ({ text }) => text?.includes(owner.displayName) === true);
  await journey.person("admin").press(alert, "Acknowledge");
  const answer = await owner.waitForMessage(
    roomId,
    ({ text = "" }) => /acknowledged/.test(text) && text !== alert.text,
  );
  expect(answer.text).toContain(owner.displayName);
  await heal();
  await recovered(alert.id);
});
