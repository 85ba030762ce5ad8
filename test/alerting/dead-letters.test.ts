import { expect, test } from "vitest";
import { DAY, HOUR, MINUTE } from "../support/time.ts";
import { postedInThread } from "./deliver-messages.ts";
import {
  alert,
  closed,
  LEASE_MS,
  OPS,
  type OutboxHarness,
  onEveryOutbox,
  TIMINGS,
  WAITED,
  WAR,
  WINDOW,
} from "./outbox-fixtures.ts";

/** Lets the next message to the room be refused; the reports to the ops room before it are delivered. */
async function refuseNext({ claimNext, outbox }: OutboxHarness, now: number): Promise<readonly number[]> {
  for (;;) {
    const message = await claimNext(now);
    const isToRoom = "roomId" in message.recipient && message.recipient.roomId === WAR;
    if (!isToRoom) {
      await outbox.delivered(message, { messageId: `report at ${now}` }, now);
      continue;
    }
    await outbox.failed(message, { kind: "rejected" }, now, 0.5);
    return message.notices.map(({ alertId }) => alertId);
  }
}

/** The waits after the first tries: for so long a fault of the way to Webex may last. */
const QUICK = [MINUTE, 5 * MINUTE, 15 * MINUTE];

/** Lets the message and its quick retries be refused; returns the time of the last of them. */
async function refuseQuickRetries(harness: OutboxHarness, alertIds: readonly number[]): Promise<number> {
  let now = WAITED;
  expect(await refuseNext(harness, now)).toEqual(alertIds);
  for (const wait of QUICK) {
    now += wait;
    await harness.runScheduled(now);
    expect(await refuseNext(harness, now)).toEqual(alertIds);
  }
  return now;
}

onEveryOutbox((open) => {
  test("ALERTS 29: a dead message is tried again after 1, 5 and 15 min, 1 h, 4 h, then daily", async () => {
    const harness = await open();
    await harness.queueAlerts();
    let now = WAITED;
    await refuseNext(harness, now);
    for (const wait of [...QUICK, HOUR, 4 * HOUR, DAY, DAY]) {
      await harness.runScheduled(now + wait - 1);
      expect(await harness.noticeStates(WAR)).toEqual(["alert dead"]);
      now += wait;
      await harness.runScheduled(now);
      expect(await refuseNext(harness, now)).toEqual([1]);
    }
    await harness.runScheduled(now + DAY);
    expect(await harness.deliverNext(now + DAY)).toMatchObject({ recipient: { roomId: WAR }, alerts: [{ id: 1 }] });
    expect(await harness.noticeStates(WAR)).toEqual(["alert sent"]);
    expect(await harness.noticeStates(OPS)).toEqual(["report pending"]);
  });

  test("ALERTS 29: what Webex refuses for some minutes is told whole after that, and nobody is told of the refusals", async () => {
    const harness = await open();
    await harness.queueAlerts(3);
    expect(await refuseNext(harness, WAITED)).toEqual([1, 2, 3]);
    await harness.runScheduled(WAITED + MINUTE);
    expect(await harness.deliverNext(WAITED + MINUTE)).toMatchObject({ form: "group", alerts: [{}, {}, {}] });
    expect(await harness.noticeStates(OPS)).toEqual([]);
  });

  test("ALERTS 29: the ops room is told once, when the quick retries were refused as well", async () => {
    const harness = await open();
    await harness.queueAlerts();
    const now = await refuseQuickRetries(harness, [1]);
    expect(await harness.noticeStates(OPS)).toEqual(["report pending"]);
    await harness.runScheduled(now + HOUR);
    await refuseNext(harness, now + HOUR);
    expect(await harness.noticeStates(OPS)).toEqual(["report pending"]);
  });

  test("ALERTS 29: of a group refused for long, half is tried at a time, outside of the window", async () => {
    const harness = await open();
    const { queueAlerts, runScheduled, put, reconcile, deliverNext } = harness;
    await queueAlerts(5);
    const later = (await refuseQuickRetries(harness, [1, 2, 3, 4, 5])) + HOUR;
    await deliverNext(later - HOUR);
    await put(alert(6));
    await reconcile(WAR, later - TIMINGS.waitMs);
    await runScheduled(later);
    const delivered = [];
    for (let left = 4; left > 0; left -= 1) delivered.push(await deliverNext(later));
    expect(delivered.map(({ notices }) => notices.map(({ alertId }) => alertId))).toEqual([[1, 2, 3], [4], [5], [6]]);
  });

  test("ALERTS 29: one refused notice keeps back neither new ones nor the rest of its group", async () => {
    const harness = await open();
    await harness.queueAlerts(4);
    const later = (await refuseQuickRetries(harness, [1, 2, 3, 4])) + HOUR;
    await harness.runScheduled(later);
    expect(await refuseNext(harness, later)).toEqual([1, 2]);
    expect((await harness.deliverNext(later)).alerts).toMatchObject([{ id: 3 }]);
    expect((await harness.deliverNext(later)).alerts).toMatchObject([{ id: 4 }]);
    await harness.runScheduled(later + 4 * HOUR);
    expect(await refuseNext(harness, later + 4 * HOUR)).toEqual([1]);
    expect((await harness.deliverNext(later + 4 * HOUR)).alerts).toMatchObject([{ id: 2 }]);
  });

  test("ALERTS 29: a dead message about an error that is over is told later as one that came and went", async () => {
    const harness = await open();
    await harness.queueAlerts();
    await refuseNext(harness, WAITED);
    expect(await harness.outbox.contents()).toMatchObject([
      {
        recipient: "A space of unknown name",
        kind: "alert",
        state: "dead",
        alertIds: [1],
        cause: "rejected",
        nextTryAt: WAITED + MINUTE,
      },
    ]);
    await harness.put(closed(alert(1), WAITED));
    await harness.runScheduled(WAITED + MINUTE);
    expect(await harness.claim(WAITED + MINUTE)).toBeUndefined();
    expect(await harness.noticeStates(WAR)).toEqual(["came-and-went pending"]);
  });

  test("ALERTS 20, 29: two dead messages about one error that is over are told as one that came and went", async () => {
    const harness = await open();
    await harness.queueAlerts();
    await refuseNext(harness, WAITED);
    // The error has another code meanwhile, so the room needs a message of its present state.
    await harness.put(alert(1, { generation: 2 }));
    await harness.reconcile(WAR, WAITED);
    await refuseNext(harness, WINDOW);
    await harness.put(closed(alert(1, { generation: 2 }), WINDOW));
    for (const now of [WINDOW, WINDOW + MINUTE]) {
      await harness.runScheduled(now);
      expect(await harness.claim(now)).toBeUndefined();
    }
    expect(await harness.noticeStates(WAR)).toEqual(["came-and-went pending", "alert cancelled"]);
  });

  test("ALERTS 29: what waits for guests to leave says so", async () => {
    const harness = await open();
    await harness.queueAlerts();
    await harness.outbox.withhold(await harness.claimNext(WAITED), "guests", WAITED);
    expect(await harness.outbox.contents()).toMatchObject([{ kind: "alert", state: "waiting", cause: "guests" }]);
  });

  test("ALERTS 29: “Send again” sends at once what is dead and what waits for another try", async () => {
    const harness = await open();
    const { queueAlerts, change, deliverNext, put, reconcile, claimNext, outbox, noticeStates } = harness;
    await queueAlerts();
    await refuseNext(harness, WAITED);
    await put(alert(2));
    await reconcile(WAR, WAITED);
    const failed = await claimNext(WAITED + TIMINGS.waitMs);
    await outbox.failed(failed, { kind: "busy", waitMs: HOUR }, WAITED + TIMINGS.waitMs, 0.5);
    const now = WAITED + TIMINGS.waitMs + 1;
    await change(OPS, { kind: "send again" }, now);
    expect((await deliverNext(now)).alerts).toMatchObject([{ id: 1 }, { id: 2 }]);
    expect(await noticeStates(WAR)).toEqual(["alert sent", "alert sent"]);
  });

  test("a dead summary notice is not tried again: its alerts are told one by one", async () => {
    const harness = await open();
    await harness.watch(WAR);
    await harness.put(alert(1));
    await harness.completeSweep();
    await harness.enqueueSummaryNotice(WAR, "baseline", WAITED);
    await refuseNext(harness, WAITED);
    await harness.deliverNext(WAITED);
    await harness.deliverNext(WAITED + TIMINGS.waitMs);
    await harness.runScheduled(WAITED + 2 * HOUR);
    expect(await harness.noticeStates(WAR)).toEqual(["baseline dead", "alert sent"]);
  });

  test.each([true, false])(
    "ALERTS 28, 29: the next notice of an alert has the mark if a dead one may have arrived (%s)",
    async (isLost) => {
      const harness = await open();
      await harness.queueAlerts();
      let now = WAITED;
      if (isLost) {
        await harness.losePost(now);
        now += LEASE_MS;
      }
      await refuseNext(harness, now);
      expect(await harness.noticeStates(WAR)).toEqual(["alert dead"]);
      await harness.put(alert(1, { generation: 2 }));
      await harness.reconcile(WAR, now);
      const message = await harness.claimNext(now + TIMINGS.waitMs);
      expect(message.notices).toMatchObject([{ alertId: 1, generation: 2, possiblySent: isLost }]);
      await harness.outbox.delivered(message, postedInThread(message, "second"), now + TIMINGS.waitMs);
      const later = now + 2 * TIMINGS.intervalMs;
      await harness.put(alert(1, { generation: 3, failures: 1 }));
      await harness.reconcile(WAR, later);
      const next = await harness.claimNext(later + TIMINGS.waitMs);
      expect(next.notices).toMatchObject([{ alertId: 1, generation: 3, possiblySent: false }]);
    },
  );
});
