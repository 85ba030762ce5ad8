import { expect, test } from "vitest";
import type { MonitorState } from "../../src/domain/alerts/visibility.ts";
import type { Scope } from "../../src/domain/customers/sweep.ts";
import type { Outbox } from "../../src/domain/ports/alerting.ts";
import { NOON } from "../store/sweep-fixtures.ts";
import { HOUR, MINUTE } from "../support/time.ts";
import { alert, closed, OPS, onEveryOutbox, reopened, TIMINGS, WAITED, WAR } from "./outbox-fixtures.ts";

const REFUSED = { cause: "wholesale.unauthorized", isUnauthorized: true };

const at = (now: number): MonitorState => ({ now, runningSince: NOON, sweepIntervalMs: 5 * MINUTE });

const acknowledged = (id: number) => alert(id, { ack: { personId: "ada", name: "Ada", at: WAITED } });

/** The token is refused, and again a minute later (ALERTS 31). */
async function refuse(outbox: Outbox, scope: Scope, at = NOON): Promise<void> {
  for (const now of [at - MINUTE, at]) await outbox.recordReadFailure(scope, REFUSED, now);
}

onEveryOutbox((open) => {
  test("ALERTS 27: a space whose watch cannot be read holds up no other space, and no other kind of work", async () => {
    const { watch, mute, put, reconcile, outbox, noticeStates, deliverNext, db } = await open();
    await watch(WAR);
    await put(alert(1));
    await reconcile(WAR, NOON);
    await deliverNext(WAITED);
    const due = WAITED + TIMINGS.remindMs;
    for (const roomId of ["broken", "muted"]) {
      await watch(roomId);
      await mute({ roomId, from: NOON, until: due });
    }
    await db.updateTable("watches").set({ filter: "{" }).where("roomId", "=", "broken").execute();
    await expect(outbox.runScheduled(at(due))).rejects.toThrow(SyntaxError);
    expect(await noticeStates("muted")).toContain("alert pending");
    expect(await noticeStates(WAR)).toContain("reminder pending");
  });

  test("ALERTS 31: an outage is notified to every space that watches the scope, and to the ops room, one notice at a time", async () => {
    const { watch, bind, completeSweep, outbox, noticeStates, deliverNext, db } = await open();
    await watch(WAR);
    await watch("bound room");
    await bind("bound room", "partner");
    await bind("idle room", "idle partner");
    await completeSweep();
    await completeSweep("partner");
    await completeSweep("idle partner");
    await refuse(outbox, "");
    await outbox.runScheduled(at(NOON + MINUTE));
    await outbox.runScheduled(at(NOON + 2 * MINUTE));
    expect([await noticeStates(WAR), await noticeStates(OPS)]).toEqual([["outage pending"], ["outage pending"]]);
    expect(await noticeStates("bound room")).toEqual([]);
    const first = [await deliverNext(NOON + 2 * MINUTE), await deliverNext(NOON + 2 * MINUTE)];
    const details = { since: NOON - MINUTE, cause: REFUSED.cause, scope: "", isOngoing: false };
    expect(first.map(({ notices }) => notices[0]?.details)).toEqual([details, details]);
    await db
      .updateTable("visibility")
      .set({ completeAt: NOON + HOUR })
      .where("scope", "!=", "")
      .execute();
    await outbox.runScheduled(at(NOON + HOUR + 2 * MINUTE));
    expect((await deliverNext(NOON + HOUR + 2 * MINUTE)).notices[0]?.details).toEqual({
      ...details,
      isOngoing: true,
    });
    expect(await noticeStates(WAR)).toEqual(["outage sent", "outage pending"]);
  });

  test("ALERTS 31: a second outage is notified like the first, and two scopes are two notices to the ops room", async () => {
    const { watch, bind, completeSweep, outbox, noticeStates, deliverNext, db } = await open();
    await watch(WAR);
    await bind("bound room", "partner");
    await completeSweep();
    await completeSweep("partner");
    await refuse(outbox, "");
    await refuse(outbox, "partner");
    await outbox.runScheduled(at(NOON + MINUTE));
    expect(await noticeStates(OPS)).toEqual(["outage pending", "outage pending"]);
    for (let message = 0; message < 3; message++) await deliverNext(NOON + MINUTE);
    await db.updateTable("visibility").set({ outage: null, failure: null }).where("scope", "=", "").execute();
    await refuse(outbox, "", NOON + 2 * MINUTE);
    await outbox.runScheduled(at(NOON + 2 * MINUTE));
    expect(await noticeStates(WAR)).toEqual(["outage sent", "outage pending"]);
  });

  test("ALERTS 31: no second outage notice while one waits, and none to a suspended space", async () => {
    const { watch, completeSweep, outbox, noticeStates } = await open();
    await watch(WAR);
    await watch("lost room");
    await outbox.suspend("lost room", "removed", NOON);
    await completeSweep();
    await refuse(outbox, "");
    await outbox.runScheduled(at(NOON + MINUTE));
    await outbox.runScheduled(at(NOON + 2 * HOUR));
    expect(await noticeStates(WAR)).toEqual(["outage pending"]);
    expect(await noticeStates("lost room")).toEqual([]);
  });

  test("ALERTS 31: no complete sweep for 3 periods is an outage; a scope that was never read counts from the start", async () => {
    const { watch, outbox, noticeStates } = await open();
    await watch(WAR);
    await outbox.runScheduled(at(NOON + 15 * MINUTE));
    expect(await noticeStates(WAR)).toEqual([]);
    await outbox.runScheduled(at(NOON + 15 * MINUTE + 1));
    expect(await noticeStates(WAR)).toEqual(["outage pending"]);
  });

  test("ALERTS 22: alerts that nobody has acknowledged are one reminder, after growing waits", async () => {
    const { put, runScheduled, deliverNext, notified, noticeStates, deliverAlerts } = await open();
    await deliverAlerts(3);
    await put(acknowledged(2));
    const first = WAITED + TIMINGS.remindMs;
    await runScheduled(first - 1);
    expect(await noticeStates(WAR)).not.toContain("reminder pending");
    await runScheduled(first);
    await runScheduled(first + 1);
    const sent = first + TIMINGS.waitMs;
    const reminder = await deliverNext(sent);
    expect(reminder).toMatchObject({
      form: "standalone",
      notices: [{ kind: "reminder" }],
      notified: [{}, {}],
    });
    expect(reminder.alerts.map(({ id }) => id)).toEqual([1, 3]);
    expect(await notified(WAR)).toMatchObject([
      { reminded: 1, remindAt: sent + TIMINGS.remindMs },
      // Acknowledged: checked again when its next reminder would be due.
      { reminded: 0, remindAt: first + TIMINGS.remindMs },
      { reminded: 1, remindAt: sent + TIMINGS.remindMs },
    ]);
    expect((await noticeStates(WAR)).filter((one) => one.startsWith("reminder"))).toEqual(["reminder sent"]);
  });

  test("ALERTS 22: at its end an acknowledgement is over, its card owes an edit, and the space is reminded at once", async () => {
    const { change, runScheduled, deliverNext, noticeStates, deliverAlerts, db } = await open();
    await deliverAlerts(1);
    const at = WAITED + MINUTE;
    const ack = { personId: "ada", name: "Ada", at, until: at + 10 * HOUR };
    await change(WAR, { kind: "ack", alerts: [1], ack }, at);
    // The reminders that fall due meanwhile are put off.
    await runScheduled(WAITED + TIMINGS.remindMs);
    await runScheduled(WAITED + 2 * TIMINGS.remindMs);
    await db.updateTable("alertCards").set({ editDueAt: null }).execute();
    await runScheduled(ack.until - 1);
    expect(await noticeStates(WAR)).not.toContain("reminder pending");
    await runScheduled(ack.until);
    await runScheduled(ack.until + 1);
    expect(await noticeStates(WAR)).toContain("reminder pending");
    const { alerts } = await deliverNext(ack.until + TIMINGS.waitMs);
    expect(alerts[0]).not.toHaveProperty("ack");
    expect(alerts).toMatchObject([{ id: 1, pastAcks: [{ name: "Ada", how: "by itself", endedAt: ack.until }] }]);
    expect(await db.selectFrom("alertCards").select("editDueAt").execute()).toEqual([{ editDueAt: ack.until }]);
  });

  test("ALERTS 22: an acknowledgement that is taken back is over, and reminders go on", async () => {
    const { change, runScheduled, notified, noticeStates, deliverAlerts } = await open();
    await deliverAlerts(2);
    const at = WAITED + MINUTE;
    await change(WAR, { kind: "ack", alerts: [1, 2], ack: { personId: "ada", name: "Ada", at } }, at);
    await runScheduled(WAITED + TIMINGS.remindMs);
    const back = WAITED + TIMINGS.remindMs + MINUTE;
    await change(WAR, { kind: "unack", alerts: [1, 7] }, back);
    await change(WAR, { kind: "unack", alerts: [1] }, back + 1);
    const due = WAITED + 2 * TIMINGS.remindMs;
    expect(await notified(WAR)).toMatchObject([{ remindAt: due }, { remindAt: due }]);
    await runScheduled(due);
    expect((await noticeStates(WAR)).filter((one) => one === "reminder pending")).toHaveLength(1);
  });

  test("ALERTS 22, 23: acknowledged, closed and muted alerts are not in a reminder, and an empty one is not sent", async () => {
    const { put, mute, runScheduled, deliverNext, claim, noticeStates, deliverAlerts } = await open();
    await deliverAlerts(2);
    await runScheduled(WAITED + TIMINGS.remindMs);
    await put(acknowledged(1));
    const sent = WAITED + TIMINGS.remindMs + TIMINGS.waitMs;
    expect((await deliverNext(sent)).alerts.map(({ id }) => id)).toEqual([2]);
    await runScheduled(sent + TIMINGS.remindMs);
    await mute({ roomId: WAR, from: sent, until: sent + 8 * HOUR });
    expect(await claim(sent + TIMINGS.remindMs + TIMINGS.waitMs)).toBeUndefined();
    expect(await noticeStates(WAR)).toContain("reminder cancelled");
    await runScheduled(sent + TIMINGS.remindMs + TIMINGS.waitMs);
    expect(await noticeStates(WAR)).not.toContain("reminder pending");
  });

  test("ALERTS 24: alerts that nobody has acknowledged for 30 min are one message to the recipient that the watch names", async () => {
    const { watch, put, runScheduled, deliverNext, noticeStates, notified, deliverAlerts } = await open();
    await watch(WAR, { escalate: "boss@example.com", space: "War room" });
    await watch("quiet room", { escalate: WAR });
    await deliverAlerts(3);
    await put(acknowledged(2), alert(4), alert(5, { state: "healing" }));
    const due = WAITED + 30 * MINUTE;
    await runScheduled(due - 1);
    expect(await noticeStates("email:boss@example.com")).toEqual([]);
    await runScheduled(due);
    await runScheduled(due + 1);
    const escalation = await deliverNext(due + 1);
    expect(escalation).toMatchObject({
      recipient: { email: "boss@example.com" },
      form: "standalone",
      notices: [
        { kind: "escalation", alertId: 1, details: { roomId: WAR, space: "War room" } },
        { kind: "escalation", alertId: 3 },
      ],
      alerts: [{ id: 1 }, { id: 3 }],
      notified: [],
    });
    expect((await notified(WAR)).map(({ escalatedAt }) => escalatedAt)).toEqual([due, null, due]);
  });

  test("ALERTS 24: a re-opened alert escalates again, and not if it was acknowledged by then", async () => {
    const { watch, put, reconcile, runScheduled, deliverNext, noticeStates, claim, deliverAlerts } = await open();
    await watch(WAR, { escalate: "second room" });
    await deliverAlerts(2);
    const due = WAITED + 30 * MINUTE;
    await runScheduled(due);
    await put(acknowledged(2));
    expect((await deliverNext(due)).alerts.map(({ id }) => id)).toEqual([1]);
    const ended = closed(alert(1), due);
    await put(ended);
    await reconcile(WAR, due);
    await deliverNext(due + TIMINGS.waitMs);
    const again = reopened(ended, due + MINUTE);
    await put(again);
    await reconcile(WAR, due + MINUTE);
    const retold = due + TIMINGS.waitMs + TIMINGS.intervalMs;
    await deliverNext(retold);
    await runScheduled(retold + 30 * MINUTE);
    expect(await noticeStates("second room")).toEqual([
      "escalation sent",
      "escalation cancelled",
      "escalation pending",
    ]);
    await put({ ...again, ack: { personId: "ada", name: "Ada", at: retold } });
    expect(await claim(retold + 30 * MINUTE)).toBeUndefined();
  });

  test("ALERTS 24: an alert that heals before the message is sent escalates only if it is BAD again", async () => {
    const { watch, put, runScheduled, deliverNext, noticeStates, claim, deliverAlerts } = await open();
    await watch(WAR, { escalate: "second room" });
    await deliverAlerts();
    const due = WAITED + 30 * MINUTE;
    await runScheduled(due);
    await put(alert(1, { state: "healing" }));
    expect(await claim(due)).toBeUndefined();
    await runScheduled(due + 1);
    expect(await noticeStates("second room")).toEqual(["escalation cancelled"]);
    await put(alert(1));
    await runScheduled(due + 2);
    expect(await deliverNext(due + 2)).toMatchObject({ notices: [{ kind: "escalation", alertId: 1 }] });
    await runScheduled(due + 3);
    expect(await noticeStates("second room")).toEqual(["escalation sent"]);
  });

  test("ALERTS 23: at the end of a mute open alerts are notified with a mark, once", async () => {
    const { watch, mute, put, reconcile, runScheduled, noticeStates, deliverNext, db } = await open();
    await watch(WAR);
    await mute({ roomId: WAR, from: NOON, until: NOON + HOUR });
    await put(alert(1), alert(2));
    await reconcile(WAR, NOON);
    expect(await noticeStates(WAR)).toEqual([]);
    await put(closed(alert(2), NOON));
    await runScheduled(NOON + HOUR - 1);
    await runScheduled(NOON + HOUR);
    await runScheduled(NOON + HOUR);
    expect(await noticeStates(WAR)).toEqual(["alert pending"]);
    expect(await db.selectFrom("mutes").select("ended").execute()).toEqual([{ ended: 1 }]);
    expect(await deliverNext(NOON + HOUR + TIMINGS.waitMs)).toMatchObject({
      notices: [{ alertId: 1, details: { wasMuted: true } }],
    });
  });

  test("a digest is queued at its time and starts at the previous one, however late the bot is", async () => {
    const { change, runScheduled, noticeStates, deliverNext, db } = await open();
    await change(WAR, { kind: "digest", schedule: { time: "15:00", zone: "UTC" } }, NOON);
    await runScheduled(NOON + 3 * HOUR - 1);
    expect(await noticeStates(WAR)).toEqual([]);
    await runScheduled(NOON + 3 * HOUR);
    await runScheduled(NOON + 3 * HOUR);
    expect(await deliverNext(NOON + 3 * HOUR)).toMatchObject({ digestSince: NOON - 21 * HOUR });
    await runScheduled(NOON + 75 * HOUR);
    expect(await deliverNext(NOON + 75 * HOUR)).toMatchObject({ digestSince: NOON + 3 * HOUR });
    expect(await db.selectFrom("digests").select(["nextAt", "lastAt"]).execute()).toEqual([
      { nextAt: NOON + 99 * HOUR, lastAt: NOON + 75 * HOUR },
    ]);
  });

  test("a digest is not left out because the last one is still under way", async () => {
    const { change, runScheduled, claimNext, outbox, deliverNext } = await open();
    await change(WAR, { kind: "digest", schedule: { time: "15:00", zone: "UTC" } }, NOON);
    await runScheduled(NOON + 3 * HOUR);
    const message = await claimNext(NOON + 3 * HOUR);
    await runScheduled(NOON + 27 * HOUR);
    await outbox.delivered(message, { messageId: "first" }, NOON + 27 * HOUR);
    expect(await deliverNext(NOON + 27 * HOUR)).toMatchObject({ digestSince: NOON + 3 * HOUR });
  });
});
