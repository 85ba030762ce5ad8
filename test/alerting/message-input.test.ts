import { expect, test } from "vitest";
import { acquireFence, customer, NOON, runSweep } from "../store/sweep-fixtures.ts";
import { HOUR, MINUTE } from "../support/time.ts";
import { alert, alertsFrom, closed, onEveryOutbox, reopened, TIMINGS, WAITED, WAR, WINDOW } from "./outbox-fixtures.ts";

onEveryOutbox((open, database) => {
  test("ALERTS 15: a baseline lists all open alerts, and is the root of their threads", async () => {
    const { put, watch, mute, enqueueSummaryNotice, deliverNext, notified, noticeStates } = await open();
    const store = await database.open();
    await runSweep(store, await acquireFence(store), { customers: [customer("acme"), customer("bell")] });
    await watch(WAR);
    await put(alert(1), closed(alert(2), NOON), alert(3, { drill: "quiet room" }), alert(4));
    await enqueueSummaryNotice(WAR, "baseline", NOON);
    const message = await deliverNext(NOON, "card");
    expect(message).toMatchObject({ form: "standalone", notices: [{ kind: "baseline" }], customerCount: 2 });
    expect(message.alerts.map(({ id }) => id)).toEqual([1, 4]);
    expect(await notified(WAR)).toMatchObject([
      { alertId: 1, state: "open", messageId: "card" },
      { alertId: 4, state: "open", messageId: "card" },
    ]);
    expect(await noticeStates(WAR)).toEqual(["baseline sent"]);
    await mute({ roomId: WAR, from: NOON, until: NOON + HOUR });
    await enqueueSummaryNotice(WAR, "baseline", NOON + 1);
    expect((await deliverNext(NOON + 1)).alerts).toEqual([]);
  });

  test("ALERTS 15: an alert that a baseline does not list counts as closed, without a recovery", async () => {
    const harness = await open();
    const { put, deliverNext, notified, noticeStates, claim, outbox } = harness;
    await harness.completeSweep();
    await harness.deliverAlerts(3);
    await put(closed(alert(1), WAITED));
    await harness.enqueueSummaryNotice(WAR, "baseline", WAITED);
    const message = await claim(WAITED + 1);
    // An alert that closes while the card is under way is on it, and gets its recovery.
    await put(closed(alert(2), WAITED + 2));
    if (message) await outbox.delivered(message, { messageId: "card" }, WAITED + 3);
    expect(await notified(WAR)).toMatchObject([
      { alertId: 1, state: "closed", generation: 2, messageId: "root" },
      { alertId: 2, state: "open", messageId: "card" },
      { alertId: 3, state: "open", messageId: "card", notifiedAt: WAITED },
    ]);
    expect(await noticeStates(WAR)).toEqual([...Array(3).fill("alert sent"), "baseline sent", "recovery pending"]);
    expect(await deliverNext(WINDOW)).toMatchObject({ notices: [{ alertId: 2, kind: "recovery" }] });
  });

  test("ALERTS 16: a catch-up lists exactly the alerts that differ from what the space was notified of", async () => {
    const harness = await open();
    const { put, deliverNext, notified, claim } = harness;
    await harness.completeSweep();
    await harness.deliverAlerts(2);
    await put(closed(alert(1), WAITED), alert(3), closed(alert(4), WAITED));
    await harness.enqueueSummaryNotice(WAR, "catch-up", WAITED);
    // Held until the next complete sweep.
    expect(await claim(WAITED + HOUR)).toBeUndefined();
    await harness.releaseSummaryNotices(WAITED + HOUR);
    const message = await deliverNext(WAITED + HOUR, "card");
    expect(message.alerts.map(({ id, state }) => [id, state])).toEqual([
      [1, "closed"],
      [3, "open"],
    ]);
    expect(await notified(WAR)).toMatchObject([{ state: "closed" }, { state: "open" }, { state: "open" }]);
    await harness.enqueueSummaryNotice(WAR, "catch-up", WAITED + 2 * HOUR);
    await harness.releaseSummaryNotices(WAITED + 2 * HOUR);
    expect(await claim(WAITED + 2 * HOUR)).toBeUndefined();
  });

  test("ALERTS 21: more than ten alerts at once are a storm, which is one thread until it is quiet", async () => {
    const { put, reconcile, deliverNext, queue, notified, runScheduled, noticeStates, deliverAlerts } = await open();
    await deliverAlerts(11);
    expect(JSON.parse((await queue(WAR)).storm ?? "")).toEqual({
      since: WAITED,
      messageId: "root",
      lastAt: WAITED,
    });
    await put(closed(alert(1), WAITED), alert(12, { previousStatus: "provisioned" }));
    await reconcile(WAR, WAITED);
    const more = await deliverNext(WINDOW, "reply");
    expect(more).toMatchObject({ form: "storm", queue: { storm: { messageId: "root" } } });
    expect(more.alerts).toHaveLength(12);
    expect((await notified(WAR)).map(({ messageId }) => messageId)).toEqual(Array(12).fill("root"));
    expect(JSON.parse((await queue(WAR)).storm ?? "")).toMatchObject({ messageId: "root", lastAt: WINDOW });
    const quiet = WINDOW + 2 * TIMINGS.intervalMs;
    await runScheduled(quiet - 1);
    expect(await noticeStates(WAR)).not.toContain("storm-end pending");
    await runScheduled(quiet);
    await runScheduled(quiet);
    const end = await deliverNext(quiet + TIMINGS.waitMs);
    expect(end).toMatchObject({ form: "standalone", notices: [{ kind: "storm-end" }], queue: { storm: {} } });
    expect(end.alerts).toHaveLength(12);
    expect((await queue(WAR)).storm).toBeNull();
  });

  test("ALERTS 21: a new alert before the last summary is sent keeps the storm going", async () => {
    const { put, reconcile, deliverNext, runScheduled, noticeStates, claim, queue, deliverAlerts } = await open();
    await deliverAlerts(11);
    const quiet = WAITED + 2 * TIMINGS.intervalMs;
    await runScheduled(quiet);
    await put(...alertsFrom(12, 2));
    await reconcile(WAR, quiet);
    expect(await deliverNext(quiet + TIMINGS.waitMs)).toMatchObject({ form: "storm" });
    expect(await claim(quiet + 2 * TIMINGS.intervalMs)).toBeUndefined();
    expect((await noticeStates(WAR)).filter((one) => one.startsWith("storm-end"))).toEqual(["storm-end cancelled"]);
    await runScheduled(quiet + TIMINGS.waitMs + 2 * TIMINGS.intervalMs);
    await deliverNext(quiet + 2 * TIMINGS.waitMs + 2 * TIMINGS.intervalMs);
    expect((await queue(WAR)).storm).toBeNull();
  });

  test("a digest lists what happened since the last one, and what is still open", async () => {
    const { put, enqueue, deliverNext, deliverAlerts } = await open();
    await deliverAlerts(2);
    const [day, next] = [NOON + 24 * HOUR, NOON + 25 * HOUR];
    await put(
      alert(3, { openedAt: day, badSince: day }),
      closed(alert(4), day),
      closed(alert(5), NOON),
      alert(6),
      alert(7, { drill: WAR }),
    );
    await enqueue(WAR, "digest", next, { since: day });
    const message = await deliverNext(next);
    expect(message).toMatchObject({ form: "standalone", digestSince: day });
    // The sixth opened before, and the space was never told of it.
    expect(message.alerts.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect(message.notified.map(({ alertId }) => alertId)).toEqual([1, 2]);
  });

  test("a drill is notified and recovers, and its recovery has the times of the first message", async () => {
    const { completeSweep, change, deliverNext, notified } = await open();
    await completeSweep();
    await change(WAR, { kind: "drill" }, NOON);
    const first = await deliverNext(NOON + TIMINGS.waitMs, "root");
    expect(first).toMatchObject({ form: "single", alerts: [{ drill: WAR, state: "open" }] });
    expect(first.drillTimes).toBeUndefined();
    expect(await deliverNext(WINDOW + TIMINGS.waitMs, "reply")).toMatchObject({
      notices: [{ kind: "recovery" }],
      alerts: [{ state: "closed", reason: "recovered" }],
      drillTimes: { queuedAt: NOON, claimedAt: WAITED, sentAt: WAITED },
    });
    expect(await notified(WAR)).toMatchObject([{ state: "closed", messageId: "root" }]);
  });

  test("ALERTS e: what a space was notified of an alert never goes back", async () => {
    const { put, reconcile, claim, outbox, notified, db, deliverAlerts } = await open();
    await deliverAlerts();
    await put(reopened(closed(alert(1), WAITED), WAITED));
    await put(closed(alert(1), WAITED));
    await reconcile(WAR, WAITED);
    const message = await claim(WINDOW);
    await db.updateTable("notifiedStates").set({ generation: 9 }).execute();
    if (message) await outbox.delivered(message, { messageId: "late" }, WINDOW + MINUTE / 2);
    expect(await notified(WAR)).toMatchObject([{ generation: 9, state: "open" }]);
  });
});
