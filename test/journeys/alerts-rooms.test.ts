import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import {
  advanceClock,
  alertNumberOf,
  firstLineOf,
  SHORT_INTERVALS,
  startHealthyJourney,
  waitForQuickPolls,
  waitForSweeps,
  watchOneCustomer,
} from "../support/alert-journey.ts";
import type { Journey } from "../support/journey.ts";
import type { Person } from "../support/person.ts";
import { until } from "../support/until.ts";

let journey: Journey;
let owner: Person;

beforeAll(async () => {
  journey = await startHealthyJourney(SHORT_INTERVALS, { customers: 60 });
  owner = journey.person("operator");
});
afterEach(() => journey.sandbox("DELETE", "/faults"));
afterAll(() => journey.stop());

const watched = () => watchOneCustomer(journey);

/** As a moderator of the space does, to a message of anybody. */
function remove(messageId: string): void {
  const { messages } = journey.world;
  const message = messages.message(messageId);
  if (message !== undefined) messages.remove(message, owner.personId);
}

const fault = (order: object) => journey.sandbox("POST", "/faults", { api: "webex", ...order });

const POSTING = { method: "POST", path: "/messages" };

/** Waits until a delivery failed with this kind of failure. */
const failedDelivery = (failure: string) =>
  until(() =>
    expect(journey.logEntries).toContainEqual(expect.objectContaining({ event: "notice.delivery_failed", failure })),
  );

/** What the bot has told the owner 1:1. */
async function toldOwner(pattern: RegExp) {
  const { roomId } = await owner.ask("help");
  return owner.see(roomId, ({ text = "" }) => pattern.test(text));
}

test("ALERTS 28: a message whose answer was lost comes again, marked, and is never lost", async () => {
  const { id, fail, hears } = await watched();
  await fault({ ...POSTING, drop: true, times: 1 });
  await fail();
  await hears(new RegExp(`^✕ Error: [\\s\\S]*${id}`));
  await waitForQuickPolls(journey);
  await advanceClock(journey, "5s");
  expect(firstLineOf(await hears(/^\(repeat\)/))).toMatch(/^\(repeat\) ✕ Error: /);
});

test.each([
  [429, "busy", 1],
  [500, "retryable", 1],
])(
  "ALERTS 29: after a %i the message comes later, unmarked where it was surely not posted",
  async (status, kind, times) => {
    const { id, fail, hears, news } = await watched();
    await fault({ ...POSTING, status, retryAfter: 0.1, times });
    await fail();
    await failedDelivery(kind);
    await advanceClock(journey, "10s");
    await hears(new RegExp(id));
    await waitForQuickPolls(journey);
    expect(await news()).toHaveLength(1);
  },
);

test("ALERTS 29: where Webex refuses the card, the words go without it", async () => {
  const { id, fail, hears, news } = await watched();
  await fault({ ...POSTING, status: 400, times: 1 });
  await fail();
  const alert = await hears(new RegExp(id));
  expect(firstLineOf(alert)).toMatch(/^✕ Error: /);
  expect(alert.attachments).toBeUndefined();
  expect(await news()).toHaveLength(1);
});

test("ALERTS 29: a space that the bot is thrown out of rests, its owner hears 1:1, and it goes on from what is so", async () => {
  const { roomId, fail, heal, news } = await watched();
  await journey.sandbox("POST", `/rooms/${roomId}/kick`, {});
  await fail();
  const told = await toldOwner(/can no longer be reached/);
  expect(firstLineOf(told)).toMatch(/^! A space with a watch of yours/);
  expect(told.text).toContain("Test: the bot was removed from it");
  await waitForSweeps(journey);
  expect((await news()).length).toBe(0);
  await journey.sandbox("POST", `/rooms/${roomId}/invite`, {});
  const again = await owner.see(roomId, ({ text = "" }) => /Watching 60[\s\S]*1 package already in error/.test(text));
  expect(firstLineOf(again)).toBe("! Watching 60 customers");
  await heal();
  await owner.see(roomId, ({ text = "" }) => /✓ .*[Rr]ecovered/.test(text));
});

test("ALERTS 29: of a space that is gone its owner hears 1:1, and nobody else waits for it", async () => {
  const { roomId, fail } = await watched();
  const before = journey.logEntries.length;
  await journey.sandbox("DELETE", `/rooms/${roomId}`);
  await fail();
  await waitForQuickPolls(journey);
  expect(journey.logEntries.slice(before).filter(({ event }) => event === "delivery.failed")).toEqual([]);
  await toldOwner(/can no longer be reached/);
});

test("ALERTS 30: a recovery whose thread is gone comes by itself, with the number of its alert", async () => {
  const { id, fail, heal, hears, news } = await watched();
  await fail();
  const alert = await hears(new RegExp(id));
  remove(alert.id);
  await heal();
  const over = await hears(/^✓ Recovered/);
  expect(over.parentId).toBeUndefined();
  expect(alertNumberOf(over)).toBe(alertNumberOf(alert));
  expect(await news()).toHaveLength(1);
});

test("ALERTS 27: a space that does not answer holds up no other", async () => {
  const [slow, quick] = [await watched(), await watched()];
  await fault({ ...POSTING, delayMs: 15_000, times: 1 });
  await slow.fail();
  await until(async () => expect(await journey.sandbox("GET", "/faults")).toEqual([]));
  await quick.fail();
  await quick.hears(new RegExp(quick.id));
  expect(await slow.news()).toEqual([]);
  await journey.sandbox("DELETE", "/faults");
  await slow.hears(new RegExp(slow.id));
});
