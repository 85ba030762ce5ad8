import { expect, test } from "vitest";
import { MINUTE, NOON } from "../store/sweep-fixtures.ts";
import { alert, closed, LEASE_MS, onEveryOutbox, reopened, TIMINGS, WAR } from "./outbox-fixtures.ts";

const WAITED = NOON + TIMINGS.waitMs;
const WINDOW = WAITED + TIMINGS.intervalMs;

onEveryOutbox((open) => {
  test("ALERTS 20: what is owed waits, then goes as one message that says what is so", async () => {
    const { put, watch, reconcile, claim } = await open();
    await watch(WAR);
    await put(alert(1), alert(2));
    await reconcile(WAR, NOON);
    expect(await claim(WAITED - 1)).toBeUndefined();
    expect(await claim(WAITED)).toMatchObject({
      recipient: { roomId: WAR },
      holder: "ada",
      form: "group",
      notified: [],
      notices: [
        { alertId: 1, kind: "alert", possiblySent: false },
        { alertId: 2, kind: "alert" },
      ],
      alerts: [{ id: 1 }, { id: 2 }],
      room: { roomId: WAR, scope: "", watches: [{ number: 1, ownerId: "owner" }] },
    });
    expect(await claim(WAITED)).toBeUndefined();
  });

  test("ALERTS 28: what was delivered is announced, and not owed any more", async () => {
    const { put, watch, reconcile, deliverNext, told, owed, line, claim } = await open();
    await watch(WAR);
    await put(alert(1));
    await reconcile(WAR, NOON);
    await deliverNext(WAITED, "root");
    expect(await told(WAR)).toMatchObject([
      { alertId: 1, state: "open", generation: 1, messageId: "root", notifiedAt: WAITED, reminded: 0 },
    ]);
    await reconcile(WAR, WAITED);
    expect(await owed(WAR)).toEqual(["alert sent"]);
    expect(await line(WAR)).toMatchObject({
      holder: null,
      leasedUntil: null,
      lastGroupSentAt: WAITED,
      dueAt: null,
    });
    expect(await claim(WINDOW)).toBeUndefined();
  });

  test("ALERTS 20: what cancels out before it is told is dropped, and counted", async () => {
    const { put, watch, reconcile, claim, owed, outbox } = await open();
    await watch(WAR);
    await put(alert(1));
    await reconcile(WAR, NOON);
    await put(closed(alert(1), NOON + 1));
    expect(await claim(WAITED)).toBeUndefined();
    expect(await owed(WAR)).toEqual(["alert cancelled"]);
    expect(await outbox.state()).toEqual({ waiting: 0, cancelled: 1, dead: 0 });
    expect(await outbox.nextDue()).toBeUndefined();
  });

  test("ALERTS 20: what is muted by the time it would be told is not, and is when the mute ends", async () => {
    const { put, watch, mute, reconcile, claim, runScheduled, deliverNext } = await open();
    await watch(WAR);
    await put(alert(1));
    await reconcile(WAR, NOON);
    await mute({ roomId: WAR, from: NOON, until: NOON + 10 * MINUTE });
    expect(await claim(WAITED)).toBeUndefined();
    await runScheduled(NOON + 10 * MINUTE);
    expect(await deliverNext(NOON + 10 * MINUTE + TIMINGS.waitMs)).toMatchObject({
      notices: [{ kind: "alert" }],
    });
  });

  test("ALERTS 26: a notice that has become another one is told as that", async () => {
    const { put, watch, reconcile, deliverNext, claim } = await open();
    await watch(WAR);
    const first = alert(1);
    await put(first);
    await reconcile(WAR, NOON);
    await deliverNext(WAITED);
    await put({ ...first, failures: 1, generation: 2 });
    await reconcile(WAR, WAITED + 1);
    await put(closed({ ...first, failures: 1, generation: 2 }, WAITED + 2));
    expect(await claim(WINDOW)).toMatchObject({
      form: "single",
      notices: [{ kind: "recovery", generation: 3 }],
      notified: [{ alertId: 1, state: "open" }],
    });
  });

  test("ALERTS 28: what changes while a message is under way is owed when it is delivered", async () => {
    const { put, watch, reconcile, claim, outbox, told, owed, deliverNext } = await open();
    await watch(WAR);
    await put(alert(1));
    await reconcile(WAR, NOON);
    const flush = await claim(WAITED);
    await put(closed(alert(1), WAITED + 1));
    if (flush) await outbox.delivered(flush, { messageId: "root" }, WAITED + 2);
    // It was told that it is open, whatever is so by now.
    expect(await told(WAR)).toMatchObject([{ state: "open", generation: 1 }]);
    expect(await owed(WAR)).toEqual(["alert sent", "recovery pending"]);
    expect(await deliverNext(WINDOW + 2, "reply")).toMatchObject({ notices: [{ kind: "recovery" }] });
    expect(await told(WAR)).toMatchObject([{ state: "closed", generation: 2, messageId: "root" }]);
  });

  test("ALERTS 28: a message whose lease ran out is sent again, marked", async () => {
    const { put, watch, reconcile, claim, outbox, told } = await open();
    await watch(WAR);
    await put(alert(1));
    await reconcile(WAR, NOON);
    const lost = await claim(WAITED, "dead");
    expect(await outbox.nextDue()).toBe(WAITED + LEASE_MS);
    expect(await claim(WAITED + LEASE_MS - 1)).toBeUndefined();
    const again = await claim(WAITED + LEASE_MS);
    expect(again).toMatchObject({ holder: "ada", notices: [{ kind: "alert", possiblySent: true }] });
    // Whoever comes back from the dead is not heard.
    if (lost) await outbox.delivered(lost, { messageId: "first" }, WAITED + LEASE_MS + 1);
    expect(await told(WAR)).toEqual([]);
    if (again) await outbox.delivered(again, { messageId: "second" }, WAITED + LEASE_MS + 2);
    expect(await told(WAR)).toMatchObject([{ messageId: "second" }]);
  });

  test("ALERTS 28: what may have been posted is never dropped, and says what is so now", async () => {
    const { put, watch, reconcile, claim, deliverNext, told } = await open();
    await watch(WAR);
    await put(alert(1));
    await reconcile(WAR, NOON);
    await claim(WAITED, "dead");
    await put(closed(alert(1), WAITED + 1));
    expect(await deliverNext(WAITED + LEASE_MS)).toMatchObject({
      notices: [{ kind: "alert", possiblySent: true }],
      alerts: [{ state: "closed" }],
    });
    expect(await told(WAR)).toMatchObject([{ state: "closed", generation: 2 }]);
  });

  test("ALERTS 28: a recovery that may have been posted is followed by what is so, and not by itself", async () => {
    const { put, watch, reconcile, claim, deliverNext } = await open();
    await watch(WAR);
    await put(alert(1));
    await reconcile(WAR, NOON);
    await deliverNext(WAITED);
    const ended = closed(alert(1), WAITED + 1);
    await put(ended);
    await reconcile(WAR, WAITED + 1);
    await claim(WINDOW, "dead");
    await put(reopened(ended, WINDOW + 1));
    expect(await deliverNext(WINDOW + LEASE_MS)).toMatchObject({
      notices: [{ kind: "reopen", possiblySent: true }],
    });
  });

  test("ALERTS 28: a process that starts alone takes its leases for lost, and what was under way for unsure", async () => {
    const { put, watch, reconcile, claim, outbox, db } = await open();
    await watch(WAR);
    await put(alert(1));
    await reconcile(WAR, NOON);
    await claim(WAITED, "dead");
    const isAlone = (await outbox.release()) === 1;
    const rows = await db.selectFrom("outbox").select(["state", "possiblySent"]).execute();
    expect(rows).toEqual([isAlone ? { state: "pending", possiblySent: 1 } : { state: "claimed", possiblySent: 0 }]);
    expect(await claim(WAITED)).toEqual(isAlone ? expect.objectContaining({ form: "single" }) : undefined);
  });

  test("ALERTS 20: an urgent notice does not take the others along before their time", async () => {
    const { put, watch, reconcile, enqueue, deliverNext, claim } = await open();
    await watch(WAR);
    await put(alert(1));
    await reconcile(WAR, NOON);
    await enqueue(WAR, "report", NOON);
    expect(await deliverNext(NOON)).toMatchObject({
      form: "standalone",
      notices: [{ kind: "report" }],
      alerts: [],
    });
    expect(await claim(NOON)).toBeUndefined();
    expect(await claim(WAITED)).toMatchObject({ form: "single" });
  });

  test("ALERTS 27: blindness goes first, over all targets", async () => {
    const { enqueue, deliverNext } = await open();
    await enqueue("quiet room", "report", NOON - 1);
    await enqueue(WAR, "outage", NOON);
    expect(await deliverNext(NOON)).toMatchObject({ recipient: { roomId: WAR } });
    expect(await deliverNext(NOON)).toMatchObject({ recipient: { roomId: "quiet room" } });
  });

  test("ALERTS 12: a re-open stays in its thread, and begins the reminders anew", async () => {
    const { put, watch, reconcile, deliverNext, told } = await open();
    await watch(WAR);
    await put(alert(1));
    await reconcile(WAR, NOON);
    await deliverNext(WAITED, "root");
    const ended = closed(alert(1), WAITED + 1);
    await put(ended);
    await reconcile(WAR, WAITED + 1);
    await deliverNext(WINDOW, "reply");
    await put(reopened(ended, WINDOW + 1));
    await reconcile(WAR, WINDOW + 1);
    const at = WINDOW + TIMINGS.intervalMs;
    expect(await deliverNext(at)).toMatchObject({ notices: [{ kind: "reopen" }] });
    expect(await told(WAR)).toMatchObject([
      { messageId: "root", notifiedAt: at, remindAt: at + TIMINGS.remindMs, generation: 3 },
    ]);
  });
});
