import { expect, test } from "vitest";
import { NOON } from "../store/sweep-fixtures.ts";
import { HOUR } from "../support/time.ts";
import { alert, closed, OPS, onEveryOutbox, WAITED, WAR } from "./outbox-fixtures.ts";

const NEW = "new room";

onEveryOutbox((open) => {
  test("ALERTS 29: when the bot is removed from a space, each owner of a watch is notified 1:1, once", async () => {
    const { watch, put, reconcile, outbox, noticeStates, claim, deliverNext, db } = await open();
    await watch(WAR, { ownerId: "ada" });
    await watch(WAR, { ownerId: "bob", space: "War room" });
    await watch(WAR, { ownerId: "ada" });
    await put(alert(1));
    await reconcile(WAR, NOON);
    await outbox.suspend(WAR, "removed", NOON);
    await outbox.suspend(WAR, "unreachable", NOON + 1);
    expect(await noticeStates(WAR)).toEqual([]);
    const notified = [await deliverNext(NOON), await deliverNext(NOON), await deliverNext(NOON)];
    expect(notified.map(({ recipient }) => recipient)).toEqual([
      { roomId: OPS },
      { personId: "ada" },
      { personId: "bob" },
    ]);
    expect(notified[1]?.notices).toMatchObject([
      { kind: "suspended", details: { since: NOON, cause: "removed", roomId: WAR, space: "War room" } },
    ]);
    expect(notified[0]?.notices[0]?.details.lines).toContain(`It is “War room”, ${WAR}.`);
    expect(notified[0]?.notices[0]?.details.lines).toContain(
      "Its 3 watches are suspended until the bot is added to it again.",
    );
    await reconcile(WAR, NOON + HOUR);
    expect(await claim(NOON + HOUR)).toBeUndefined();
    expect(await db.selectFrom("outbox").select("id").where("recipient", "=", WAR).execute()).toEqual([]);
  });

  test("ALERTS 29: an owner of watches in two spaces is notified of both, though they are suspended at the same time", async () => {
    const { watch, outbox, noticeStates } = await open();
    await watch(WAR);
    await watch(NEW);
    await outbox.suspend(WAR, "removed", NOON);
    await outbox.suspend(NEW, "removed", NOON);
    expect(await noticeStates("person:owner")).toEqual(["suspended pending", "suspended pending"]);
    expect(await noticeStates(OPS)).toEqual(["report pending", "report pending"]);
  });

  test("a space without watches is not suspended", async () => {
    const { outbox, enqueue, noticeStates } = await open();
    await enqueue(WAR, "report", NOON);
    await outbox.suspend(WAR, "removed", NOON);
    await outbox.resume(WAR, NOON);
    expect(await noticeStates(WAR)).toEqual(["report pending"]);
    expect(await noticeStates(OPS)).toEqual([]);
  });

  test("ALERTS 29: a space that the bot is back in gets a baseline; one that was not suspended gets nothing", async () => {
    const { put, completeSweep, outbox, noticeStates, deliverNext, notified, queueAlerts } = await open();
    await completeSweep();
    await queueAlerts(2);
    await deliverNext(WAITED);
    await outbox.resume(WAR, WAITED);
    expect(await noticeStates(WAR)).toEqual(["alert sent", "alert sent"]);
    await outbox.suspend(WAR, "removed", WAITED);
    await put(closed(alert(1), WAITED));
    await outbox.resume(WAR, WAITED + HOUR);
    await outbox.resume(WAR, WAITED + HOUR);
    expect(await noticeStates(WAR)).toEqual(["alert sent", "alert sent", "baseline pending"]);
    await deliverNext(WAITED + HOUR);
    await deliverNext(WAITED + HOUR);
    expect(await deliverNext(WAITED + HOUR)).toMatchObject({
      recipient: { roomId: WAR },
      alerts: [{ id: 2 }],
    });
    expect(await notified(WAR)).toMatchObject([{ state: "closed" }, { state: "open" }]);
  });

  test("a message that was posted while its space was suspended is not recorded", async () => {
    const { outbox, claim, notified, queueAlerts } = await open();
    await queueAlerts();
    const message = await claim(WAITED);
    await outbox.suspend(WAR, "removed", WAITED);
    if (message) await outbox.delivered(message, { messageId: "root" }, WAITED);
    expect(await notified(WAR)).toEqual([]);
  });
});
