import { expect, test } from "vitest";
import { broken, customer, NOON, PAGE_READING, runSweep } from "../store/sweep-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { received } from "../support/received.ts";
import { DAY, MINUTE } from "../support/time.ts";
import {
  AFTER,
  ackChange,
  codeFilter,
  muteChange,
  openTables,
  ROOM,
  sweptScope,
  watchChange,
} from "./alert-fixtures.ts";

const idsOf = (alerts: readonly { readonly id: number }[]) => alerts.map(({ id }) => id);

onEveryDatabase((database) => {
  test("an alert is found by its number in its own scope, and in no other", async () => {
    const store = await database.open();
    const { sweep } = await sweptScope(store, ["a"], "partner");
    await sweep(["a"], AFTER);
    expect(await store.alerts.find("partner", 1)).toMatchObject({ id: 1, key: { customerId: "a" } });
    expect(await store.alerts.find("", 1)).toBeUndefined();
    expect(await store.alerts.find("partner", 2)).toBeUndefined();
  });

  test("active alerts are open or healing, oldest first; drills and closed alerts are left out", async () => {
    const store = await database.open();
    const { alerts } = store;
    const { sweep } = await sweptScope(store, ["a", "b", "c"]);
    await sweep(["a"], AFTER);
    await sweep(["a", "b", "c"], AFTER + MINUTE);
    await alerts.change(ROOM, { kind: "drill" }, AFTER + MINUTE);
    await sweep(["a", "c"], AFTER + 2 * MINUTE);
    expect((await alerts.active("")).map(({ id, state }) => [id, state])).toEqual([
      [1, "open"],
      [2, "healing"],
      [3, "open"],
    ]);
    await sweep(["a", "c"], AFTER + 3 * MINUTE);
    expect(idsOf(await alerts.active(""))).toEqual([1, 3]);
    expect([await alerts.countActive(""), await alerts.countActive("partner")]).toEqual([2, 0]);
    expect(idsOf(await alerts.activeOfCustomer("", "c"))).toEqual([3]);
    expect(await alerts.activeOfCustomer("", "b")).toEqual([]);
    expect(await alerts.active("partner")).toEqual([]);
  });

  test("a package in error that a quick poll does not find is counted as absent by the next sweeps", async () => {
    const store = await database.open();
    const { fence, sweep } = await sweptScope(store, ["a"]);
    await sweep(["a"], AFTER);
    const without = [customer("a", { packages: [] })];
    const at = AFTER + MINUTE;
    await store.writer.recordPage({ customers: received(without), at, reading: PAGE_READING }, fence);
    const quickPoll = { reading: { id: at, kind: "quick-poll" }, at: at + 1, seen: new Set(["a"]) } as const;
    await store.writer.endQuickPoll(quickPoll, fence);
    await runSweep(store, fence, { customers: without, at: at + MINUTE });
    const { itemsAbsentTwice } = await runSweep(store, fence, { customers: without, at: at + 2 * MINUTE });
    expect(itemsAbsentTwice).toEqual(["a"]);
  });

  test("changedSince: opened, re-opened or closed at that time or later", async () => {
    const store = await database.open();
    const { alerts } = store;
    const { sweep } = await sweptScope(store, ["a", "b"]);
    const at = (minutes: number) => AFTER + minutes * MINUTE;
    await sweep(["a", "b"], at(0));
    await sweep(["b"], at(1));
    await sweep(["b"], at(2));
    expect(idsOf(await alerts.changedSince("", at(0)))).toEqual([1, 2]);
    expect(idsOf(await alerts.changedSince("", at(2)))).toEqual([1]);
    expect(await alerts.changedSince("", at(2) + 1)).toEqual([]);
    await sweep(["a", "b"], at(3));
    expect(idsOf(await alerts.changedSince("", at(3)))).toEqual([1]);
  });

  test("countErrorEntries counts each entry into error that matches the filter, after the baseline", async () => {
    const store = await database.open();
    const { sweep, fence } = await sweptScope(store, ["a", "b"]);
    const fired = (filter = codeFilter("2560"), since = NOON) =>
      store.alerts.countErrorEntries("", { filter, since, now: AFTER + DAY });
    expect([await fired(), await fired([])]).toEqual([0, 0]);
    await sweep(["a", "b"], AFTER);
    await sweep(["b"], AFTER + MINUTE);
    await sweep(["a", "b"], AFTER + 2 * MINUTE);
    expect([await fired(), await fired([])]).toEqual([3, 3]);
    expect([await fired(codeFilter("1")), await fired([], AFTER + MINUTE)]).toEqual([0, 1]);
    // A transition of the customer itself counts only if none of its packages has one.
    const failed = [{ name: "webex_calling", status: "error", problems: [] }];
    const customers = [customer("a", { status: "error" }), broken("b")];
    await runSweep(store, fence, { customers, at: AFTER + 3 * MINUTE });
    expect(await fired([])).toBe(4);
    await runSweep(store, fence, {
      customers: [...customers, customer("c", { status: "error", packages: failed })],
      at: AFTER + 4 * MINUTE,
    });
    expect(await fired([])).toBe(5);
  });

  test("countErrorEntries leaves out what was in error at the baseline", async () => {
    const store = await database.open();
    const { fence } = await sweptScope(store, [], "other");
    await runSweep(store, fence, { customers: [customer("a", { status: "error" })], at: NOON + DAY });
    const query = { filter: [], since: NOON, now: NOON + DAY };
    expect(await store.alerts.countErrorEntries("other", query)).toBe(1);
    expect(await store.alerts.countErrorEntries("", query)).toBe(0);
  });

  test("the watches of every space, with its scope, and since when it is suspended", async () => {
    const { alerts, rooms, outbox } = await database.open();
    await rooms.bind("b room", "partner", "ada", NOON);
    await alerts.change("b room", watchChange(), NOON);
    await alerts.change("a room", watchChange(), NOON);
    await alerts.change("a room", watchChange(codeFilter("2560")), NOON);
    await outbox.suspend("b room", "removed", AFTER);
    expect(await alerts.watchedSpaces()).toMatchObject([
      { roomId: "a room", scope: "", watches: [{ number: 1 }, { number: 2 }] },
      { roomId: "b room", scope: "partner", watches: [{ number: 1 }], suspendedAt: AFTER },
    ]);
    expect((await alerts.watchedSpaces())[0]).not.toHaveProperty("suspendedAt");
  });

  test("roomState: scope, watches, mutes, digest, notified states and queued notices of a space", async () => {
    const store = await database.open();
    const { alerts, rooms } = store;
    expect(await alerts.roomState(ROOM)).toEqual({
      roomId: ROOM,
      scope: "",
      watches: [],
      mutes: [],
      notified: [],
      queued: [],
    });
    await rooms.bind(ROOM, "partner", "ada", NOON);
    const { sweep } = await sweptScope(store, ["a"], "partner");
    await sweep(["a"], AFTER);
    const { markNotified } = await openTables(database);
    await markNotified(ROOM, [1], "card");
    await alerts.change(ROOM, watchChange(codeFilter("2560")), AFTER);
    await alerts.change(ROOM, muteChange(AFTER, AFTER + MINUTE), AFTER);
    const schedule = { time: "08:00", zone: "Europe/Berlin" };
    await alerts.change(ROOM, { kind: "digest", schedule }, AFTER);
    expect(await alerts.roomState(ROOM)).toMatchObject({
      scope: "partner",
      digest: schedule,
      watches: [{ roomId: ROOM, number: 1, filter: codeFilter("2560"), ownerId: "ada", since: AFTER }],
      mutes: [{ roomId: ROOM, number: 1, from: AFTER, until: AFTER + MINUTE, because: "a rollout" }],
      notified: [{ roomId: ROOM, alertId: 1, state: "open", messageId: "card" }],
      queued: [{ recipient: { roomId: ROOM }, kind: "baseline", alertId: 0, queuedAt: AFTER, possiblySent: false }],
    });
    expect(await alerts.roomState("quiet room")).toMatchObject({
      watches: [],
      mutes: [],
      notified: [],
      queued: [],
    });
  });

  test("alertsOnCard gives the alerts of a card in the space that was notified", async () => {
    const store = await database.open();
    const { alerts, rooms } = store;
    const { sweep } = await sweptScope(store, ["a", "b"]);
    await sweep(["a", "b"], AFTER);
    const { markNotified } = await openTables(database);
    await markNotified(ROOM, [1, 2], "both");
    await markNotified("quiet room", [2], "one");
    const onCard = await alerts.alertsOnCard(ROOM, "both");
    expect(onCard?.shown.map(({ alert, notified }) => [alert.id, notified.alertId, notified.roomId])).toEqual([
      [1, 1, ROOM],
      [2, 2, ROOM],
    ]);
    expect(await alerts.alertsOnCard("quiet room", "both")).toBeUndefined();
    // A space that is bound to a sub-partner does not see other customers, not even on an old card.
    await rooms.bind(ROOM, "partner", "ada", AFTER);
    await markNotified(ROOM, [1], "posted meanwhile");
    expect([await alerts.alertsOnCard(ROOM, "both"), await alerts.alertsOnCard(ROOM, "posted meanwhile")]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test("visibility: empty until the first complete sweep", async () => {
    const store = await database.open();
    expect(await store.alerts.visibility("")).toEqual({ tookMs: 0 });
    await sweptScope(store, ["a"]);
    expect(await store.alerts.visibility("")).toEqual({ tookMs: 0, completeAt: NOON, readAt: NOON });
  });

  test("tidy deletes closed alerts after 90 days, and never an active alert or its card", async () => {
    const store = await database.open();
    const { alerts, cards } = store;
    const { sweep } = await sweptScope(store, ["a", "b"]);
    await sweep(["a", "b"], AFTER);
    const { markNotified } = await openTables(database);
    await markNotified(ROOM, [1, 2], "card");
    for (const minutes of [1, 2]) await sweep(["b"], AFTER + minutes * MINUTE);
    await alerts.change(ROOM, muteChange(AFTER, AFTER + MINUTE), AFTER);
    await alerts.change(ROOM, { kind: "unmute", number: 1 }, AFTER + 1);
    await alerts.change(ROOM, muteChange(AFTER, AFTER + 7 * DAY), AFTER);
    await alerts.change(ROOM, ackChange("ada", [2]), AFTER);
    const card = { roomId: ROOM, kind: "alerts", command: "", senderId: "", rows: [], edits: 0 } as const;
    await cards.save({ ...card, messageId: "card", shownAt: AFTER });
    await cards.save({ ...card, messageId: "old list", shownAt: AFTER });
    await store.tidy(AFTER + 9 * DAY);
    expect((await alerts.roomState(ROOM)).mutes.map(({ number }) => number)).toEqual([2]);
    await store.tidy(AFTER + 89 * DAY);
    expect(await alerts.find("", 1)).toBeDefined();
    await store.tidy(AFTER + 91 * DAY);
    expect(await alerts.find("", 1)).toBeUndefined();
    expect((await alerts.roomState(ROOM)).notified.map(({ alertId }) => alertId)).toEqual([2]);
    expect(await alerts.find("", 2)).toMatchObject({ ack: { name: "ada" } });
    expect([await cards.find("card"), await cards.find("old list")]).toEqual([expect.anything(), undefined]);
  });

  test("tidy deletes the queue of a person after the last notice, and no queue with a notice", async () => {
    const store = await database.open();
    const { db } = await openTables(database);
    const queue = { priority: 0, attempts: 0 };
    const targets = ["person:ada", "email:bob@example.com", "person:eve", ROOM];
    await db
      .insertInto("recipientQueues")
      .values(targets.map((recipient) => ({ recipient, ...queue })))
      .execute();
    const queued = {
      kind: "follow",
      alertId: 0,
      generation: 1,
      urgent: 1,
      storm: 0,
      regression: 0,
      possiblySent: 0,
    } as const;
    await db
      .insertInto("outbox")
      .values({ ...queued, recipient: "person:ada", state: "sent", queuedAt: NOON, details: "{}" })
      .execute();
    const left = async () => {
      const rows = await db.selectFrom("recipientQueues").select("recipient").orderBy("recipient").execute();
      return rows.map(({ recipient }) => recipient);
    };
    await store.tidy(NOON + 29 * DAY);
    expect(await left()).toEqual(["person:ada", ROOM]);
    await store.tidy(NOON + 31 * DAY);
    expect(await left()).toEqual([ROOM]);
  });
});
