import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { NewFault } from "../../src/sandbox/world/faults.ts";
import {
  alertNumberOf,
  firstLineOf,
  SHORT_INTERVALS,
  startHealthyJourney,
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
afterEach(() => journey.clearFaults());
afterAll(() => journey.stop());

/** Deletes a message, as a moderator of the space can. */
function deleteMessage(messageId: string): void {
  const { messages } = journey.world;
  const message = messages.message(messageId);
  if (message !== undefined) messages.remove(message, owner.personId);
}

const failNextPost = (fault: NewFault) =>
  journey.addFault({ api: "webex", method: "POST", path: "/messages", times: 1, ...fault });

/** Waits for such a message of the bot to the owner, 1:1. */
async function waitForDirect(pattern: RegExp) {
  const { roomId } = await owner.ask("help");
  return owner.waitForMessage(roomId, pattern);
}

test("ALERTS 28: a message whose answer was lost is posted again, marked", async () => {
  const { id, fail, waitFor } = await watchOneCustomer(journey);
  await failNextPost({ drop: true });
  await fail();
  await waitFor(/^✕ Error: /, id);
  await journey.waitForQuickPolls();
  await journey.advanceClock("5s");
  expect(firstLineOf(await waitFor(/^\(possibly repeated\)/))).toMatch(/^\(possibly repeated\) ✕ Error: /);
});

test.each([
  [429, "busy"],
  [500, "retryable"],
])(
  "ALERTS 29: after a %i the message is posted later, without a mark, as it was certainly not posted",
  async (status, failure) => {
    const { id, fail, waitFor, newMessages } = await watchOneCustomer(journey);
    await failNextPost({ status, retryAfter: 0.1 });
    await fail();
    await until(() =>
      expect(journey.logEntries).toContainEqual(expect.objectContaining({ event: "notice.delivery_failed", failure })),
    );
    await journey.advanceClock("10s");
    await waitFor(/^/, id);
    await journey.waitForQuickPolls();
    expect(await newMessages()).toHaveLength(1);
  },
);

test("ALERTS 29: where Webex refuses the card, its text is posted without it", async () => {
  const { id, fail, waitFor, newMessages } = await watchOneCustomer(journey);
  await failNextPost({ status: 400 });
  await fail();
  const alert = await waitFor(/^/, id);
  expect(firstLineOf(alert)).toMatch(/^✕ Error: /);
  expect(alert.attachments).toBeUndefined();
  expect(await newMessages()).toHaveLength(1);
});

test("ALERTS 29: a space that the bot is removed from is suspended and its owner notified 1:1; invited again, it gets a baseline", async () => {
  const { roomId, fail, heal, newMessages, waitFor } = await watchOneCustomer(journey);
  await journey.sandbox("POST", `/rooms/${roomId}/kick`, {});
  await fail();
  const notice = await waitForDirect(/can no longer be reached/);
  expect(firstLineOf(notice)).toMatch(/^! A space with a watch of yours/);
  expect(notice.text).toContain("Test: the bot was removed from it");
  await journey.waitForSweeps();
  expect((await newMessages()).length).toBe(0);
  await journey.sandbox("POST", `/rooms/${roomId}/invite`, {});
  const baseline = await waitFor(/Watching 60[\s\S]*1 package already in error/);
  expect(firstLineOf(baseline)).toBe("! Watching 60 customers, filtered");
  await heal();
  await waitFor(/✓ .*[Rr]ecovered/);
});

test("ALERTS 29: invited again while no process ran, a space gets its baseline at the next start", async () => {
  const { roomId, waitFor } = await watchOneCustomer(journey);
  await journey.sandbox("POST", `/rooms/${roomId}/kick`, {});
  await waitForDirect(/can no longer be reached/);
  await journey.stopBot();
  await journey.sandbox("POST", `/rooms/${roomId}/invite`, {});
  await journey.startBot(SHORT_INTERVALS);
  await waitFor(/Watching 60/);
});

test("ALERTS 29: when a space is deleted its owner is notified 1:1, and no delivery fails", async () => {
  const { roomId, fail } = await watchOneCustomer(journey);
  const before = journey.logged("delivery.failed").length;
  await journey.sandbox("DELETE", `/rooms/${roomId}`);
  await fail();
  await journey.waitForQuickPolls();
  expect(journey.logged("delivery.failed").slice(before)).toEqual([]);
  await waitForDirect(/can no longer be reached/);
});

test("ALERTS 30: a recovery whose thread was deleted is a root message, with the number of its alert", async () => {
  const { id, fail, heal, waitFor, newMessages } = await watchOneCustomer(journey);
  await fail();
  const alert = await waitFor(/^/, id);
  deleteMessage(alert.id);
  await heal();
  const recovery = await waitFor(/^✓ Recovered/);
  expect(recovery.parentId).toBeUndefined();
  expect(alertNumberOf(recovery)).toBe(alertNumberOf(alert));
  expect(await newMessages()).toHaveLength(1);
});

test("ALERTS 27: a space whose message hangs holds up no other", async () => {
  const [slow, quick] = [await watchOneCustomer(journey), await watchOneCustomer(journey)];
  await journey.holdNextPost();
  await slow.fail();
  await until(async () => expect(await journey.sandbox("GET", "/faults")).toEqual([]));
  await quick.fail();
  await quick.waitFor(/^/, quick.id);
  expect(await slow.newMessages()).toEqual([]);
  await journey.clearFaults();
  await slow.waitFor(/^/, slow.id);
});
