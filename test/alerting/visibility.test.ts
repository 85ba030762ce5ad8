import { expect, test } from "vitest";
import { DAY, MINUTE } from "../store/sweep-fixtures.ts";
import { customerOf, HOUR } from "../support/alert-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { describeDeliveries } from "./deliver-messages.ts";
import { openEngineHarness } from "./engine-harness.ts";

/** First sight, no sight, and sight again (ALERTS 15, 16, 31). */

const acme = (calling: string) => customerOf("acme", { calling });
const globex = (calling: string) => customerOf("globex", { calling });
const [GOOD, BAD] = ["provisioned", "error"];
const REFUSED = { cause: "wholesale.unauthorized", refused: true };

onEveryDatabase((database) => {
  async function opened(opsRoomId?: string) {
    return openEngineHarness(await database.open(opsRoomId === undefined ? {} : { opsRoomId }));
  }

  /** A space that watches everything and knows that all is well; then the token is refused. */
  async function blinded(opsRoomId?: string) {
    const stage = await opened(opsRoomId);
    await stage.sweep([acme(GOOD), globex(GOOD)]);
    await stage.watch("hq");
    await stage.deliver();
    await stage.wait(MINUTE);
    await stage.store.outbox.recordReadFailure("", REFUSED, stage.clock.now);
    await stage.tick();
    return stage;
  }

  test("ALERTS 15: what is in error before anybody looked opens silently, and is told on one card", async () => {
    const { watch, page, sweep, owed, all, deliver } = await opened();
    await watch("hq");
    await page([acme(BAD)]);
    expect(await owed("hq")).toEqual(["baseline"]);
    expect(await deliver()).toEqual([]);
    await sweep([acme(BAD), globex(BAD)]);
    expect(await all()).toMatchObject([{ baseline: true }, { baseline: true }]);
    const told = await deliver();
    expect(describeDeliveries(told)).toEqual(["hq: baseline acme.calling globex.calling"]);
    expect(told[0]?.message.customerCount).toBe(2);
    expect(await owed("hq")).toEqual([]);
  });

  test("ALERTS 15: what was read before there were alerts is held against the first complete sweep", async () => {
    const { page, sweep, all, store, clock } = await opened();
    await store.outbox.recordReadFailure("", REFUSED, clock.now);
    await store.outbox.runScheduled({ now: clock.now, runningSince: clock.now, sweepIntervalMs: 5 * MINUTE });
    await page([acme(BAD)]);
    expect(await all()).toEqual([]);
    await sweep([acme(BAD)]);
    expect(await all()).toMatchObject([{ state: "open", baseline: true }]);
  });

  test("ALERTS 15: a failed sweep is no baseline", async () => {
    const { watch, sweep, owed, deliver } = await opened();
    await watch("hq");
    await sweep([acme(BAD)], { end: { state: "failed", cause: "http.500" } });
    await sweep([acme(BAD)], { end: { state: "suspect" } });
    expect(await deliver()).toEqual([]);
    expect(await owed("hq")).toEqual(["baseline"]);
  });

  test("ALERTS 15: a space that is bound to another scope is told what is in error there, and no more of the old one", async () => {
    const { watch, page, look, sweep, bind, owed, deliver } = await opened();
    await sweep([acme(GOOD)]);
    await watch("hq");
    await deliver();
    await page([acme(BAD)]);
    await bind("hq", "partner");
    expect(await owed("hq")).toEqual(["baseline"]);
    expect(await deliver()).toEqual([]);
    await sweep([globex(BAD)], { scope: "partner" });
    expect(describeDeliveries(await deliver())).toEqual(["hq: baseline globex.calling"]);
    for (const _ of [1, 2]) await look([acme(GOOD)]);
    expect(await owed("hq")).toEqual([]);
  });

  test("ALERTS 31: a scope that no space was bound to is not blind when one is, and begins anew", async () => {
    const { sweep, watch, bind, wait, owed, deliver, clock } = await opened();
    await watch("hq");
    await bind("hq", "partner");
    await sweep([globex(GOOD)], { scope: "partner" });
    await deliver();
    await bind("hq", "");
    clock.now += 2 * DAY;
    await bind("hq", "partner");
    await wait(MINUTE);
    expect(await owed("hq")).toEqual(["baseline"]);
    expect(await deliver()).toEqual([]);
    await sweep([globex(BAD)], { scope: "partner" });
    expect(describeDeliveries(await deliver())).toEqual(["hq: baseline globex.calling"]);
  });

  test("ALERTS 31: while the bot is blind nothing opens, closes or is removed", async () => {
    const { page, look, lookUp, all, store } = await blinded();
    await page([acme(BAD)]);
    await look([acme(BAD)]);
    expect(await all()).toEqual([]);
    await lookUp([], ["globex"]);
    expect((await store.snapshot.get("", "globex")).length).toBe(1);
    expect((await store.alerts.visibility("")).outage).toBeDefined();
  });

  test("ALERTS 31: on sight again everything is held against what is, and whoever was told hears how much it was", async () => {
    const { page, sweep, all, deliver, owed, wait } = await blinded("ops");
    expect(describeDeliveries(await deliver()).toSorted()).toEqual(["hq: outage", "ops: outage"]);
    await page([acme(BAD)]);
    await wait(42 * MINUTE);
    await sweep([acme(BAD), customerOf("globex", { "*": "error", calling: BAD })]);
    expect(await all()).toHaveLength(3);
    expect((await owed("hq")).toSorted()).toEqual(["alert #1", "alert #3", "outage-end"]);
    const told = await deliver();
    expect(describeDeliveries(told).toSorted()).toEqual(["hq: outage-end", "ops: outage-end"]);
    expect(told[0]?.message.notices[0]?.details).toMatchObject({
      awayMs: 42 * MINUTE + 1,
      changes: 2,
      scope: "",
    });
  });

  test("ALERTS 31: whoever was not told of it yet hears neither of it nor of its end", async () => {
    const { sweep, owed, store } = await blinded("ops");
    expect(await owed("hq")).toEqual(["outage"]);
    await sweep([acme(GOOD), globex(GOOD)]);
    expect(await owed("hq")).toEqual([]);
    expect(await owed("ops")).toEqual([]);
    expect((await store.alerts.visibility("")).outage).toBeUndefined();
  });

  test("ALERTS 31: the ops room hears of every scope by itself", async () => {
    const { sweep, bind, watch, store, clock, tick, owed, deliver } = await blinded("ops");
    await bind("lab", "partner");
    await watch("lab");
    await sweep([globex(GOOD)], { scope: "partner" });
    await store.outbox.recordReadFailure("partner", REFUSED, clock.now);
    await tick();
    expect(await owed("ops")).toEqual(["outage", "outage"]);
    await sweep([acme(GOOD), globex(GOOD)]);
    expect(await owed("ops")).toEqual(["outage"]);
    await deliver();
    await sweep([globex(GOOD)], { scope: "partner" });
    expect(await owed("ops")).toEqual(["outage-end"]);
    expect(await owed("hq")).toEqual([]);
  });

  test("ALERTS 31: a space that sees another scope by now does not hear that nobody sees the old one", async () => {
    const { bind, owed } = await blinded();
    expect(await owed("hq")).toEqual(["outage"]);
    await bind("hq", "partner");
    expect(await owed("hq")).toEqual(["baseline"]);
  });

  test("ALERTS 31: a resumed sweep gives sight back, opens, and closes nothing that it may not have seen", async () => {
    const { sweep, look, all } = await opened();
    await sweep([acme(GOOD), globex(GOOD)]);
    await look([globex(BAD)]);
    await sweep([acme(BAD), globex(GOOD)], { end: { resumed: true } });
    expect(await all()).toMatchObject([
      { key: { customerId: "globex" }, state: "open" },
      { key: { customerId: "acme" }, state: "open" },
    ]);
  });

  test("ALERTS 16: away for long, everything that was found is told at once, when everything has been read", async () => {
    const { watch, page, sweep, deliver, owed, clock } = await opened();
    await sweep([acme(GOOD), globex(GOOD)]);
    await watch("hq");
    await deliver();
    clock.now += DAY;
    clock.runningSince = clock.now;
    const late = { awayMs: 7 * HOUR };
    await sweep([acme(BAD), globex(BAD)], { ...late, end: { state: "failed", cause: "http.500" } });
    await page([globex(BAD)], late);
    expect(await owed("hq")).toEqual(["catch-up"]);
    expect(await deliver()).toEqual([]);
    await sweep([acme(BAD), globex(BAD)], late);
    const told = await deliver();
    expect(describeDeliveries(told)).toEqual(["hq: catch-up acme.calling globex.calling"]);
    expect(told[0]?.message.notices[0]?.details).toEqual({ awayMs: 7 * HOUR });
    expect(await owed("hq")).toEqual([]);
  });

  test("ALERTS 16: away for long, and nothing has changed: nothing is said", async () => {
    const { watch, sweep, deliver, owed } = await opened();
    await sweep([acme(GOOD)]);
    await watch("hq");
    await deliver();
    await sweep([acme(GOOD)], { awayMs: 7 * HOUR });
    expect(await deliver()).toEqual([]);
    expect(await owed("hq")).toEqual([]);
  });

  test("ALERTS 16: a space that watches no more waits for no catch-up either", async () => {
    const { watch, unwatch, sweep, deliver, owed, change } = await opened();
    await sweep([acme(GOOD)]);
    await watch("hq");
    await deliver();
    await sweep([acme(BAD)], { awayMs: 7 * HOUR, end: { state: "failed", cause: "http.500" } });
    await unwatch("hq");
    await change("hq", { kind: "drill" });
    expect(await owed("hq")).toEqual(["alert #2"]);
  });

  test("a: a baseline that was given up leaves to be told one by one what it stood for", async () => {
    const { watch, sweep, owed, store, clock } = await opened();
    await watch("hq");
    await sweep([acme(BAD), globex(GOOD)]);
    const flush = await store.outbox.claim("postman", clock.now, MINUTE);
    if (flush === undefined) throw new Error("Nothing was due.");
    await store.outbox.failed(flush, { kind: "refused" }, clock.now, 0);
    expect(await owed("hq")).toEqual(["alert #1"]);
  });
});
