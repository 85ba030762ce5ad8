import { expect, test } from "vitest";
import { NO_WATCH_OPTIONS } from "../../src/domain/alerts/watch.ts";
import type { Follow } from "../../src/domain/ports/alerting.ts";
import { NOON } from "../store/sweep-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { DAY, HOUR, MINUTE } from "../support/time.ts";
import {
  AFTER,
  ackChange,
  codeFilter,
  muteChange,
  openTables,
  queuedNotices,
  ROOM,
  sweptScope,
  watchChange,
} from "./alert-fixtures.ts";

onEveryDatabase((database) => {
  /** A space that watches everything and got its baseline. */
  async function watching(ids: readonly string[]) {
    const store = await database.open();
    const { sweep } = await sweptScope(store, ids);
    const tables = await openTables(database);
    await store.alerts.change(ROOM, watchChange(), NOON);
    await tables.postAll();
    return { store, sweep, ...tables, change: store.alerts.change };
  }

  test("watches count up in their space; the same filter again changes the rest of it and keeps its number", async () => {
    const { alerts } = await database.open();
    await alerts.change(ROOM, watchChange(), NOON);
    await alerts.change(ROOM, watchChange(codeFilter("2560")), NOON + 1);
    await alerts.change("quiet room", watchChange(codeFilter("2560")), NOON + 1);
    const options = { ...NO_WATCH_OPTIONS, stuck: true, removed: true, escalate: "boss@example.com" };
    await alerts.change(ROOM, { ...watchChange([], "bob"), options }, NOON + 2);
    expect((await alerts.roomState(ROOM)).watches).toEqual([
      { roomId: ROOM, number: 1, filter: [], options, ownerId: "bob", since: NOON },
      { ...watchNumbered(2), since: NOON + 1 },
    ]);
    expect((await alerts.roomState("quiet room")).watches).toMatchObject([{ number: 1 }]);
    await alerts.change(ROOM, { kind: "unwatch", number: 1 }, NOON + 3);
    await alerts.change(ROOM, { kind: "unwatch", number: 7 }, NOON + 3);
    expect((await alerts.roomState(ROOM)).watches).toMatchObject([{ number: 2 }]);
  });

  const watchNumbered = (number: number) => {
    const { kind: _, ...rest } = watchChange(codeFilter("2560"));
    return { roomId: ROOM, number, ...rest };
  };

  test("two watches at the same moment are two", async () => {
    const store = await database.open();
    const { alerts } = store;
    const filters = ["1", "2", "3", "4"].map(codeFilter);
    await Promise.all(filters.map((filter) => alerts.change(ROOM, watchChange(filter), NOON)));
    const { watches } = await alerts.roomState(ROOM);
    expect(watches.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    expect(new Set(watches.map(({ filter }) => JSON.stringify(filter))).size).toBe(4);
    expect(await queuedNotices(store)).toEqual(["baseline"]);
  });

  test("ALERTS 15: a watch gives its space one baseline, held until the first complete sweep", async () => {
    const store = await database.open();
    const { db } = await openTables(database);
    const states = () => db.selectFrom("outbox").select(["kind", "state", "urgent"]).execute();
    await store.alerts.change(ROOM, watchChange(), NOON - 1);
    await store.alerts.change(ROOM, watchChange(codeFilter("2560")), NOON - 1);
    expect(await states()).toEqual([{ kind: "baseline", state: "held", urgent: 1 }]);
    await sweptScope(store, ["a"]);
    expect(await states()).toEqual([{ kind: "baseline", state: "pending", urgent: 1 }]);
    await store.alerts.change("quiet room", watchChange(), AFTER);
    expect(await states()).toHaveLength(2);
    expect((await states()).every(({ state }) => state === "pending")).toBe(true);
  });

  test("ALERTS 15: the baseline of a new watch replaces the notices that wait", async () => {
    const { store, sweep, change, postAll } = await watching(["a", "b"]);
    await sweep(["a"], AFTER);
    expect(await queuedNotices(store)).toEqual(["alert #1"]);
    await change(ROOM, watchChange(codeFilter("2560")), AFTER + 1);
    expect(await queuedNotices(store)).toEqual(["baseline"]);
    await sweep(["a", "b"], AFTER + MINUTE);
    expect(await queuedNotices(store)).toEqual(["baseline"]);
    await postAll();
    await change(ROOM, watchChange(codeFilter("2560")), AFTER + 2 * MINUTE);
    expect(await queuedNotices(store)).toEqual(["baseline"]);
  });

  test("ALERTS 18: notices that only an ended watch wanted are cancelled; the end of a notified alert is still notified", async () => {
    const { store, sweep, change, markNotified } = await watching(["a", "b"]);
    await sweep(["a"], AFTER);
    await markNotified(ROOM, [1], "card");
    await sweep(["a", "b"], AFTER + MINUTE);
    expect(await queuedNotices(store)).toContain("alert #2");
    await change(ROOM, { kind: "unwatch", number: 1 }, AFTER + MINUTE);
    expect(await queuedNotices(store)).not.toContain("alert #2");
    for (const minutes of [2, 3]) await sweep(["b"], AFTER + minutes * MINUTE);
    // The space has no watches any more, but it was told of the alert.
    await change(ROOM, { kind: "unmute", number: 1 }, AFTER + 3 * MINUTE);
    await change(ROOM, { kind: "unwatch", number: 1 }, AFTER + 3 * MINUTE);
    expect(await queuedNotices(store)).toContain("recovery #1");
  });

  test("the baseline of a space without watches is cancelled", async () => {
    const { alerts, ...store } = await database.open();
    await alerts.change(ROOM, watchChange(), NOON);
    await alerts.change(ROOM, watchChange(codeFilter("2560")), NOON);
    await alerts.change(ROOM, { kind: "unwatch", number: 1 }, NOON);
    expect(await queuedNotices({ ...store, alerts })).toEqual(["baseline"]);
    await alerts.change(ROOM, { kind: "unwatch", number: 2 }, NOON);
    expect(await queuedNotices({ ...store, alerts })).toEqual([]);
  });

  test("ALERTS 22: the first acknowledgement counts until the alert ends, in the scope of the space only", async () => {
    const { store, sweep, change } = await watching(["a", "b", "c"]);
    const { alerts, rooms } = store;
    await sweep(["a", "b", "c"], AFTER);
    for (const minutes of [1, 2]) await sweep(["a", "b"], AFTER + minutes * MINUTE);
    await rooms.bind("their room", "partner", "ada", NOON);
    await change("their room", ackChange("eve", [1, 2, 3]), AFTER);
    await change(ROOM, ackChange("ada", [1, 3, 99]), AFTER);
    await change(ROOM, ackChange("bob", [1, 2, 3]), AFTER + 1);
    const takers = await Promise.all([1, 2, 3].map(async (id) => (await alerts.find("", id))?.ack?.name));
    expect(takers).toEqual(["ada", "bob", undefined]);
    expect((await alerts.active("")).map(({ ack }) => ack?.name)).toEqual(["ada", "bob"]);
    // The same person says more.
    const { ack } = ackChange("ada", []);
    await change(ROOM, { kind: "ack", alerts: [1, 2], ack: { ...ack, note: "on it", notedIn: ROOM } }, AFTER + 2);
    expect((await alerts.active("")).map((alert) => alert.ack?.note)).toEqual(["on it", undefined]);
    // An acknowledged alert heals and closes as usual; the acknowledgement ends when it re-opens (ALERTS 12).
    for (const minutes of [3, 4]) await sweep(["b"], AFTER + minutes * MINUTE);
    expect(await alerts.find("", 1)).toMatchObject({ state: "closed", ack: { name: "ada" } });
    await sweep(["a", "b"], AFTER + 5 * MINUTE);
    expect((await alerts.find("", 1))?.ack).toBeUndefined();
  });

  test("ALERTS 23: a muted alert is not notified, and is notified with a mark when the mute ends", async () => {
    const { store, sweep, change } = await watching(["a"]);
    const { alerts } = store;
    await sweep(["a"], AFTER);
    await change(ROOM, muteChange(AFTER, AFTER + DAY), AFTER);
    await change(ROOM, muteChange(AFTER, AFTER + HOUR, codeFilter("1")), AFTER);
    expect(await queuedNotices(store)).toEqual([]);
    await change(ROOM, { kind: "unmute", number: 1 }, AFTER + MINUTE);
    expect((await alerts.roomState(ROOM)).queued).toMatchObject([
      { kind: "alert", alertId: 1, details: { wasMuted: true } },
    ]);
    const untils = async () => (await alerts.roomState(ROOM)).mutes.map(({ number, until }) => [number, until]);
    expect(await untils()).toEqual([
      [1, AFTER + MINUTE],
      [2, AFTER + HOUR],
    ]);
    await change(ROOM, { kind: "unmute", number: 1 }, AFTER + 2 * MINUTE);
    await change(ROOM, { kind: "unmute", number: 2 }, AFTER + DAY);
    expect(await untils()).toEqual([
      [1, AFTER + MINUTE],
      [2, AFTER + HOUR],
    ]);
  });

  test("a second follow of the same customer replaces the first", async () => {
    const { alerts } = await database.open();
    const { db } = await openTables(database);
    const follow = (title: string, since: number): Follow => ({
      personId: "ada",
      scope: "",
      customerId: "a",
      title,
      class: "moving",
      since,
    });
    await alerts.change(ROOM, { kind: "follow", follow: follow("Acme", NOON) }, NOON);
    await db.updateTable("follows").set({ changed: 1 }).execute();
    await alerts.change(ROOM, { kind: "follow", follow: follow("ACME", AFTER) }, AFTER);
    const rows = await db.selectFrom("follows").select(["personId", "changed", "follow"]).execute();
    expect(rows.map((row) => ({ ...row, follow: JSON.parse(row.follow) }))).toEqual([
      { personId: "ada", changed: 0, follow: follow("ACME", AFTER) },
    ]);
  });

  test("a digest is due at its time in its time zone, and never once it is switched off", async () => {
    const { alerts } = await database.open();
    const { db } = await openTables(database);
    const nextAt = async () => (await db.selectFrom("digests").select("nextAt").executeTakeFirst())?.nextAt;
    const set = (time: string, zone: string) => alerts.change(ROOM, { kind: "digest", schedule: { time, zone } }, NOON);
    await set("08:00", "UTC");
    expect(await nextAt()).toBe(NOON + 20 * HOUR);
    await set("14:00", "Europe/Berlin");
    expect(await nextAt()).toBe(NOON + HOUR);
    expect((await alerts.roomState(ROOM)).digest).toEqual({ time: "14:00", zone: "Europe/Berlin" });
    await alerts.change(ROOM, { kind: "digest" }, NOON);
    expect([await nextAt(), (await alerts.roomState(ROOM)).digest]).toEqual([undefined, undefined]);
  });

  test("a drill is an alert like any other, but only for the space that requested it", async () => {
    const { store, sweep, change } = await watching(["a"]);
    await sweep(["a"], AFTER);
    await change("quiet room", { kind: "drill" }, AFTER);
    expect(await queuedNotices(store)).toEqual(["alert #1"]);
    expect(await queuedNotices(store, "quiet room")).toEqual(["alert #2"]);
    expect(await store.alerts.find("", 2)).toMatchObject({
      drill: "quiet room",
      state: "open",
      key: { item: "drill", customerId: "drill:2" },
      subject: { name: "Drill", packages: [{ name: "drill", status: "error" }] },
    });
    expect((await store.alerts.changedSince("", AFTER)).map(({ id }) => id)).toEqual([1]);
  });

  test("a watching space that is bound to another scope forgets what it was notified and gets a baseline", async () => {
    const { store, sweep, change, markNotified, postAll } = await watching(["a"]);
    const { alerts, rooms } = store;
    await sweep(["a"], AFTER);
    await markNotified(ROOM, [1], "card");
    await rooms.bind(ROOM, "", "ada", AFTER);
    expect((await alerts.roomState(ROOM)).notified).toHaveLength(1);
    await rooms.bind(ROOM, "partner", "ada", AFTER);
    const { scope, notified } = await alerts.roomState(ROOM);
    expect([scope, notified, await queuedNotices(store)]).toEqual(["partner", [], ["baseline"]]);
    // That scope was never swept, so its baseline is held; that of the old scope is not.
    await postAll();
    expect(await queuedNotices(store)).toEqual(["baseline"]);
    await rooms.bind(ROOM, "", "ada", AFTER + 1);
    expect(await queuedNotices(store)).toEqual(["baseline"]);
    await postAll();
    expect(await queuedNotices(store)).toEqual([]);
    await change(ROOM, { kind: "unwatch", number: 1 }, AFTER + 2);
    await rooms.bind(ROOM, "partner", "ada", AFTER + 3);
    expect(await queuedNotices(store)).toEqual([]);
  });
});
