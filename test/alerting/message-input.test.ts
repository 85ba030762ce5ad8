import { expect, test } from "vitest";
import { acquireFence, customer, MINUTE, NOON, runSweep } from "../store/sweep-fixtures.ts";
import { alert, closed, HOUR, type OutboxHarness, onEveryOutbox, reopened, TIMINGS, WAR } from "./outbox-fixtures.ts";

const WAITED = NOON + TIMINGS.waitMs;
const WINDOW = WAITED + TIMINGS.intervalMs;

const many = (count: number, from = 1) => Array.from({ length: count }, (_, index) => alert(from + index));

/** A space that watches, and was told of these at `WAITED`. */
async function toldOf({ watch, put, reconcile, deliverNext }: OutboxHarness, count: number): Promise<void> {
  await watch(WAR);
  await put(...many(count));
  await reconcile(WAR, NOON);
  await deliverNext(WAITED, "root");
}

onEveryOutbox((open, database) => {
  test("ALERTS 15: a baseline lists all that is in error, and begins the thread of each", async () => {
    const { put, watch, mute, enqueueSummaryNotice, deliverNext, told, owed } = await open();
    const store = await database.open();
    await runSweep(store, await acquireFence(store), { customers: [customer("acme"), customer("bell")] });
    await watch(WAR);
    await put(alert(1), closed(alert(2), NOON), alert(3, { drill: "quiet room" }), alert(4));
    await enqueueSummaryNotice(WAR, "baseline", NOON);
    const flush = await deliverNext(NOON, "card");
    expect(flush).toMatchObject({ form: "standalone", notices: [{ kind: "baseline" }], customerCount: 2 });
    expect(flush.alerts.map(({ id }) => id)).toEqual([1, 4]);
    expect(await told(WAR)).toMatchObject([
      { alertId: 1, state: "open", messageId: "card" },
      { alertId: 4, state: "open", messageId: "card" },
    ]);
    expect(await owed(WAR)).toEqual(["baseline sent"]);
    await mute({ roomId: WAR, from: NOON, until: NOON + HOUR });
    await enqueueSummaryNotice(WAR, "baseline", NOON + 1);
    expect((await deliverNext(NOON + 1)).alerts).toEqual([]);
  });

  test("ALERTS 15: what a baseline does not list any more is over, so that no recovery follows", async () => {
    const bench = await open();
    const { read, put, enqueueSummaryNotice, deliverNext, told, owed, claim, outbox } = bench;
    await read();
    await toldOf(bench, 3);
    await put(closed(alert(1), WAITED));
    await enqueueSummaryNotice(WAR, "baseline", WAITED);
    const flush = await claim(WAITED + 1);
    // One that ends while the card is under way is on it, and gets its recovery.
    await put(closed(alert(2), WAITED + 2));
    if (flush) await outbox.delivered(flush, { messageId: "card" }, WAITED + 3);
    expect(await told(WAR)).toMatchObject([
      { alertId: 1, state: "closed", generation: 2, messageId: "root" },
      { alertId: 2, state: "open", messageId: "card" },
      { alertId: 3, state: "open", messageId: "card", notifiedAt: WAITED },
    ]);
    expect(await owed(WAR)).toEqual([...Array(3).fill("alert sent"), "baseline sent", "recovery pending"]);
    expect(await deliverNext(WINDOW)).toMatchObject({ notices: [{ alertId: 2, kind: "recovery" }] });
  });

  test("ALERTS 16: a catch-up tells of all that the space believes wrongly, and of nothing else", async () => {
    const bench = await open();
    const { read, put, enqueueSummaryNotice, deliverNext, told, claim, releaseSummaryNotices } = bench;
    await read();
    await toldOf(bench, 2);
    await put(closed(alert(1), WAITED), alert(3), closed(alert(4), WAITED));
    await enqueueSummaryNotice(WAR, "catch-up", WAITED);
    // It waits until everything has been read again.
    expect(await claim(WAITED + HOUR)).toBeUndefined();
    await releaseSummaryNotices(WAITED + HOUR);
    const flush = await deliverNext(WAITED + HOUR, "card");
    expect(flush.alerts.map(({ id, state }) => [id, state])).toEqual([
      [1, "closed"],
      [3, "open"],
    ]);
    expect(await told(WAR)).toMatchObject([{ state: "closed" }, { state: "open" }, { state: "open" }]);
    await enqueueSummaryNotice(WAR, "catch-up", WAITED + 2 * HOUR);
    await releaseSummaryNotices(WAITED + 2 * HOUR);
    expect(await claim(WAITED + 2 * HOUR)).toBeUndefined();
  });

  test("ALERTS 21: more than ten at once are a storm, which goes on as one thread until it is quiet", async () => {
    const bench = await open();
    const { put, reconcile, deliverNext, line, told, runScheduled, owed } = bench;
    await toldOf(bench, 11);
    expect(JSON.parse((await line(WAR)).storm ?? "")).toEqual({
      since: WAITED,
      messageId: "root",
      edits: 0,
      lastAt: WAITED,
    });
    await put(closed(alert(1), WAITED), alert(12, { previousStatus: "provisioned" }));
    await reconcile(WAR, WAITED);
    const more = await deliverNext(WINDOW, "reply");
    expect(more).toMatchObject({ form: "storm", queue: { storm: { messageId: "root" } } });
    expect(more.alerts).toHaveLength(12);
    expect((await told(WAR)).map(({ messageId }) => messageId)).toEqual(Array(12).fill("root"));
    expect(JSON.parse((await line(WAR)).storm ?? "")).toMatchObject({ messageId: "root", lastAt: WINDOW });
    const quiet = WINDOW + 2 * TIMINGS.intervalMs;
    await runScheduled(quiet - 1);
    expect(await owed(WAR)).not.toContain("storm-end pending");
    await runScheduled(quiet);
    await runScheduled(quiet);
    const end = await deliverNext(quiet + TIMINGS.waitMs);
    expect(end).toMatchObject({ form: "standalone", notices: [{ kind: "storm-end" }], queue: { storm: {} } });
    expect(end.alerts).toHaveLength(12);
    expect((await line(WAR)).storm).toBeNull();
  });

  test("ALERTS 21: a storm that picks up before its end was told has not ended", async () => {
    const bench = await open();
    const { put, reconcile, deliverNext, runScheduled, owed, claim, line } = bench;
    await toldOf(bench, 11);
    const quiet = WAITED + 2 * TIMINGS.intervalMs;
    await runScheduled(quiet);
    await put(...many(2, 12));
    await reconcile(WAR, quiet);
    expect(await deliverNext(quiet + TIMINGS.waitMs)).toMatchObject({ form: "storm" });
    expect(await claim(quiet + 2 * TIMINGS.intervalMs)).toBeUndefined();
    expect((await owed(WAR)).filter((one) => one.startsWith("storm-end"))).toEqual(["storm-end cancelled"]);
    await runScheduled(quiet + TIMINGS.waitMs + 2 * TIMINGS.intervalMs);
    await deliverNext(quiet + 2 * TIMINGS.waitMs + 2 * TIMINGS.intervalMs);
    expect((await line(WAR)).storm).toBeNull();
  });

  test("a digest tells what happened since the last one, and what goes on", async () => {
    const bench = await open();
    const { put, enqueue, deliverNext } = bench;
    await toldOf(bench, 2);
    const [day, next] = [NOON + 24 * HOUR, NOON + 25 * HOUR];
    await put(
      alert(3, { openedAt: day, badSince: day }),
      closed(alert(4), day),
      closed(alert(5), NOON),
      alert(6),
      alert(7, { drill: WAR }),
    );
    await enqueue(WAR, "digest", next, { since: day });
    const flush = await deliverNext(next);
    expect(flush).toMatchObject({ form: "standalone", digestSince: day });
    // The sixth began before, and the space was never told of it.
    expect(flush.alerts.map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    expect(flush.notified.map(({ alertId }) => alertId)).toEqual([1, 2]);
  });

  test("a drill is told, ends, and tells of its recovery when it was owed, taken up and posted", async () => {
    const { read, change, deliverNext, told } = await open();
    await read();
    await change(WAR, { kind: "drill" }, NOON);
    const first = await deliverNext(NOON + TIMINGS.waitMs, "root");
    expect(first).toMatchObject({ form: "single", alerts: [{ drill: WAR, state: "open" }] });
    expect(first.drillTimes).toBeUndefined();
    expect(await deliverNext(WINDOW + TIMINGS.waitMs, "reply")).toMatchObject({
      notices: [{ kind: "recovery" }],
      alerts: [{ state: "closed", reason: "recovered" }],
      drillTimes: { queuedAt: NOON, claimedAt: WAITED, sentAt: WAITED },
    });
    expect(await told(WAR)).toMatchObject([{ state: "closed", messageId: "root" }]);
  });

  test("ALERTS e: what a space was told of an alert never goes back", async () => {
    const bench = await open();
    const { put, reconcile, claim, outbox, told, db } = bench;
    await toldOf(bench, 1);
    await put(reopened(closed(alert(1), WAITED), WAITED));
    await put(closed(alert(1), WAITED));
    await reconcile(WAR, WAITED);
    const flush = await claim(WINDOW);
    await db.updateTable("notifiedStates").set({ generation: 9 }).execute();
    if (flush) await outbox.delivered(flush, { messageId: "late" }, WINDOW + MINUTE / 2);
    expect(await told(WAR)).toMatchObject([{ generation: 9, state: "open" }]);
  });
});
