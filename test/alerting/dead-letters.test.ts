import { expect, test } from "vitest";
import { DAY, HOUR } from "../support/time.ts";
import { alert, closed, OPS, type OutboxHarness, onEveryOutbox, TIMINGS, WAITED, WAR } from "./outbox-fixtures.ts";

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

onEveryOutbox((open) => {
  test("ALERTS 29: a dead message is tried again after 1 h, 4 h, then daily, with one notice to the ops room", async () => {
    const harness = await open();
    await harness.queueAlerts();
    let now = WAITED;
    await refuseNext(harness, now);
    for (const wait of [HOUR, 4 * HOUR, DAY, DAY]) {
      await harness.runScheduled(now + wait - 1);
      expect(await harness.noticeStates(WAR)).toEqual(["alert dead"]);
      now += wait;
      await harness.runScheduled(now);
      expect(await refuseNext(harness, now)).toEqual([1]);
    }
    await harness.runScheduled(now + DAY);
    expect(await harness.deliverNext(now + DAY)).toMatchObject({ recipient: { roomId: WAR }, alerts: [{ id: 1 }] });
    expect(await harness.noticeStates(WAR)).toEqual(["alert sent"]);
    expect(await harness.noticeStates(OPS)).toEqual(["report sent"]);
  });

  test("ALERTS 29: of a refused group each notice is tried again alone, after what is new", async () => {
    const harness = await open();
    const { queueAlerts, runScheduled, put, reconcile, deliverNext } = harness;
    await queueAlerts(2);
    expect(await refuseNext(harness, WAITED)).toEqual([1, 2]);
    await deliverNext(WAITED);
    const later = WAITED + HOUR;
    await put(alert(3));
    await reconcile(WAR, later - TIMINGS.waitMs);
    await runScheduled(later);
    const delivered = [];
    for (const at of [0, 1, 2]) delivered.push(await deliverNext(later + at * TIMINGS.intervalMs));
    expect(delivered.map(({ notices }) => notices.map(({ alertId }) => alertId))).toEqual([[3], [1], [2]]);
  });

  test("ALERTS 29: a dead message about an error that is over is told later as one that came and went", async () => {
    const harness = await open();
    await harness.queueAlerts();
    await refuseNext(harness, WAITED);
    expect(await harness.outbox.contents()).toMatchObject([
      { recipient: WAR, kind: "alert", state: "dead", alertIds: [1], cause: "rejected", nextTryAt: WAITED + HOUR },
      { recipient: OPS, kind: "report", state: "waiting", count: 1, alertIds: [] },
    ]);
    await harness.put(closed(alert(1), WAITED));
    await harness.deliverNext(WAITED);
    await harness.runScheduled(WAITED + HOUR);
    expect(await harness.claim(WAITED + HOUR)).toBeUndefined();
    expect(await harness.noticeStates(WAR)).toEqual(["came-and-went pending"]);
  });

  test("ALERTS 29: “Tell now” sends at once what is dead and what waits for another try", async () => {
    const harness = await open();
    const { queueAlerts, change, deliverNext, put, reconcile, claimNext, outbox, noticeStates } = harness;
    await queueAlerts();
    await refuseNext(harness, WAITED);
    await deliverNext(WAITED);
    await put(alert(2));
    await reconcile(WAR, WAITED);
    const failed = await claimNext(WAITED + TIMINGS.waitMs);
    await outbox.failed(failed, { kind: "busy", waitMs: HOUR }, WAITED + TIMINGS.waitMs, 0.5);
    const now = WAITED + TIMINGS.waitMs + 1;
    await change(OPS, { kind: "tell now" }, now);
    expect((await deliverNext(now)).alerts).toMatchObject([{ id: 2 }]);
    expect((await deliverNext(now + TIMINGS.intervalMs)).alerts).toMatchObject([{ id: 1 }]);
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
});
