import { expect, test } from "vitest";
import { NOON } from "../store/sweep-fixtures.ts";
import { HOUR, MINUTE } from "../support/time.ts";
import { alert, LEASE_MS, OPS, type OutboxHarness, onEveryOutbox, TIMINGS, WAITED, WAR } from "./outbox-fixtures.ts";

/** The claimed message of one alert. */
async function claimAlert({ queueAlerts, claimNext }: OutboxHarness) {
  await queueAlerts();
  return claimNext(WAITED);
}

/** Lets this many tries fail; returns the waits between them, in seconds. */
async function failFor({ claimNext, outbox }: OutboxHarness, tries: number): Promise<readonly number[]> {
  const waits: number[] = [];
  for (let now = WAITED; waits.length < tries; ) {
    const message = await claimNext(now);
    expect(await outbox.failed(message, { kind: "retryable", possiblySent: false }, now, 0.5)).toBe("retry");
    const next = (await outbox.nextDue()) ?? 0;
    waits.push((next - now) / 1000);
    now = next;
  }
  return waits;
}

onEveryOutbox((open) => {
  test("ALERTS 29: a failed message is tried again after growing waits, and is dead after 24 h", async () => {
    const harness = await open();
    const { reconcile, noticeStates, outbox, deliverNext, queue, claim, queueAlerts, claimNext } = harness;
    await queueAlerts();
    expect(await failFor(harness, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    const now = WAITED + 24 * HOUR;
    const last = await claimNext(now);
    expect(await outbox.failed(last, { kind: "retryable", possiblySent: false }, now, 0.5)).toBe("dead");
    expect(await noticeStates(WAR)).toEqual(["alert dead"]);
    expect(await queue(WAR)).toMatchObject({ holder: null, attempts: 0, failingSince: null, retryAt: null });
    expect(await outbox.state()).toMatchObject({ waiting: 1, dead: 1 });
    const report = await deliverNext(now);
    expect(report).toMatchObject({
      recipient: { roomId: OPS },
      notices: [{ kind: "report", details: { roomId: WAR } }],
    });
    expect(report.notices[0]?.details.lines?.join("\n")).toMatch(/could not be delivered\n.*war room\.\n.*alert #1\./);
    await reconcile(WAR, now);
    expect(await claim(now + HOUR)).toBeUndefined();
  });

  test("ALERTS 28: only a message that may have been posted is marked as a repeat", async () => {
    const harness = await open();
    const { claim, outbox, claimNext } = harness;
    await outbox.failed(await claimAlert(harness), { kind: "retryable", possiblySent: false }, WAITED, 0.5);
    expect(await claim(WAITED + 999)).toBeUndefined();
    const again = await claimNext(WAITED + 1000);
    expect(again.notices).toMatchObject([{ possiblySent: false }]);
    await outbox.failed(again, { kind: "retryable", possiblySent: true }, WAITED + 1000, 0.5);
    expect((await claim(WAITED + 3000))?.notices).toMatchObject([{ possiblySent: true }]);
  });

  test("ALERTS 29: 429 and 401 do not count as tries", async () => {
    const harness = await open();
    const { claimNext, outbox, queue } = harness;
    await outbox.failed(await claimAlert(harness), { kind: "busy", waitMs: 7000 }, WAITED, 0.5);
    expect(await outbox.nextDue()).toBe(WAITED + 7000);
    const refused = await claimNext(WAITED + 7000);
    await outbox.failed(refused, { kind: "unauthorized" }, WAITED + 7000, 0.5);
    expect(await queue(WAR)).toMatchObject({
      attempts: 0,
      failingSince: null,
      retryAt: WAITED + 7000 + MINUTE,
    });
    expect(await outbox.failed(refused, { kind: "rejected" }, WAITED + 7000, 0.5)).toBe("lease lost");
  });

  test("ALERTS 29: a refused message is dead, and the next one is sent", async () => {
    const harness = await open();
    const { outbox, noticeStates, put, reconcile, deliverNext } = harness;
    expect(await outbox.failed(await claimAlert(harness), { kind: "rejected" }, WAITED, 0.5)).toBe("dead");
    await put(alert(2));
    await reconcile(WAR, WAITED);
    expect(await deliverNext(WAITED + TIMINGS.waitMs)).toMatchObject({ form: "single", alerts: [{ id: 2 }] });
    expect(await noticeStates(WAR)).toEqual(["alert dead", "alert sent"]);
  });

  test("a dead report to the ops room is not reported", async () => {
    const { enqueue, claimNext, outbox, noticeStates } = await open();
    await enqueue(OPS, "report", NOON);
    await outbox.failed(await claimNext(NOON), { kind: "rejected" }, NOON, 0.5);
    expect(await noticeStates(OPS)).toEqual(["report dead"]);
  });

  test("a storm ends even if its last summary is dead", async () => {
    const { deliverNext, runScheduled, claimNext, outbox, queue, queueAlerts } = await open();
    await queueAlerts(11);
    await deliverNext(WAITED);
    const quiet = WAITED + 2 * TIMINGS.intervalMs;
    await runScheduled(quiet);
    const end = await claimNext(quiet + TIMINGS.waitMs);
    await outbox.failed(end, { kind: "rejected" }, quiet + TIMINGS.waitMs, 0.5);
    expect((await queue(WAR)).storm).toBeNull();
  });

  test("ALERTS 29: a space that does not exist any more is suspended; a message to such a person is dead", async () => {
    const harness = await open();
    const { outbox, noticeStates, queue, claimNext, enqueue } = harness;
    expect(await outbox.failed(await claimAlert(harness), { kind: "gone" }, WAITED, 0.5)).toBe("suspended");
    expect(await noticeStates(WAR)).toEqual([]);
    expect(await queue(WAR)).toMatchObject({ suspendedAt: WAITED, dueAt: null, holder: null });
    const toOwner = await claimNext(WAITED);
    expect(toOwner.notices).toMatchObject([{ kind: "report" }]);
    const other = await claimNext(WAITED);
    expect(other).toMatchObject({ recipient: { personId: "owner" }, notices: [{ kind: "suspended" }] });
    expect(await outbox.failed(other, { kind: "gone" }, WAITED, 0.5)).toBe("dead");
    await enqueue("quiet room", "report", WAITED);
    await outbox.delivered(toOwner, { messageId: "told" }, WAITED);
    const unwatched = await claimOf(harness, "quiet room");
    expect(await outbox.failed(unwatched, { kind: "gone" }, WAITED, 0.5)).toBe("dead");
  });

  test("ALERTS 28: the outcome of a message that another process has claimed meanwhile is ignored", async () => {
    const harness = await open();
    const { outbox, claim, noticeStates } = harness;
    const lost = await claimAlert(harness);
    expect(await claim(WAITED + LEASE_MS, "bob")).toBeDefined();
    expect(await outbox.failed(lost, { kind: "rejected" }, WAITED + LEASE_MS, 0.5)).toBe("lease lost");
    expect(await outbox.withhold(lost, "guests", WAITED + LEASE_MS)).toBe(false);
    await outbox.endWithholding(lost, WAITED + LEASE_MS);
    expect(await noticeStates(WAR)).toEqual(["alert claimed"]);
  });
});

/** Claims messages until there is one for this room. */
async function claimOf({ claimNext }: OutboxHarness, roomId: string) {
  for (;;) {
    const message = await claimNext(WAITED);
    if ("roomId" in message.recipient && message.recipient.roomId === roomId) return message;
  }
}
