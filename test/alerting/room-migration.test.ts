import { expect, test } from "vitest";
import { NOON } from "../store/sweep-fixtures.ts";
import { alert, closed, HOUR, OPS, onEveryOutbox, TIMINGS, WAR } from "./outbox-fixtures.ts";

const WAITED = NOON + TIMINGS.waitMs;
const NEW = "new room";

onEveryOutbox((open, database) => {
  test("ALERTS 29: when the bot is removed from a space, whoever set a watch up there is told 1:1, once", async () => {
    const { watch, put, reconcile, outbox, owed, claim, deliverNext, db } = await open();
    await watch(WAR, { ownerId: "ada" });
    await watch(WAR, { ownerId: "bob", space: "War room" });
    await watch(WAR, { ownerId: "ada" });
    await put(alert(1));
    await reconcile(WAR, NOON);
    await outbox.suspend(WAR, "removed", NOON);
    await outbox.suspend(WAR, "refused", NOON + 1);
    expect(await owed(WAR)).toEqual([]);
    const told = [await deliverNext(NOON), await deliverNext(NOON), await deliverNext(NOON)];
    expect(told.map(({ recipient }) => recipient)).toEqual([{ roomId: OPS }, { personId: "ada" }, { personId: "bob" }]);
    expect(told[1]?.notices).toMatchObject([
      { kind: "suspended", details: { since: NOON, cause: "removed", roomId: WAR, space: "War room" } },
    ]);
    expect(told[0]?.notices[0]?.details.lines).toContain(`It is “War room”, ${WAR}.`);
    expect(told[0]?.notices[0]?.details.lines).toContain(
      "Its 3 watches are suspended until the bot is added to it again.",
    );
    await reconcile(WAR, NOON + HOUR);
    expect(await claim(NOON + HOUR)).toBeUndefined();
    expect(await db.selectFrom("outbox").select("id").where("recipient", "=", WAR).execute()).toEqual([]);
  });

  test("ALERTS 29: an owner of watches in two spaces hears of both, though they are lost at once", async () => {
    const { watch, outbox, owed } = await open();
    await watch(WAR);
    await watch(NEW);
    await outbox.suspend(WAR, "removed", NOON);
    await outbox.suspend(NEW, "removed", NOON);
    expect(await owed("person:owner")).toEqual(["suspended pending", "suspended pending"]);
    expect(await owed(OPS)).toEqual(["report pending", "report pending"]);
  });

  test("of a space that watches nothing, nobody is told that it is lost", async () => {
    const { outbox, enqueue, owed } = await open();
    await enqueue(WAR, "report", NOON);
    await outbox.suspend(WAR, "removed", NOON);
    await outbox.resume(WAR, NOON);
    expect(await owed(WAR)).toEqual(["report pending"]);
    expect(await owed(OPS)).toEqual([]);
  });

  test("ALERTS 29: a space that the bot is back in goes on with a baseline card; one that it never left hears nothing", async () => {
    const { watch, put, reconcile, read, outbox, owed, deliverNext, told } = await open();
    await read();
    await watch(WAR);
    await put(alert(1), alert(2));
    await reconcile(WAR, NOON);
    await deliverNext(WAITED);
    await outbox.resume(WAR, WAITED);
    expect(await owed(WAR)).toEqual(["alert sent", "alert sent"]);
    await outbox.suspend(WAR, "removed", WAITED);
    await put(closed(alert(1), WAITED));
    await outbox.resume(WAR, WAITED + HOUR);
    await outbox.resume(WAR, WAITED + HOUR);
    expect(await owed(WAR)).toEqual(["alert sent", "alert sent", "baseline pending"]);
    await deliverNext(WAITED + HOUR);
    await deliverNext(WAITED + HOUR);
    expect(await deliverNext(WAITED + HOUR)).toMatchObject({
      recipient: { roomId: WAR },
      alerts: [{ id: 2 }],
    });
    expect(await told(WAR)).toMatchObject([{ state: "closed" }, { state: "open" }]);
  });

  test("a message that got through while its space was being suspended is not announced", async () => {
    const { watch, put, reconcile, outbox, claim, told } = await open();
    await watch(WAR);
    await put(alert(1));
    await reconcile(WAR, NOON);
    const flush = await claim(WAITED);
    await outbox.suspend(WAR, "removed", WAITED);
    if (flush) await outbox.delivered(flush, { messageId: "root" }, WAITED);
    expect(await told(WAR)).toEqual([]);
  });

  test("a space that Webex gives another id takes everything along", async () => {
    const { watch, mute, put, reconcile, outbox, deliverNext, told, owed, bind, change, db } = await open();
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
    await rooms.allow(WAR, true, "ada", NOON);
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
    await outbox.migrate(WAR, NEW);
    await outbox.migrate(WAR, NEW);
    expect(await alerts.roomState(NEW)).toMatchObject({
      watches: [{ roomId: NEW, number: 1 }],
      mutes: [{ roomId: NEW, number: 1 }],
      notified: [{ roomId: NEW, messageId: "root" }],
      queued: [{ recipient: { roomId: NEW }, kind: "recovery" }],
      digest: { time: "09:00" },
    });
    expect(await alerts.roomState("quiet room")).toMatchObject({ watches: [{ options: { escalate: NEW } }] });
    expect(await rooms.isAllowed(NEW)).toBe(true);
    expect(await rooms.members(NEW, 0)).toBeUndefined();
    expect(await cards.find("root")).toMatchObject({ roomId: NEW });
    expect(await deliverNext(WAITED + TIMINGS.intervalMs)).toMatchObject({ recipient: { roomId: NEW } });
    expect([await told(WAR), await owed(WAR)]).toEqual([[], []]);
    expect(await db.selectFrom("recipientQueues").select("recipient").execute()).toHaveLength(1);
  });

  test("what is in a space already when another one becomes it, stays", async () => {
    const { watch, mute, put, reconcile, outbox, deliverNext, told, bind, db } = await open();
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
    await outbox.migrate(WAR, NEW);
    expect(await told(NEW)).toMatchObject([{ messageId: "of the new one" }]);
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
