import { expect, test } from "vitest";
import { NOON } from "../store/sweep-fixtures.ts";
import { HOUR } from "../support/time.ts";
import { alert, closed, onEveryOutbox, TIMINGS, WAITED, WAR } from "./outbox-fixtures.ts";

const NEW = "new room";

onEveryOutbox((open, database) => {
  test("everything of a space moves to its new id", async () => {
    const { watch, mute, put, reconcile, outbox, deliverNext, notified, noticeStates, bind, change, db } = await open();
    const { alerts, rooms, cards } = await database.open();
    await watch(WAR);
    await watch("quiet room", { escalate: WAR });
    await put(alert(1));
    await reconcile(WAR, NOON);
    await deliverNext(WAITED, "root");
    await put(closed(alert(1), WAITED));
    await reconcile(WAR, WAITED);
    await mute({ roomId: WAR, from: NOON, until: NOON + HOUR });
    await change(WAR, { kind: "digest", schedule: { time: "09:00", zone: "UTC" } }, NOON);
    await bind(WAR, "");
    await rooms.setZone(WAR, "Asia/Tokyo", NOON);
    await rooms.saveMembers(WAR, [], NOON);
    const card = {
      messageId: "root",
      roomId: WAR,
      kind: "alert",
      command: "",
      senderId: "",
      rows: [],
    } as const;
    await cards.save({ ...card, edits: 0, shownAt: NOON });
    await outbox.migrate(WAR, NEW, WAITED);
    await outbox.migrate(WAR, NEW, WAITED);
    expect(await alerts.roomState(NEW)).toMatchObject({
      watches: [{ roomId: NEW, number: 1 }],
      mutes: [{ roomId: NEW, number: 1 }],
      notified: [{ roomId: NEW, messageId: "root" }],
      queued: [{ recipient: { roomId: NEW }, kind: "recovery" }],
      digest: { time: "09:00" },
    });
    expect(await alerts.roomState("quiet room")).toMatchObject({ watches: [{ options: { escalate: NEW } }] });
    expect(await rooms.members(NEW)).toBeUndefined();
    expect([await rooms.zoneOf(NEW), await rooms.zoneOf(WAR)]).toEqual(["Asia/Tokyo", undefined]);
    expect(await cards.find("root")).toMatchObject({ roomId: NEW });
    expect(await deliverNext(WAITED + TIMINGS.intervalMs)).toMatchObject({ recipient: { roomId: NEW } });
    expect([await notified(WAR), await noticeStates(WAR)]).toEqual([[], []]);
    expect(await db.selectFrom("recipientQueues").select("recipient").execute()).toHaveLength(1);
  });

  test("ALERTS 29: a space that a refused message suspended before the migration was known goes on at its new id", async () => {
    const { watch, put, completeSweep, reconcile, outbox, noticeStates } = await open();
    await watch(WAR);
    await watch("far room");
    await completeSweep();
    await put(alert(1));
    await reconcile(WAR, NOON);
    await outbox.suspend("far room", "removed", NOON - 1);
    await outbox.suspend(WAR, "unreachable", NOON);
    expect(await outbox.migrationCandidates(NOON)).toEqual([WAR]);
    await outbox.migrate(WAR, NEW, WAITED);
    expect(await outbox.suspendedRooms()).toEqual(["far room"]);
    expect(await noticeStates(NEW)).toEqual(["baseline pending"]);
  });

  test("PRODUCT 5: the permission of a space does not move, as other people may be in the new one", async () => {
    const { outbox } = await open();
    const { rooms } = await database.open();
    await rooms.allow(WAR, true, "ada", NOON);
    await outbox.migrate(WAR, NEW, WAITED);
    expect([await rooms.isAllowed(WAR), await rooms.isAllowed(NEW)]).toEqual([false, false]);
  });

  test("rows that exist at the new id already stay", async () => {
    const { watch, mute, put, reconcile, outbox, deliverNext, notified, bind, db } = await open();
    for (const roomId of [WAR, NEW]) {
      await watch(roomId);
      await bind(roomId, "");
      await mute({ roomId, from: 0, until: 1 });
    }
    await put(alert(1));
    await reconcile(WAR, NOON);
    await reconcile(NEW, NOON);
    await deliverNext(WAITED, "of the new one");
    await deliverNext(WAITED, "of the old one");
    await outbox.migrate(WAR, NEW, WAITED);
    expect(await notified(NEW)).toMatchObject([{ messageId: "of the new one" }]);
    for (const table of ["watches", "mutes"] as const) {
      const rows = await db.selectFrom(table).select(["roomId", "number"]).orderBy("number").execute();
      expect(rows).toEqual([
        { roomId: NEW, number: 1 },
        { roomId: NEW, number: 2 },
      ]);
    }
    const { alerts } = await database.open();
    expect((await alerts.roomState(NEW)).mutes).toMatchObject([{ roomId: NEW, number: 1 }, { number: 2 }]);
    expect(await db.selectFrom("roomScopes").select("roomId").execute()).toEqual([{ roomId: NEW }]);
    expect(await db.selectFrom("recipientQueues").select("recipient").execute()).toEqual([{ recipient: NEW }]);
    expect(await db.selectFrom("outbox").select(["recipient", "messageId"]).execute()).toEqual([
      { recipient: NEW, messageId: "of the new one" },
    ]);
  });
});
