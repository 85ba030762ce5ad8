import { expect, test } from "vitest";
import { MINUTE } from "../store/sweep-fixtures.ts";
import { customerOf, fieldFilter, problemWithCode } from "../support/alert-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { openTables } from "./alert-fixtures.ts";
import { describeDeliveries } from "./deliver-messages.ts";
import { openEngineHarness } from "./engine-harness.ts";

/** What a space is owed: the difference between what it should believe and what it was told (ALERTS 18 to 20, 26). */

const acme = (calling: string, more: Readonly<Record<string, string>> = {}) =>
  customerOf("acme", { calling, ...more }, [problemWithCode(2560)]);
const globex = (calling: string) => customerOf("globex", { calling });
const [GOOD, BAD, MOVING] = ["provisioned", "error", "updating"];

onEveryDatabase((database) => {
  /** A space that watches everything and knows that all is well. */
  async function watching() {
    const stage = openEngineHarness(await database.open());
    await stage.sweep([acme(GOOD), globex(GOOD)]);
    await stage.watch("hq");
    await stage.deliver();
    stage.clock.now += MINUTE;
    const { db } = await openTables(database);
    const rows = () => db.selectFrom("outbox").selectAll().where("urgent", "=", 0).orderBy("id").execute();
    const line = () => db.selectFrom("recipientQueues").selectAll().where("recipient", "=", "hq").executeTakeFirst();
    return { ...stage, rows, line };
  }

  test("ALERTS 19: what opens is owed, with the page that it was seen in", async () => {
    const { page, owed, rows, clock } = await watching();
    await page([acme(BAD)]);
    expect(await owed("hq")).toEqual(["alert #1"]);
    expect(await rows()).toMatchObject([
      { recipient: "hq", state: "pending", generation: 1, regression: 1, queuedAt: clock.now, details: "{}" },
    ]);
  });

  test("ALERTS 20: it waits for its window, and hurries where a package was good and the space is quiet", async () => {
    const { page, line, clock, deliver, wait } = await watching();
    await page([acme(BAD)]);
    expect((await line())?.dueAt).toBe(clock.now + 30_000);
    await wait(MINUTE);
    expect(describeDeliveries(await deliver())).toEqual(["hq: alert acme.calling"]);
    expect((await line())?.dueAt).toBeNull();
    await page([globex(BAD)]);
    expect((await line())?.dueAt).toBe(clock.now + 5 * MINUTE);
  });

  test("ALERTS 20: what cancels out before it is told is dropped and counted", async () => {
    const { page, look, owed, line, store } = await watching();
    await page([acme(BAD)]);
    for (const _ of [1, 2]) await look([acme(GOOD)]);
    expect(await owed("hq")).toEqual([]);
    expect((await line())?.dueAt).toBeNull();
    expect(await store.outbox.state()).toMatchObject({ waiting: 0, cancelled: 1 });
  });

  test("ALERTS 19: of an alert one notice waits, as what it is now, since it was owed first", async () => {
    const { page, look, rows, deliverAll, clock } = await watching();
    await page([acme(BAD)]);
    await deliverAll();
    const first = clock.now;
    await look([acme(MOVING)]);
    await look([acme(BAD)]);
    clock.now += 1;
    for (const _ of [1, 2]) await look([acme(GOOD)]);
    const waiting = (await rows()).filter(({ state }) => state === "pending");
    expect(waiting).toMatchObject([{ kind: "recovery", generation: 3, queuedAt: first }]);
  });

  test("ALERTS 26: what cancelled out and is so again is taken up in its row", async () => {
    const { page, mute, unmute, rows, clock } = await watching();
    await page([acme(BAD)]);
    await mute("hq");
    expect(await rows()).toMatchObject([{ state: "cancelled" }]);
    clock.now += 1;
    await unmute("hq");
    expect(await rows()).toMatchObject([{ state: "pending", queuedAt: clock.now }]);
  });

  test("ALERTS 23: what is still open when a mute ends is told as that, and its recovery as any other", async () => {
    const { page, look, mute, unmute, owed, deliverAll, clock } = await watching();
    await mute("hq", fieldFilter("code", "2560"));
    await page([acme(BAD), globex(BAD)]);
    expect(await owed("hq")).toEqual(["alert #2"]);
    clock.now += MINUTE;
    await unmute("hq");
    const told = await deliverAll();
    expect(describeDeliveries(told)).toEqual(["hq: alert acme.calling globex.calling"]);
    expect(told[0]?.message.notices.map(({ details }) => details)).toEqual([{}, { wasMuted: true }]);
    await mute("hq");
    for (const _ of [1, 2]) await look([acme(GOOD)]);
    expect(await owed("hq")).toEqual(["recovery #1"]);
  });

  test("ALERTS 23: a mute that has ended has ended, also for a page that had looked at the clock before", async () => {
    const { page, mute, unmute, owed, clock } = await watching();
    await page([acme(BAD)]);
    await mute("hq");
    clock.now += MINUTE;
    await unmute("hq");
    clock.now -= 1;
    await page([customerOf("acme", { calling: BAD }, [problemWithCode(2561)])]);
    expect(await owed("hq")).toEqual(["alert #1"]);
  });

  test("ALERTS 23: a mute ends by itself as well", async () => {
    const { page, mute, owed, wait } = await watching();
    await mute("hq", [], 10 * MINUTE);
    await page([acme(BAD)]);
    await wait(10 * MINUTE - 1);
    expect(await owed("hq")).toEqual([]);
    await wait(1);
    expect(await owed("hq")).toEqual(["alert #1"]);
  });

  test("ALERTS 2: a customer is held back while a package of it is open, and told when that is over", async () => {
    const { page, look, owed, all } = await watching();
    await page([acme(BAD, { "*": "error" })]);
    expect((await all()).map(({ key }) => key.item)).toEqual(["*", "calling"]);
    expect(await owed("hq")).toEqual(["alert #2"]);
    for (const _ of [1, 2]) await look([acme(GOOD, { "*": "error" })]);
    expect(await owed("hq")).toEqual(["alert #1"]);
  });

  test("ALERTS 2: a customer that was told of is not taken back by a package that opens", async () => {
    const { page, owed, deliverAll } = await watching();
    await page([acme(GOOD, { "*": "error" })]);
    expect(describeDeliveries(await deliverAll())).toEqual(["hq: alert acme.*"]);
    await page([acme(BAD, { "*": "error" })]);
    expect(await owed("hq")).toEqual(["alert #2"]);
  });

  test("ALERTS 19: who stops watching is owed nothing new, and the end of what was told all the same", async () => {
    const { page, look, unwatch, owed, deliverAll } = await watching();
    await page([acme(BAD)]);
    await deliverAll();
    await page([globex(BAD)]);
    await unwatch("hq");
    expect(await owed("hq")).toEqual([]);
    for (const _ of [1, 2]) await look([acme(GOOD), globex(GOOD)]);
    expect(await owed("hq")).toEqual(["recovery #1"]);
  });

  test("ALERTS 18: every space is owed what its own watches want", async () => {
    const { page, watch, owed, deliver } = await watching();
    await watch("lab", fieldFilter("name", "nobody"));
    await watch("noc", fieldFilter("externalId", "globex"));
    await deliver();
    await page([acme(BAD), globex(BAD)]);
    expect(await owed("hq")).toEqual(["alert #1", "alert #2"]);
    expect(await owed("lab")).toEqual([]);
    expect(await owed("noc")).toEqual(["alert #2"]);
  });

  test("ALERTS 28: what is under way is left alone, and what has changed meanwhile is owed once it is through", async () => {
    const { page, look, store, owed, clock, wait } = await watching();
    await page([acme(BAD)]);
    await wait(MINUTE);
    const flush = await store.outbox.claim("postman", clock.now, MINUTE);
    if (flush === undefined) throw new Error("Nothing was due.");
    for (const _ of [1, 2]) await look([acme(GOOD)]);
    expect(await owed("hq")).toEqual(["alert #1"]);
    await store.outbox.delivered(flush, { messageId: "m" }, clock.now);
    expect(await owed("hq")).toEqual(["recovery #1"]);
  });

  test("ALERTS 22, 28: whoever takes an alert whose message is under way is on its card when it is through", async () => {
    const { page, change, store, clock, wait } = await watching();
    await page([acme(BAD), globex(BAD)]);
    await wait(MINUTE);
    const flush = await store.outbox.claim("postman", clock.now, MINUTE);
    if (flush === undefined) throw new Error("Nothing was due.");
    const ack = { personId: "olga", name: "Olga", at: clock.now, note: 'says "ack":' };
    await change("hq", { kind: "ack", alerts: [2], ack });
    expect(await store.outbox.delivered(flush, { messageId: "m" }, clock.now)).toEqual([2]);
  });

  test("ALERTS 29: a space that cannot be reached is owed nothing until the bot is back in it", async () => {
    const { page, look, store, owed, clock, deliver } = await watching();
    await store.outbox.suspend("hq", "removed", clock.now);
    await page([acme(BAD)]);
    expect(await owed("hq")).toEqual([]);
    await store.outbox.resume("hq", clock.now);
    expect(await owed("hq")).toEqual(["baseline"]);
    expect(describeDeliveries(await deliver())).toContain("hq: baseline acme.calling");
    for (const _ of [1, 2]) await look([acme(GOOD)]);
    expect(await owed("hq")).toEqual(["recovery #1"]);
  });

  test("a drill is owed to its own space alone, whatever that watches, and counts among no alerts", async () => {
    const { change, owed, all, store, deliverAll } = await watching();
    await change("lab", { kind: "drill" });
    expect(await owed("lab")).toEqual(["alert #1"]);
    expect(await owed("hq")).toEqual([]);
    expect(await all()).toEqual([]);
    expect(await store.alerts.active("")).toEqual([]);
    expect((await deliverAll()).map(({ to, kinds }) => [to, ...kinds])).toEqual([
      ["lab", "alert"],
      ["lab", "recovery"],
    ]);
  });
});
