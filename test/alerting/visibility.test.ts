import { expect, test } from "vitest";
import { customerOf } from "../support/alert-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { DAY, HOUR, MINUTE } from "../support/time.ts";
import { describeDeliveries } from "./deliver-messages.ts";
import { openEngineHarness } from "./engine-harness.ts";

/** The first sweep, outages and their ends (ALERTS 15, 16, 31). */

const acme = (calling: string) => customerOf("acme", { calling });
const globex = (calling: string) => customerOf("globex", { calling });
const [GOOD, BAD] = ["provisioned", "error"];
const REFUSED = { cause: "wholesale.unauthorized", isUnauthorized: true };

onEveryDatabase((database) => {
  async function opened(opsRoomId?: string) {
    return openEngineHarness(await database.open(opsRoomId === undefined ? {} : { opsRoomId }));
  }

  /** A room that watches everything and got its baseline; then the token is refused. */
  async function withOutage(opsRoomId?: string) {
    const harness = await opened(opsRoomId);
    await harness.sweep([acme(GOOD), globex(GOOD)]);
    await harness.watch("hq");
    await harness.deliver();
    await harness.wait(MINUTE);
    await harness.store.outbox.recordReadFailure("", REFUSED, harness.clock.now);
    await harness.runScheduled();
    return harness;
  }

  test("ALERTS 15: errors before the first complete sweep open silently, and are one baseline", async () => {
    const { watch, recordPage, sweep, queued, all, deliver } = await opened();
    await watch("hq");
    await recordPage([acme(BAD)]);
    expect(await queued("hq")).toEqual(["baseline"]);
    expect(await deliver()).toEqual([]);
    await sweep([acme(BAD), globex(BAD)]);
    expect(await all()).toMatchObject([{ baseline: true }, { baseline: true }]);
    const deliveries = await deliver();
    expect(describeDeliveries(deliveries)).toEqual(["hq: baseline acme.calling globex.calling"]);
    expect(deliveries[0]?.message.customerCount).toBe(2);
    expect(await queued("hq")).toEqual([]);
  });

  test("ALERTS 15: errors that a page found during an outage open with the first complete sweep", async () => {
    const { recordPage, sweep, all, store, clock } = await opened();
    await store.outbox.recordReadFailure("", REFUSED, clock.now);
    await store.outbox.runScheduled({ now: clock.now, runningSince: clock.now, sweepIntervalMs: 5 * MINUTE });
    await recordPage([acme(BAD)]);
    expect(await all()).toEqual([]);
    await sweep([acme(BAD)]);
    expect(await all()).toMatchObject([{ state: "open", baseline: true }]);
  });

  test("ALERTS 15: a failed sweep is no baseline", async () => {
    const { watch, sweep, queued, deliver } = await opened();
    await watch("hq");
    await sweep([acme(BAD)], { end: { state: "failed", cause: "http.500" } });
    await sweep([acme(BAD)], { end: { state: "suspect" } });
    expect(await deliver()).toEqual([]);
    expect(await queued("hq")).toEqual(["baseline"]);
  });

  test("ALERTS 15: a space that is bound to another scope gets its baseline, and no more of the old scope", async () => {
    const { watch, recordPage, quickPoll, sweep, bind, queued, deliver } = await opened();
    await sweep([acme(GOOD)]);
    await watch("hq");
    await deliver();
    await recordPage([acme(BAD)]);
    await bind("hq", "partner");
    expect(await queued("hq")).toEqual(["baseline"]);
    expect(await deliver()).toEqual([]);
    await sweep([globex(BAD)], { scope: "partner" });
    expect(describeDeliveries(await deliver())).toEqual(["hq: baseline globex.calling"]);
    for (const _ of [1, 2]) await quickPoll([acme(GOOD)]);
    expect(await queued("hq")).toEqual([]);
  });

  test("ALERTS 31: a scope that no space was bound to has no outage when one is bound, and begins anew", async () => {
    const { sweep, watch, bind, wait, queued, deliver, clock } = await opened();
    await watch("hq");
    await bind("hq", "partner");
    await sweep([globex(GOOD)], { scope: "partner" });
    await deliver();
    await bind("hq", "");
    clock.now += 2 * DAY;
    await bind("hq", "partner");
    await wait(MINUTE);
    expect(await queued("hq")).toEqual(["baseline"]);
    expect(await deliver()).toEqual([]);
    await sweep([globex(BAD)], { scope: "partner" });
    expect(describeDeliveries(await deliver())).toEqual(["hq: baseline globex.calling"]);
  });

  test("ALERTS 31: during an outage nothing opens, closes or is removed", async () => {
    const { recordPage, quickPoll, lookup, all, store } = await withOutage();
    await recordPage([acme(BAD)]);
    await quickPoll([acme(BAD)]);
    expect(await all()).toEqual([]);
    await lookup([], ["globex"]);
    expect((await store.snapshot.get("", "globex")).length).toBe(1);
    expect((await store.alerts.visibility("")).outage).toBeDefined();
  });

  test("ALERTS 31: after an outage all alerts are evaluated, and its end is notified with the number of changes", async () => {
    const { recordPage, sweep, all, deliver, queued, wait } = await withOutage("ops");
    expect(describeDeliveries(await deliver()).toSorted()).toEqual(["hq: outage", "ops: outage"]);
    await recordPage([acme(BAD)]);
    await wait(42 * MINUTE);
    await sweep([acme(BAD), customerOf("globex", { "*": "error", calling: BAD })]);
    expect(await all()).toHaveLength(3);
    expect((await queued("hq")).toSorted()).toEqual(["alert #1", "alert #3", "outage-end"]);
    const deliveries = await deliver();
    expect(describeDeliveries(deliveries).toSorted()).toEqual(["hq: outage-end", "ops: outage-end"]);
    expect(deliveries[0]?.message.notices[0]?.details).toMatchObject({
      awayMs: 42 * MINUTE + 1,
      changes: 2,
      scope: "",
    });
  });

  test("ALERTS 31: an outage that was not notified yet is not notified any more when it is over", async () => {
    const { sweep, queued, store } = await withOutage("ops");
    expect(await queued("hq")).toEqual(["outage"]);
    await sweep([acme(GOOD), globex(GOOD)]);
    expect(await queued("hq")).toEqual([]);
    expect(await queued("ops")).toEqual([]);
    expect((await store.alerts.visibility("")).outage).toBeUndefined();
  });

  test("ALERTS 31: the next outage notice is not left out because the last one is still under way", async () => {
    const { store, clock, wait, deliver } = await withOutage();
    const first = await store.outbox.claim("ada", clock.now, MINUTE);
    await wait(HOUR);
    if (first !== undefined) await store.outbox.delivered(first, { messageId: "first" }, clock.now);
    const [again] = await deliver();
    expect(again?.message.notices).toMatchObject([{ kind: "outage", details: { isOngoing: true } }]);
  });

  test("ALERTS 31: the ops room is notified of every scope separately", async () => {
    const { sweep, bind, watch, store, clock, runScheduled, queued, deliver } = await withOutage("ops");
    await bind("lab", "partner");
    await watch("lab");
    await sweep([globex(GOOD)], { scope: "partner" });
    await store.outbox.recordReadFailure("partner", REFUSED, clock.now);
    await runScheduled();
    expect(await queued("ops")).toEqual(["outage", "outage"]);
    await sweep([acme(GOOD), globex(GOOD)]);
    expect(await queued("ops")).toEqual(["outage"]);
    await deliver();
    await sweep([globex(GOOD)], { scope: "partner" });
    expect(await queued("ops")).toEqual(["outage-end"]);
    expect(await queued("hq")).toEqual([]);
  });

  test("ALERTS 31: a space that is bound to another scope is not notified of the outage of the old one", async () => {
    const { bind, queued } = await withOutage();
    expect(await queued("hq")).toEqual(["outage"]);
    await bind("hq", "partner");
    expect(await queued("hq")).toEqual(["baseline"]);
  });

  test("ALERTS 31: a resumed sweep ends an outage and opens alerts, but closes none", async () => {
    const { sweep, quickPoll, all } = await opened();
    await sweep([acme(GOOD), globex(GOOD)]);
    await quickPoll([globex(BAD)]);
    await sweep([acme(BAD), globex(GOOD)], { end: { resumed: true } });
    expect(await all()).toMatchObject([
      { key: { customerId: "globex" }, state: "open" },
      { key: { customerId: "acme" }, state: "open" },
    ]);
  });

  test("ALERTS 16: after a long time away there is one catch-up, after the first complete sweep", async () => {
    const { watch, recordPage, sweep, deliver, queued, clock } = await opened();
    await sweep([acme(GOOD), globex(GOOD)]);
    await watch("hq");
    await deliver();
    clock.now += DAY;
    clock.runningSince = clock.now;
    const late = { awayMs: 7 * HOUR };
    await sweep([acme(BAD), globex(BAD)], { ...late, end: { state: "failed", cause: "http.500" } });
    await recordPage([globex(BAD)], late);
    expect(await queued("hq")).toEqual(["catch-up"]);
    expect(await deliver()).toEqual([]);
    await sweep([acme(BAD), globex(BAD)], late);
    const deliveries = await deliver();
    expect(describeDeliveries(deliveries)).toEqual(["hq: catch-up acme.calling globex.calling"]);
    expect(deliveries[0]?.message.notices[0]?.details).toEqual({ awayMs: 7 * HOUR });
    expect(await queued("hq")).toEqual([]);
  });

  test("ALERTS 16, 30: the catch-up does not become the root of an alert that has a card", async () => {
    const { watch, sweep, deliver, deliverAll, clock, store } = await opened();
    await sweep([acme(GOOD), globex(GOOD)]);
    await watch("hq");
    await deliver();
    await sweep([acme(BAD), globex(GOOD)]);
    await deliverAll();
    const cards = await store.alerts.cardsOf([1]);
    clock.now += DAY;
    clock.runningSince = clock.now;
    const late = { awayMs: 7 * HOUR };
    await sweep([globex(BAD)], { ...late, end: { state: "failed", cause: "http.500" } });
    for (const _ of [1, 2]) await sweep([acme(GOOD), globex(BAD)], late);
    expect(describeDeliveries(await deliver())).toEqual(["hq: catch-up acme.calling globex.calling"]);
    expect(await store.alerts.cardsOf([1])).toEqual(cards);
  });

  test("ALERTS 16: after a long time away without changes nothing is sent", async () => {
    const { watch, sweep, deliver, queued } = await opened();
    await sweep([acme(GOOD)]);
    await watch("hq");
    await deliver();
    await sweep([acme(GOOD)], { awayMs: 7 * HOUR });
    expect(await deliver()).toEqual([]);
    expect(await queued("hq")).toEqual([]);
  });

  test("ALERTS 16: the catch-up of a space without watches is cancelled", async () => {
    const { watch, unwatch, sweep, deliver, queued, change } = await opened();
    await sweep([acme(GOOD)]);
    await watch("hq");
    await deliver();
    await sweep([acme(BAD)], { awayMs: 7 * HOUR, end: { state: "failed", cause: "http.500" } });
    await unwatch("hq");
    await change("hq", { kind: "drill" });
    expect(await queued("hq")).toEqual(["alert #2"]);
  });

  test("a: after a dead baseline its alerts are enqueued one by one", async () => {
    const { watch, sweep, queued, store, clock } = await opened();
    await watch("hq");
    await sweep([acme(BAD), globex(GOOD)]);
    const message = await store.outbox.claim("ada", clock.now, MINUTE);
    if (message === undefined) throw new Error("Nothing was due.");
    await store.outbox.failed(message, { kind: "rejected" }, clock.now, 0);
    expect(await queued("hq")).toEqual(["alert #1"]);
  });
});
