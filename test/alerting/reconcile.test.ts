import { expect, test } from "vitest";
import { buildMessage } from "../../src/domain/alerts/messages.ts";
import { customerOf, fieldFilter, problemWithCode } from "../support/alert-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { MINUTE } from "../support/time.ts";
import { ackChange, openTables } from "./alert-fixtures.ts";
import { describeDeliveries } from "./deliver-messages.ts";
import { openEngineHarness } from "./engine-harness.ts";

/** Desired against notified, and the notices that follow (ALERTS 18 to 20, 26). */

const acme = (calling: string, more: Readonly<Record<string, string>> = {}) =>
  customerOf("acme", { calling, ...more }, [problemWithCode(2560)]);
const globex = (calling: string) => customerOf("globex", { calling });
const [GOOD, BAD, MOVING] = ["provisioned", "error", "updating"];

onEveryDatabase((database) => {
  /** A room that watches everything and got its baseline. */
  async function watching() {
    const harness = openEngineHarness(await database.open());
    await harness.sweep([acme(GOOD), globex(GOOD)]);
    await harness.watch("hq");
    await harness.deliver();
    harness.clock.now += MINUTE;
    const { db } = await openTables(database);
    const rows = () => db.selectFrom("outbox").selectAll().where("urgent", "=", 0).orderBy("id").execute();
    const queue = () => db.selectFrom("recipientQueues").selectAll().where("recipient", "=", "hq").executeTakeFirst();
    return { ...harness, rows, queue };
  }

  test("ALERTS 19: a new alert is enqueued with its page", async () => {
    const { recordPage, queued, rows, clock } = await watching();
    await recordPage([acme(BAD)]);
    expect(await queued("hq")).toEqual(["alert #1"]);
    expect(await rows()).toMatchObject([
      { recipient: "hq", state: "pending", generation: 1, regression: 1, queuedAt: clock.now, details: "{}" },
    ]);
  });

  test("ALERTS 20: a notice waits for its window, unless its package was GOOD before and the space is quiet", async () => {
    const { recordPage, queue, clock, deliver, wait } = await watching();
    await recordPage([acme(BAD)]);
    expect((await queue())?.dueAt).toBe(clock.now + 30_000);
    await wait(MINUTE);
    expect(describeDeliveries(await deliver())).toEqual(["hq: alert acme.calling"]);
    expect((await queue())?.dueAt).toBeNull();
    await recordPage([globex(BAD)]);
    expect((await queue())?.dueAt).toBe(clock.now + 5 * MINUTE);
  });

  test("ALERTS 20: a queued notice that cancels out is dropped and counted", async () => {
    const { recordPage, mute, queued, queue, store } = await watching();
    await recordPage([acme(BAD)]);
    await mute("hq");
    expect(await queued("hq")).toEqual([]);
    expect((await queue())?.dueAt).toBeNull();
    expect(await store.outbox.state()).toMatchObject({ waiting: 0, cancelled: 1 });
  });

  test("ALERTS 19: one notice waits for each alert, with its present kind and its first time", async () => {
    const { recordPage, quickPoll, rows, deliverAll, clock } = await watching();
    await recordPage([acme(BAD)]);
    await deliverAll();
    const first = clock.now;
    await quickPoll([acme(MOVING)]);
    await quickPoll([acme(BAD)]);
    clock.now += 1;
    for (const _ of [1, 2]) await quickPoll([acme(GOOD)]);
    const waiting = (await rows()).filter(({ state }) => state === "pending");
    expect(waiting).toMatchObject([{ kind: "recovery", generation: 3, queuedAt: first }]);
  });

  test("ALERTS 13: a package that heals before its fourth error is told is told as flapping, never as recovered", async () => {
    const { sweep, deliverAll, deliver, wait, clock } = await watching();
    const fail = () => sweep([acme(BAD), globex(GOOD)]);
    const heal = async () => {
      for (const _ of [1, 2]) await sweep([acme(GOOD), globex(GOOD)]);
    };
    for (const _ of [1, 2, 3]) {
      await fail();
      await deliverAll();
      await heal();
      await deliverAll();
    }
    await fail();
    await heal();
    const deliveries = await deliverAll();
    expect(describeDeliveries(deliveries)).toEqual(["hq: flapping acme.calling"]);
    const [view] = deliveries.map(({ message }) => buildMessage(message, clock.now).view);
    expect(view).toMatchObject({ kind: "alert", update: "flapping", alert: { state: "closed", flapping: {} } });
    await fail();
    await wait(10 * MINUTE);
    expect(await deliver()).toEqual([]);
  });

  test("ALERTS 26: a cancelled notice that is required again uses its old row", async () => {
    const { recordPage, mute, unmute, rows, clock } = await watching();
    await recordPage([acme(BAD)]);
    await mute("hq");
    expect(await rows()).toMatchObject([{ state: "cancelled" }]);
    clock.now += 1;
    await unmute("hq");
    expect(await rows()).toMatchObject([{ state: "pending", queuedAt: clock.now }]);
  });

  test("ALERTS 23: an alert that is open when a mute ends is notified with a mark, and its recovery without", async () => {
    const { recordPage, quickPoll, mute, unmute, queued, deliverAll, clock } = await watching();
    await mute("hq", fieldFilter("code", "2560"));
    await recordPage([acme(BAD), globex(BAD)]);
    expect(await queued("hq")).toEqual(["alert #2"]);
    clock.now += MINUTE;
    await unmute("hq");
    const deliveries = await deliverAll();
    expect(describeDeliveries(deliveries)).toEqual(["hq: alert acme.calling globex.calling"]);
    expect(deliveries[0]?.message.notices.map(({ details }) => details)).toEqual([{}, { wasMuted: true }]);
    await mute("hq");
    for (const _ of [1, 2]) await quickPoll([acme(GOOD)]);
    expect(await queued("hq")).toEqual(["recovery #1"]);
  });

  test("ALERTS 23: a mute that was ended does not count for a page with an older time", async () => {
    const { recordPage, mute, unmute, queued, clock } = await watching();
    await recordPage([acme(BAD)]);
    await mute("hq");
    clock.now += MINUTE;
    await unmute("hq");
    clock.now -= 1;
    await recordPage([customerOf("acme", { calling: BAD }, [problemWithCode(2561)])]);
    expect(await queued("hq")).toEqual(["alert #1"]);
  });

  test("ALERTS 23: a mute ends at its time", async () => {
    const { recordPage, mute, queued, wait } = await watching();
    await mute("hq", [], 10 * MINUTE);
    await recordPage([acme(BAD)]);
    await wait(10 * MINUTE - 1);
    expect(await queued("hq")).toEqual([]);
    await wait(1);
    expect(await queued("hq")).toEqual(["alert #1"]);
  });

  test("ALERTS 2: the alert of a customer is inhibited while one of its packages is open, and notified after that", async () => {
    const { recordPage, quickPoll, queued, all } = await watching();
    await recordPage([acme(BAD, { "*": "error" })]);
    expect((await all()).map(({ key }) => key.item)).toEqual(["*", "calling"]);
    expect(await queued("hq")).toEqual(["alert #2"]);
    for (const _ of [1, 2]) await quickPoll([acme(GOOD, { "*": "error" })]);
    expect(await queued("hq")).toEqual(["came-and-went #2", "alert #1"]);
  });

  test("ALERTS 2: an alert of a customer that was notified stays when one of its packages opens", async () => {
    const { recordPage, queued, deliverAll } = await watching();
    await recordPage([acme(GOOD, { "*": "error" })]);
    expect(describeDeliveries(await deliverAll())).toEqual(["hq: alert acme.*"]);
    await recordPage([acme(BAD, { "*": "error" })]);
    expect(await queued("hq")).toEqual(["alert #2"]);
  });

  test("ALERTS 19: after the last watch nothing new is enqueued, but the ends of notified alerts", async () => {
    const { recordPage, quickPoll, unwatch, queued, deliverAll } = await watching();
    await recordPage([acme(BAD)]);
    await deliverAll();
    await recordPage([globex(BAD)]);
    await unwatch("hq");
    expect(await queued("hq")).toEqual([]);
    for (const _ of [1, 2]) await quickPoll([acme(GOOD), globex(GOOD)]);
    expect(await queued("hq")).toEqual(["recovery #1"]);
  });

  test("ALERTS 18: each space gets the notices of its own watches", async () => {
    const { recordPage, watch, queued, deliver } = await watching();
    await watch("lab", fieldFilter("name", "nobody"));
    await watch("noc", fieldFilter("externalId", "globex"));
    await deliver();
    await recordPage([acme(BAD), globex(BAD)]);
    expect(await queued("hq")).toEqual(["alert #1", "alert #2"]);
    expect(await queued("lab")).toEqual([]);
    expect(await queued("noc")).toEqual(["alert #2"]);
  });

  test("ALERTS 28: a claimed notice stays as it is, and a change is enqueued once it is delivered", async () => {
    const { recordPage, quickPoll, store, queued, clock, wait } = await watching();
    await recordPage([acme(BAD)]);
    await wait(MINUTE);
    const message = await store.outbox.claim("ada", clock.now, MINUTE);
    if (message === undefined) throw new Error("Nothing was due.");
    for (const _ of [1, 2]) await quickPoll([acme(GOOD)]);
    expect(await queued("hq")).toEqual(["alert #1"]);
    await store.outbox.delivered(message, { messageId: "m" }, clock.now);
    expect(await queued("hq")).toEqual(["recovery #1"]);
  });

  test("ALERTS g, 23: a card that shows a muted error shows its end too, of which nothing is told", async () => {
    const { recordPage, quickPoll, deliverAll, mute, change, clock, store } = await watching();
    /** The edits that are due, each with the states that the card shows then. */
    const edit = async () => {
      const card = await store.outbox.claimEdit(clock.now, MINUTE);
      if (card === undefined) return [];
      await store.outbox.recordEdit(card, "shown", clock.now);
      return card.shown.map(({ alert }) => alert.state);
    };
    await recordPage([acme(BAD), globex(BAD)]);
    await deliverAll();
    for (const _ of [1, 2]) await quickPoll([acme(GOOD), globex(BAD)]);
    await deliverAll();
    expect(await edit()).toEqual(["closed", "open"]);
    await mute("hq", fieldFilter("code", "2560"));
    await edit();
    await recordPage([acme(BAD), globex(BAD)]);
    await change("hq", ackChange("ada", [2], clock.now));
    expect(await edit()).toEqual(["open", "open"]);
    for (const _ of [1, 2]) await quickPoll([acme(GOOD), globex(BAD)]);
    expect(await edit()).toEqual(["closed", "open"]);
    expect(await deliverAll()).toEqual([]);
    expect(await edit()).toEqual([]);
  });

  test("ALERTS 29: nothing is enqueued for a suspended space until the bot is back in it", async () => {
    const { recordPage, quickPoll, store, queued, clock, deliver } = await watching();
    await store.outbox.suspend("hq", "removed", clock.now);
    await recordPage([acme(BAD)]);
    expect(await queued("hq")).toEqual([]);
    await store.outbox.resume("hq", clock.now);
    expect(await queued("hq")).toEqual(["baseline"]);
    expect(describeDeliveries(await deliver())).toContain("hq: baseline acme.calling");
    for (const _ of [1, 2]) await quickPoll([acme(GOOD)]);
    expect(await queued("hq")).toEqual(["recovery #1"]);
  });

  test("a drill is enqueued for its own space only, whatever that watches, and is not listed", async () => {
    const { change, queued, all, store, deliverAll } = await watching();
    await change("lab", { kind: "drill" });
    expect(await queued("lab")).toEqual(["alert #1"]);
    expect(await queued("hq")).toEqual([]);
    expect(await all()).toEqual([]);
    expect(await store.alerts.active("")).toEqual([]);
    expect((await deliverAll()).map(({ to, kinds }) => [to, ...kinds])).toEqual([
      ["lab", "alert"],
      ["lab", "recovery"],
    ]);
  });
});
