import { describe, expect, test } from "vitest";
import type { Alert } from "../../src/domain/alerts/alert.ts";
import type { CardEdit, EditOutcome } from "../../src/domain/ports/alerting.ts";
import { NOON } from "../store/sweep-fixtures.ts";
import { HOUR, MINUTE } from "../support/time.ts";
import { ackChange, muteChange } from "./alert-fixtures.ts";
import { postedInThread } from "./deliver-messages.ts";
import {
  alert,
  closed,
  type OutboxHarness,
  onEveryOutbox,
  reopened,
  TIMINGS,
  WAITED,
  WAR,
  WINDOW,
} from "./outbox-fixtures.ts";

const EDIT_LEASE_MS = 10 * MINUTE;

const retryFailed = (one: Alert): Alert => ({ ...one, failures: one.failures + 1, generation: one.generation + 1 });

/** Edits every card that is due; returns the edits. */
async function editAll({ outbox }: OutboxHarness, now: number, outcome: EditOutcome = "shown") {
  const edits: CardEdit[] = [];
  for (;;) {
    const edit = await outbox.claimEdit(now, EDIT_LEASE_MS);
    if (edit === undefined) return edits;
    edits.push(edit);
    await outbox.recordEdit(edit, outcome, now);
  }
}

/** Delivers every message that is due; returns their number. */
async function deliverAll({ claim, outbox }: OutboxHarness, now: number): Promise<number> {
  for (let count = 0; ; count += 1) {
    const message = await claim(now);
    if (message === undefined) return count;
    await outbox.delivered(message, postedInThread(message, `${JSON.stringify(message.recipient)} at ${now}`), now);
  }
}

/** Rooms that watch, and one alert; each event is told and shown everywhere before the next one. */
async function playEvents(harness: OutboxHarness, roomCount: number, outcome: EditOutcome) {
  const rooms = Array.from({ length: roomCount }, (_, i) => `room ${i}`);
  for (const roomId of rooms) await harness.watch(roomId);
  let now = NOON;
  return {
    rooms,
    now: () => now,
    async event(next: Alert) {
      await harness.put(next);
      for (const roomId of rooms) await harness.reconcile(roomId, now);
      now += TIMINGS.intervalMs + TIMINGS.waitMs;
      const messages = await deliverAll(harness, now);
      return [messages, (await editAll(harness, now, outcome)).length];
    },
    async waitForEnd() {
      now += TIMINGS.reopenMs + 1;
      return (await editAll(harness, now, outcome)).length;
    },
  };
}

/** More of them take long; `npm run test:matrix` adds 50. */
const SPACES = [1, 9, ...(process.env.SPACES ? [Number(process.env.SPACES)] : [])];

onEveryOutbox((open) => {
  describe.each(SPACES)("ALERTS 30: with %i spaces", (count) => {
    test("each change of an alert is one message and one edit for each space, and the end is always shown", async () => {
      const harness = await open();
      const world = await playEvents(harness, count, "shown");
      let one = alert(1);
      expect(await world.event(one)).toEqual([count, 0]);
      for (let retry = 1; retry <= 7; retry++) {
        one = retryFailed(one);
        expect(await world.event(one)).toEqual([count, retry <= 5 ? count : 0]);
      }
      one = closed(one, NOON);
      expect(await world.event(one)).toEqual([count, count]);
      for (const roomId of world.rooms) expect(await harness.cards(roomId)).toMatchObject([{ edits: 6, isOver: 1 }]);
    });
  });

  describe.each([1, 9])("ALERTS 30: with %i spaces", (count) => {
    test("where Webex refuses edits, each card is tried six times in all, and the messages are the same", async () => {
      const harness = await open();
      const world = await playEvents(harness, count, "refused");
      let one = alert(1);
      expect(await world.event(one)).toEqual([count, 0]);
      const tries: (number | undefined)[] = [];
      for (let retry = 1; retry <= 10; retry++) {
        one = retryFailed(one);
        const [messages, edits] = await world.event(one);
        expect(messages).toBe(count);
        tries.push(edits);
      }
      expect(tries).toEqual([1, 1, 1, 1, 0, 1, 0, 0, 1, 0].map((perCard) => perCard * count));
      expect(await world.event(closed(one, NOON))).toEqual([count, 0]);
    });
  });

  test("ALERTS 30: an edit that Webex refuses now and then is made in the end", async () => {
    const harness = await open();
    const world = await playEvents(harness, 1, "refused");
    let one = alert(1);
    await world.event(one);
    for (const _ of [1, 2, 3]) {
      one = retryFailed(one);
      await world.event(one);
    }
    const later = world.now() + HOUR;
    await harness.put(closed(one, later));
    await harness.reconcile("room 0", later);
    expect(await editAll(harness, later)).toMatchObject([{ shown: [{ alert: { state: "closed" } }] }]);
    expect(await harness.cards("room 0")).toMatchObject([{ edits: 1, attempts: 0, isOver: 1 }]);
  });

  test("ALERTS 30: a card that was edited as often as it may waits with its last edit until it is over for good", async () => {
    const harness = await open();
    const world = await playEvents(harness, 1, "shown");
    let one = alert(1);
    await world.event(one);
    for (let retry = 1; retry <= 5; retry++) {
      one = retryFailed(one);
      await world.event(one);
    }
    for (const edits of [1, 0]) {
      one = closed(one, world.now());
      expect(await world.event(one)).toEqual([1, edits]);
      one = reopened(one, world.now());
      expect(await world.event(one)).toEqual([1, edits]);
    }
    one = closed(one, world.now());
    expect(await world.event(one)).toEqual([1, 0]);
    expect(await world.waitForEnd()).toBe(1);
    expect(await harness.cards("room 0")).toMatchObject([{ edits: 8, isOver: 1, editDueAt: null }]);
  });

  test("ALERTS g, 30: the last edit is made after the thread, even of a card that shows the end already", async () => {
    const harness = await open();
    const world = await playEvents(harness, 1, "shown");
    let one = alert(1);
    await world.event(one);
    for (let retry = 1; retry <= 4; retry++) {
      one = retryFailed(one);
      await world.event(one);
    }
    one = closed(one, world.now());
    expect(await world.event(one)).toEqual([1, 1]);
    for (const edits of [1, 0]) {
      one = reopened(one, world.now());
      expect(await world.event(one)).toEqual([1, edits]);
      one = closed(one, world.now());
      expect(await world.event(one)).toEqual([1, edits]);
    }
    // The thread says "Still in error", and its end may have been told in a message to the space.
    expect(await world.waitForEnd()).toBe(1);
    expect(await harness.cards("room 0")).toMatchObject([{ edits: 8, isOver: 1, editDueAt: null }]);
  });

  test("ALERTS 30: an edit that was not recorded is made again, and counts once", async () => {
    const harness = await open();
    const { deliverAlerts, put, reconcile, deliverNext, outbox, cards } = harness;
    await deliverAlerts();
    await put(closed(alert(1), WAITED));
    await reconcile(WAR, WAITED);
    await deliverNext(WINDOW, "reply");
    expect(await outbox.claimEdit(WINDOW, EDIT_LEASE_MS)).toMatchObject({ messageId: "root", isOver: true });
    expect(await outbox.claimEdit(WINDOW, EDIT_LEASE_MS)).toBeUndefined();
    const [again] = await editAll(harness, WINDOW + EDIT_LEASE_MS);
    expect(again).toMatchObject({ messageId: "root", shown: [{ alert: { state: "closed" } }] });
    expect(await cards(WAR)).toMatchObject([{ edits: 1, isOver: 1 }]);
  });

  test("ALERTS 30: what changes during an edit is shown by the next one; one that failed waits", async () => {
    const harness = await open();
    const { deliverAlerts, outbox, change, cards } = harness;
    await deliverAlerts(2);
    expect(await outbox.nextEditDue()).toBeUndefined();
    await change(WAR, ackChange("ada", [1]), WAITED);
    expect(await outbox.nextEditDue()).toBe(WAITED);
    const first = await outbox.claimEdit(WAITED, EDIT_LEASE_MS);
    expect(await outbox.nextEditDue()).toBe(WAITED + EDIT_LEASE_MS);
    await change(WAR, ackChange("ada", [2]), WAITED);
    if (first) await outbox.recordEdit(first, "shown", WAITED + 1);
    const second = await outbox.claimEdit(WAITED + 1, EDIT_LEASE_MS);
    expect(second?.shown).toMatchObject([{ alert: { ack: {} } }, { alert: { ack: {} } }]);
    if (second) await outbox.recordEdit(second, "failed", WAITED + 1);
    expect(await outbox.nextEditDue()).toBe(WAITED + MINUTE + 1);
    expect(await editAll(harness, WAITED + MINUTE)).toEqual([]);
    expect(await editAll(harness, WAITED + MINUTE + 1)).toHaveLength(1);
    expect(await cards(WAR)).toMatchObject([{ edits: 2, editDueAt: null }]);
  });

  test("ALERTS 22: an acknowledgement owes one edit in every room that was told; the pressed card only if its answer fails", async () => {
    const harness = await open();
    const { watch, put, reconcile, change } = harness;
    const rooms = [WAR, "second room", "third room"];
    for (const roomId of rooms) await watch(roomId);
    await put(alert(1));
    for (const roomId of rooms) await reconcile(roomId, NOON);
    await deliverAll(harness, WAITED);
    const [pressed] = await harness.cards(WAR);
    await change(WAR, { ...ackChange("ada", [1]), shownOn: pressed?.messageId ?? "" }, WAITED);
    expect((await editAll(harness, WAITED)).map(({ roomId }) => roomId)).toEqual(["second room", "third room"]);
    expect(await editAll(harness, WAITED + MINUTE)).toMatchObject([{ messageId: pressed?.messageId }]);
  });

  test("ALERTS g, 20: a card that showed an error which was over before it was told is edited once more", async () => {
    const harness = await open();
    const { deliverAlerts, put, reconcile, change, cards } = harness;
    await deliverAlerts();
    const over = closed(alert(1), WAITED);
    await put(over);
    await reconcile(WAR, WAITED);
    await deliverAll(harness, WINDOW);
    expect(await editAll(harness, WINDOW)).toMatchObject([{ isOver: true }]);
    const again = reopened(over, WINDOW + MINUTE);
    await put(again);
    await reconcile(WAR, WINDOW + MINUTE);
    await change(WAR, ackChange("ada", [1]), WINDOW + MINUTE);
    expect(await editAll(harness, WINDOW + MINUTE)).toMatchObject([{ isOver: false }]);
    const passed = closed(again, WINDOW + 2 * MINUTE);
    await put(passed);
    await reconcile(WAR, WINDOW + 2 * MINUTE, [1]);
    expect(await editAll(harness, WINDOW + 2 * MINUTE)).toMatchObject([{ isOver: true }]);
    // Nothing shows the next such error, so it owes none.
    const third = reopened(passed, WINDOW + 3 * MINUTE);
    await put(third);
    await reconcile(WAR, WINDOW + 3 * MINUTE);
    await put(closed(third, WINDOW + 4 * MINUTE));
    await reconcile(WAR, WINDOW + 4 * MINUTE, [1]);
    expect(await editAll(harness, WINDOW + 4 * MINUTE)).toEqual([]);
    expect(await cards(WAR)).toMatchObject([{ edits: 3, isOver: 1 }]);
  });

  test("ALERTS 30: the answer to a press that edited its card owes no edit, unless the card owes another one", async () => {
    const harness = await open();
    const { deliverAlerts, change, recordPressEdit } = harness;
    await deliverAlerts(2);
    await change(WAR, { ...ackChange("ada", [1]), shownOn: "root" }, WAITED);
    await recordPressEdit("root", WAITED);
    expect(await editAll(harness, WAITED + MINUTE)).toEqual([]);
    await change(WAR, { ...ackChange("ada", [2]), shownOn: "root" }, WAITED + MINUTE);
    await change(WAR, muteChange(WAITED, WAITED + 9 * MINUTE), WAITED + MINUTE);
    await recordPressEdit("root", WAITED + MINUTE);
    expect(await editAll(harness, WAITED + MINUTE)).toMatchObject([{ messageId: "root" }]);
  });

  const unack = { kind: "unack", alerts: [1] } as const;
  const mute = muteChange(WAITED, WAITED + MINUTE);
  test.each([
    { made: "acknowledgement", before: [], during: [ackChange("ada", [1])] },
    { made: "mute", before: [], during: [mute] },
    { made: "end of an acknowledgement", before: [ackChange("ada", [1])], during: [unack] },
  ])("ALERTS 22, 23: the $made while the message is under way owes an edit of its card", async ({ before, during }) => {
    const harness = await open();
    const { queueAlerts, claimNext, change, outbox } = harness;
    await queueAlerts();
    for (const one of before) await change(WAR, one, WAITED);
    const message = await claimNext(WAITED);
    for (const one of during) await change(WAR, one, WAITED);
    await outbox.delivered(message, { messageId: "root" }, WAITED);
    expect(await editAll(harness, WAITED)).toMatchObject([{ messageId: "root" }]);
  });

  test("ALERTS 23: a mute owes edits of the cards in its own room", async () => {
    const harness = await open();
    const { deliverAlerts, change } = harness;
    await deliverAlerts();
    await change("quiet room", muteChange(WAITED, WAITED + MINUTE), WAITED);
    expect(await editAll(harness, WAITED)).toEqual([]);
    await change(WAR, muteChange(WAITED, WAITED + MINUTE), WAITED);
    expect(await editAll(harness, WAITED)).toMatchObject([{ room: { mutes: [{ number: 1 }] } }]);
  });

  test("ALERTS 30: a press has two edits of its own; after them the card owes one of the engine", async () => {
    const harness = await open();
    const { deliverAlerts, reservePressEdit } = harness;
    await deliverAlerts();
    expect([await reservePressEdit("root"), await reservePressEdit("root")]).toEqual([true, true]);
    expect(await editAll(harness, WAITED)).toEqual([]);
    expect(await reservePressEdit("root")).toBe(false);
    expect(await editAll(harness, WAITED)).toHaveLength(1);
    expect(await reservePressEdit("no card of an alert")).toBe(false);
  });

  test("ALERTS g: a card keeps all its alerts when a baseline lists one of them", async () => {
    const harness = await open();
    const { deliverAlerts, put, enqueueSummaryNotice, completeSweep, deliverNext } = harness;
    await completeSweep();
    await deliverAlerts(2);
    await put(closed(alert(1), WAITED));
    await enqueueSummaryNotice(WAR, "baseline", WAITED);
    await deliverNext(WINDOW, "baseline");
    const [edit] = await editAll(harness, WINDOW);
    expect(edit).toMatchObject({ messageId: "root", isOver: false });
    expect(edit?.shown.map((one) => [one.alert.id, one.alert.state])).toEqual([
      [1, "closed"],
      [2, "open"],
    ]);
  });

  test("ALERTS g: a card outside of threads is edited with every alert that it names, and its root as well", async () => {
    const harness = await open();
    const { deliverAlerts, put, reconcile, deliverNext, cards } = harness;
    await deliverAlerts();
    // A new alert and the recovery of an older one are one message, outside of the older thread.
    const ended = closed(alert(1), WAITED);
    await put(ended, alert(2));
    await reconcile(WAR, WAITED);
    await deliverNext(WINDOW, "both");
    expect(await editAll(harness, WINDOW)).toMatchObject([{ messageId: "root", isOver: true }]);
    await put(reopened(ended, WINDOW), closed(alert(2), WINDOW));
    await reconcile(WAR, WINDOW);
    const later = WINDOW + TIMINGS.intervalMs;
    await deliverNext(later, "third");
    const edits = await editAll(harness, later);
    expect(edits.map(({ messageId, shown }) => [messageId, ...shown.map((one) => one.alert.state)])).toEqual([
      ["both", "open", "closed"],
      ["root", "open"],
    ]);
    expect((await cards(WAR)).map(({ messageId }) => messageId)).toEqual(["both", "root", "third"]);
  });

  test("ALERTS 27: a card that cannot be edited holds up no other", async () => {
    const { db, deliverAlerts, put, reconcile, deliverNext, change, outbox } = await open();
    await deliverAlerts();
    await put(alert(2));
    await reconcile(WAR, WAITED);
    await deliverNext(WINDOW, "second");
    await change(WAR, ackChange("ada", [1]), WINDOW);
    await change(WAR, ackChange("ada", [2]), WINDOW + 1);
    await db.updateTable("alerts").set({ alert: "no JSON" }).where("id", "=", 1).execute();
    await expect(outbox.claimEdit(WINDOW + 1, EDIT_LEASE_MS)).rejects.toThrow("JSON");
    expect(await outbox.claimEdit(WINDOW + 1, EDIT_LEASE_MS)).toMatchObject({ messageId: "second" });
    expect(await outbox.nextEditDue()).toBe(WINDOW + 10_001);
  });

  test("ALERTS g, 29: a message whose thread Webex rejected is a card of its own", async () => {
    const harness = await open();
    const { deliverAlerts, put, reconcile, claimNext, deliverNext, outbox } = harness;
    await deliverAlerts();
    const failed = retryFailed(alert(1));
    await put(failed);
    await reconcile(WAR, WAITED);
    await outbox.delivered(await claimNext(WINDOW), { messageId: "outside" }, WINDOW);
    expect(await editAll(harness, WINDOW)).toMatchObject([{ messageId: "root" }]);
    await put(closed(failed, WINDOW));
    await reconcile(WAR, WINDOW);
    const later = WINDOW + TIMINGS.intervalMs;
    await deliverNext(later, "in the thread");
    expect(await editAll(harness, later)).toMatchObject([
      { messageId: "outside", kind: "alert", isOver: true },
      { messageId: "root", kind: "alert", isOver: true },
    ]);
  });

  test("a suspended room gets no edits", async () => {
    const harness = await open();
    const { deliverAlerts, change, outbox } = harness;
    await deliverAlerts();
    await outbox.suspend(WAR, "removed", WAITED);
    await change(WAR, ackChange("ada", [1]), WAITED);
    expect(await editAll(harness, WAITED)).toEqual([]);
    await outbox.resume(WAR, WAITED);
    expect(await editAll(harness, WAITED)).toHaveLength(1);
  });
});
