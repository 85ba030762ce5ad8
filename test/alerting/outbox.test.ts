import { expect, test } from "vitest";
import { NOON } from "../store/sweep-fixtures.ts";
import { MINUTE } from "../support/time.ts";
import { alert, closed, LEASE_MS, onEveryOutbox, reopened, TIMINGS, WAITED, WAR, WINDOW } from "./outbox-fixtures.ts";

onEveryOutbox((open) => {
  test("ALERTS 20: notices wait, then go out as one message with the present state", async () => {
    const { claim, queueAlerts } = await open();
    await queueAlerts(2);
    expect(await claim(WAITED - 1)).toBeUndefined();
    expect(await claim(WAITED)).toMatchObject({
      recipient: { roomId: WAR },
      holder: "ada",
      form: "group",
      notified: [],
      notices: [
        { alertId: 1, kind: "alert", possiblySent: false },
        { alertId: 2, kind: "alert" },
      ],
      alerts: [{ id: 1 }, { id: 2 }],
      room: { roomId: WAR, scope: "", watches: [{ number: 1, ownerId: "owner" }] },
    });
    expect(await claim(WAITED)).toBeUndefined();
  });

  test("ALERTS 28: a delivered notice is recorded as notified, and not enqueued again", async () => {
    const { reconcile, notified, noticeStates, queue, claim, deliverAlerts } = await open();
    await deliverAlerts();
    expect(await notified(WAR)).toMatchObject([
      { alertId: 1, state: "open", generation: 1, messageId: "root", notifiedAt: WAITED, reminded: 0 },
    ]);
    await reconcile(WAR, WAITED);
    expect(await noticeStates(WAR)).toEqual(["alert sent"]);
    expect(await queue(WAR)).toMatchObject({
      holder: null,
      leasedUntil: null,
      lastGroupSentAt: WAITED,
      dueAt: null,
    });
    expect(await claim(WINDOW)).toBeUndefined();
  });

  test("ALERTS 20: a notice that cancels out before it is sent is dropped and counted", async () => {
    const { mute, claim, noticeStates, outbox, queueAlerts } = await open();
    await queueAlerts();
    await mute({ roomId: WAR, from: NOON, until: WINDOW });
    expect(await claim(WAITED)).toBeUndefined();
    expect(await noticeStates(WAR)).toEqual(["alert cancelled"]);
    expect(await outbox.state()).toEqual({ waiting: 0, cancelled: 1, dead: 0 });
    expect(await outbox.nextDue()).toBeUndefined();
  });

  test("ALERTS 20: an alert that was muted while it waited is notified when the mute ends", async () => {
    const { mute, claim, runScheduled, deliverNext, queueAlerts } = await open();
    await queueAlerts();
    await mute({ roomId: WAR, from: NOON, until: NOON + 10 * MINUTE });
    expect(await claim(WAITED)).toBeUndefined();
    await runScheduled(NOON + 10 * MINUTE);
    expect(await deliverNext(NOON + 10 * MINUTE + TIMINGS.waitMs)).toMatchObject({
      notices: [{ kind: "alert" }],
    });
  });

  test("ALERTS 26: a notice is sent with the kind that it has by then", async () => {
    const { put, watch, reconcile, deliverNext, claim } = await open();
    await watch(WAR);
    const first = alert(1);
    await put(first);
    await reconcile(WAR, NOON);
    await deliverNext(WAITED);
    await put({ ...first, failures: 1, generation: 2 });
    await reconcile(WAR, WAITED + 1);
    await put(closed({ ...first, failures: 1, generation: 2 }, WAITED + 2));
    expect(await claim(WINDOW)).toMatchObject({
      form: "single",
      notices: [{ kind: "recovery", generation: 3 }],
      notified: [{ alertId: 1, state: "open" }],
    });
  });

  test("ALERTS 28: a change while a message is under way is enqueued when it is delivered", async () => {
    const { put, claim, outbox, notified, noticeStates, deliverNext, queueAlerts } = await open();
    await queueAlerts();
    const message = await claim(WAITED);
    await put(closed(alert(1), WAITED + 1));
    if (message) await outbox.delivered(message, { messageId: "root" }, WAITED + 2);
    // The message told that it is open, though it is closed by now.
    expect(await notified(WAR)).toMatchObject([{ state: "open", generation: 1 }]);
    expect(await noticeStates(WAR)).toEqual(["alert sent", "recovery pending"]);
    expect(await deliverNext(WINDOW + 2, "reply")).toMatchObject({ notices: [{ kind: "recovery" }] });
    expect(await notified(WAR)).toMatchObject([{ state: "closed", generation: 2, messageId: "root" }]);
  });

  test("ALERTS 28: a message whose lease ran out is sent again, marked", async () => {
    const { claim, outbox, notified, queueAlerts, losePost } = await open();
    await queueAlerts();
    const lost = await losePost(WAITED);
    expect(await outbox.nextDue()).toBe(WAITED + LEASE_MS);
    expect(await claim(WAITED + LEASE_MS - 1)).toBeUndefined();
    const again = await claim(WAITED + LEASE_MS);
    expect(again).toMatchObject({ holder: "ada", notices: [{ kind: "alert", possiblySent: true }] });
    // The process that lost its lease is ignored.
    expect(await outbox.beginPost(lost, WAITED + LEASE_MS)).toBe(false);
    await outbox.delivered(lost, { messageId: "first" }, WAITED + LEASE_MS + 1);
    expect(await notified(WAR)).toEqual([]);
    if (again) await outbox.delivered(again, { messageId: "second" }, WAITED + LEASE_MS + 2);
    expect(await notified(WAR)).toMatchObject([{ messageId: "second" }]);
  });

  test("ALERTS 28: a claim of the same process is void as well once its lease ran out and another one followed", async () => {
    const { put, reconcile, claimNext, outbox, notified, noticeStates, queueAlerts } = await open();
    await queueAlerts();
    const slow = await claimNext(WAITED);
    const again = await claimNext(WAITED + LEASE_MS);
    expect(await outbox.beginPost(slow, WAITED + LEASE_MS)).toBe(false);
    await outbox.delivered(again, { messageId: "root" }, WAITED + LEASE_MS + 1);
    await put(closed(alert(1), WAITED + LEASE_MS + 2));
    await reconcile(WAR, WAITED + LEASE_MS + 2);
    const recovery = await claimNext(WINDOW + 2 * LEASE_MS);
    await outbox.delivered(slow, { messageId: "other root" }, WINDOW + 2 * LEASE_MS + 1);
    expect(await outbox.failed(slow, { kind: "gone" }, WINDOW + 2 * LEASE_MS + 1, 0)).toBe("lease lost");
    await outbox.delivered(recovery, { messageId: "reply" }, WINDOW + 2 * LEASE_MS + 2);
    expect(await noticeStates(WAR)).toEqual(["alert sent", "recovery sent"]);
    expect(await notified(WAR)).toMatchObject([{ state: "closed", messageId: "root" }]);
  });

  test("ALERTS 28: a message whose process ended before the POST began certainly did not arrive: it has no mark", async () => {
    const { claim, outbox, queueAlerts, losePost, claimNext } = await open();
    await queueAlerts();
    await claim(WAITED, "dead");
    const second = await claimNext(WAITED + LEASE_MS);
    expect(second).toMatchObject({ notices: [{ kind: "alert", possiblySent: false }] });
    await outbox.failed(second, { kind: "retryable", possiblySent: false }, WAITED + LEASE_MS, 0.5);
    await losePost(WAITED + 2 * LEASE_MS);
    expect(await claimNext(WAITED + 3 * LEASE_MS)).toMatchObject({ notices: [{ possiblySent: true }] });
  });

  test("ALERTS 28: a message that may have been posted is never dropped, and has the present state", async () => {
    const { put, losePost, deliverNext, notified, queueAlerts } = await open();
    await queueAlerts();
    await losePost(WAITED);
    await put(closed(alert(1), WAITED + 1));
    expect(await deliverNext(WAITED + LEASE_MS)).toMatchObject({
      notices: [{ kind: "alert", possiblySent: true }],
      alerts: [{ state: "closed" }],
    });
    expect(await notified(WAR)).toMatchObject([{ state: "closed", generation: 2 }]);
  });

  test("ALERTS 28: a recovery that may have been posted is repeated as a re-opening if the alert is open again", async () => {
    const { put, reconcile, losePost, deliverNext, queueAlerts } = await open();
    await queueAlerts();
    await deliverNext(WAITED);
    const ended = closed(alert(1), WAITED + 1);
    await put(ended);
    await reconcile(WAR, WAITED + 1);
    await losePost(WINDOW);
    await put(reopened(ended, WINDOW + 1));
    expect(await deliverNext(WINDOW + LEASE_MS)).toMatchObject({
      notices: [{ kind: "reopen", possiblySent: true }],
    });
  });

  test("ALERTS 28: the only process releases all leases at its start, and their messages may have been posted", async () => {
    const { claim, outbox, db, queueAlerts, losePost } = await open();
    await queueAlerts();
    await losePost(WAITED);
    const isAlone = (await outbox.release()) === 1;
    const rows = await db.selectFrom("outbox").select(["state", "possiblySent"]).execute();
    expect(rows).toEqual([isAlone ? { state: "pending", possiblySent: 1 } : { state: "claimed", possiblySent: 0 }]);
    expect(await claim(WAITED)).toEqual(isAlone ? expect.objectContaining({ form: "single" }) : undefined);
  });

  test("ALERTS 20: an urgent notice does not make the others due", async () => {
    const { enqueue, deliverNext, claim, queueAlerts } = await open();
    await queueAlerts();
    await enqueue(WAR, "report", NOON);
    expect(await deliverNext(NOON)).toMatchObject({
      form: "standalone",
      notices: [{ kind: "report" }],
      alerts: [],
    });
    expect(await claim(NOON)).toBeUndefined();
    expect(await claim(WAITED)).toMatchObject({ form: "single" });
  });

  test("ALERTS 27: a message that cannot be made holds up no other recipient", async () => {
    const { db, watch, reconcile, queueAlerts, claim, claimNext } = await open();
    await queueAlerts();
    await watch("ward");
    await reconcile("ward", NOON);
    const setDetails = (details: string) =>
      db.updateTable("outbox").set({ details }).where("recipient", "=", WAR).execute();
    await setDetails("no JSON");
    await expect(claim(WAITED)).rejects.toThrow("JSON");
    expect(await claimNext(WAITED)).toMatchObject({ recipient: { roomId: "ward" } });
    await setDetails("{}");
    expect(await claim(WAITED + 9_999)).toBeUndefined();
    expect(await claimNext(WAITED + 10_000)).toMatchObject({ recipient: { roomId: WAR } });
  });

  test("ALERTS 27: outage notices go first, over all recipients", async () => {
    const { enqueue, deliverNext } = await open();
    await enqueue("quiet room", "report", NOON - 1);
    await enqueue(WAR, "outage", NOON);
    expect(await deliverNext(NOON)).toMatchObject({ recipient: { roomId: WAR } });
    expect(await deliverNext(NOON)).toMatchObject({ recipient: { roomId: "quiet room" } });
  });

  test("ALERTS 12: a re-opening stays in its thread, and its reminders start again", async () => {
    const { put, reconcile, deliverNext, notified, deliverAlerts } = await open();
    await deliverAlerts();
    const ended = closed(alert(1), WAITED + 1);
    await put(ended);
    await reconcile(WAR, WAITED + 1);
    await deliverNext(WINDOW, "reply");
    await put(reopened(ended, WINDOW + 1));
    await reconcile(WAR, WINDOW + 1);
    const at = WINDOW + TIMINGS.intervalMs;
    expect(await deliverNext(at)).toMatchObject({ notices: [{ kind: "reopen" }] });
    expect(await notified(WAR)).toMatchObject([
      { messageId: "root", notifiedAt: at, remindAt: at + TIMINGS.remindMs, generation: 3 },
    ]);
  });
});
