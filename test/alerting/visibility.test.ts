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
    await harness.refuse();
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

  test("ALERTS 15, 31: errors that a page finds during the first outage belong to the baseline", async () => {
    const { refuse, recordPage, runScheduled, all } = await opened();
    await refuse();
    await runScheduled();
    await recordPage([acme(BAD)]);
    expect(await all()).toMatchObject([{ state: "open", baseline: true }]);
  });

  test("ALERTS 15: a failed sweep is no baseline", async () => {
    const { watch, sweep, queued, deliver } = await opened();
    await watch("hq");
    await sweep([acme(BAD)], { end: { state: "failed", cause: "http.500" } });
    await sweep([acme(BAD)], { end: { state: "suspect" } });
    expect(describeDeliveries(await deliver())).toEqual(["hq: outage"]);
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

  test("ALERTS 31: during an outage what is seen opens and heals, and nothing is removed", async () => {
    const { recordPage, quickPoll, lookup, all, queued, deliver, store } = await withOutage();
    await deliver();
    await recordPage([acme(BAD)]);
    expect(await all()).toMatchObject([{ state: "open", baseline: false }]);
    expect(await queued("hq")).toEqual(["alert #1"]);
    await quickPoll([globex(BAD)]);
    await quickPoll([acme(GOOD)]);
    await lookup([acme(GOOD)]);
    await lookup([], ["globex"]);
    expect(await all()).toMatchObject([{ state: "closed", reason: "recovered" }, { state: "open" }]);
    expect((await store.snapshot.get("", "globex")).length).toBe(1);
    expect((await store.alerts.visibility("")).outage).toBeDefined();
  });

  test("ALERTS 14, 31: during an outage a package that a look-up does not find is not removed", async () => {
    const { sweep, lookup, refuse, runScheduled, all } = await opened();
    const without = customerOf("acme", { suite: GOOD });
    await sweep([acme(BAD)]);
    for (const _ of [1, 2]) await sweep([without]);
    await refuse();
    await runScheduled();
    await lookup([without]);
    expect(await all()).toMatchObject([{ state: "open", absentSweeps: 2 }]);
  });

  const gone = (known: number) => ({ known, absent: known, lookedUp: 10, found: 0, gone: 10, isSinglePage: true });

  test("ALERTS 6, 31: a suspect sweep begins an outage at once, which a believed one ends", async () => {
    const { endSweep, sweep, watch, deliver, queued, store, clock } = await opened("ops");
    await sweep([acme(GOOD), globex(GOOD)]);
    await watch("hq");
    await deliver();
    expect(await endSweep([], gone(4_000))).toMatchObject({ state: "suspect", absentTwice: [] });
    expect(await queued("hq")).toEqual(["outage"]);
    const [notice] = (await deliver()).flatMap(({ message }) => message.notices);
    expect(notice?.details).toMatchObject({
      cause: "list.suspect",
      since: clock.now,
      list: { known: 4_000, present: 0, mayBeTrue: true },
    });
    expect((await store.snapshot.age("")).current).toMatchObject({ state: "suspect" });
    expect(await endSweep([acme(GOOD), globex(GOOD)], { ...gone(2), absent: 0, lookedUp: 0, gone: 0 })).toMatchObject({
      state: "complete",
    });
    expect(await queued("hq")).toEqual(["outage-end"]);
    expect((await store.alerts.visibility("")).doubt).toBeUndefined();
  });

  test("ALERTS 6: a person confirms that many customers are gone, which is believed after an hour", async () => {
    const { endSweep, sweep, change, store, clock } = await opened();
    await sweep([acme(GOOD), globex(GOOD)]);
    await endSweep([], gone(4_000));
    await change("hq", { kind: "confirm absence", by: "Olga" });
    clock.now += 30 * MINUTE;
    expect(await endSweep([], gone(4_000))).toMatchObject({ state: "suspect" });
    clock.now += 30 * MINUTE;
    expect(await endSweep([], gone(4_000))).toMatchObject({ state: "complete" });
    expect(await store.alerts.visibility("")).toMatchObject({ doubt: { isBelieved: true, confirmedBy: "Olga" } });
    expect((await store.alerts.visibility("")).outage).toBeUndefined();
    expect(await endSweep([], gone(4_000))).toMatchObject({ state: "complete", absentTwice: ["acme", "globex"] });
  });

  test("ALERTS 6: what no list says is not confirmed", async () => {
    const { sweep, change, store } = await opened();
    await sweep([acme(GOOD)]);
    await change("hq", { kind: "confirm absence", by: "Olga" });
    expect((await store.alerts.visibility("")).doubt).toBeUndefined();
  });

  test("ALERTS 31: after an outage its end is notified with the number of changes that were found", async () => {
    const { recordPage, sweep, all, deliver, queued, wait } = await withOutage("ops");
    expect(describeDeliveries(await deliver()).toSorted()).toEqual(["hq: outage", "ops: outage"]);
    await recordPage([acme(BAD)]);
    await deliver();
    await wait(42 * MINUTE);
    await deliver();
    await sweep([acme(BAD), customerOf("globex", { "*": "error", calling: BAD })]);
    expect(await all()).toHaveLength(3);
    const deliveries = await deliver();
    expect(describeDeliveries(deliveries).toSorted()).toEqual(["hq: outage-end", "ops: outage-end"]);
    expect(await queued("hq")).toEqual(["alert #3"]);
    expect(deliveries[0]?.message.notices[0]?.details).toMatchObject({
      awayMs: 42.5 * MINUTE + 1,
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

  test("ALERTS 29, 31: a refused outage notice is tried again soon, and not after the outage", async () => {
    const { store, clock, wait, runScheduled, sweep, queued, deliver, change } = await withOutage();
    for (const ms of [MINUTE, 5 * MINUTE]) {
      const refused = await store.outbox.claim("ada", clock.now, MINUTE);
      if (refused === undefined) throw new Error("Nothing was due.");
      await store.outbox.failed(refused, { kind: "rejected" }, clock.now, 0);
      await wait(ms);
      await runScheduled();
      expect(await queued("hq")).toEqual(["outage"]);
    }
    const refused = await store.outbox.claim("ada", clock.now, MINUTE);
    if (refused === undefined) throw new Error("Nothing was due.");
    await store.outbox.failed(refused, { kind: "rejected" }, clock.now, 0);
    await sweep([acme(GOOD), globex(GOOD)]);
    await change("hq", { kind: "send again" });
    expect(describeDeliveries(await deliver())).toEqual([]);
  });

  test("ALERTS 31: the ops room is notified of every scope separately", async () => {
    const { sweep, bind, watch, refuse, runScheduled, queued, deliver } = await withOutage("ops");
    await bind("lab", "partner");
    await watch("lab");
    await sweep([globex(GOOD)], { scope: "partner" });
    await refuse("partner");
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

  test("ALERTS 16, 30: after a catch-up the card of an alert that it tells of shows its end", async () => {
    const { watch, sweep, deliver, deliverAll, clock, store } = await opened();
    await sweep([acme(GOOD), globex(GOOD)]);
    await watch("hq");
    await deliver();
    await sweep([acme(BAD), globex(GOOD)]);
    expect(describeDeliveries(await deliverAll())).toEqual(["hq: alert acme.calling"]);
    clock.now += DAY;
    clock.runningSince = clock.now;
    const late = { awayMs: 7 * HOUR };
    await sweep([globex(BAD)], { ...late, end: { state: "failed", cause: "http.500" } });
    for (const _ of [1, 2]) await sweep([acme(GOOD), globex(BAD)], late);
    expect(describeDeliveries(await deliver())).toEqual(["hq: catch-up acme.calling globex.calling"]);
    expect(await store.outbox.claimEdit(clock.now + HOUR, MINUTE)).toMatchObject({ messageId: "m2", isOver: true });
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
