import { expect, test } from "vitest";
import { MINUTE, NOON } from "../store/sweep-fixtures.ts";
import {
  alert,
  closed,
  HOUR,
  LEASE_MS,
  OPS,
  type OutboxHarness,
  onEveryOutbox,
  TIMINGS,
  WAR,
} from "./outbox-fixtures.ts";

const WAITED = NOON + TIMINGS.waitMs;

/** A space that is owed an alert, and its message as it is taken up at `now`. */
async function takenUp({ watch, put, reconcile, claim }: OutboxHarness) {
  await watch(WAR);
  await put(alert(1));
  await reconcile(WAR, NOON);
  return orThrow(await claim(WAITED));
}

function orThrow<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("Nothing is due.");
  return value;
}

/** Fails tries one after the other; how long each of the next ones was put off, in seconds. */
async function failFor({ claim, outbox }: OutboxHarness, tries: number): Promise<readonly number[]> {
  const waits: number[] = [];
  for (let now = WAITED; waits.length < tries; ) {
    const flush = orThrow(await claim(now));
    expect(await outbox.failed(flush, { kind: "retryable", possiblySent: false }, now, 0.5)).toBe("retry");
    const next = (await outbox.nextDue()) ?? 0;
    waits.push((next - now) / 1000);
    now = next;
  }
  return waits;
}

onEveryOutbox((open) => {
  test("ALERTS 29: what does not get through is tried again, later each time, for a day, then given up", async () => {
    const bench = await open();
    const { watch, put, reconcile, owed, outbox, deliverNext, line, claim } = bench;
    await watch(WAR);
    await put(alert(1));
    await reconcile(WAR, NOON);
    expect(await failFor(bench, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    const now = WAITED + 24 * HOUR;
    const last = orThrow(await claim(now));
    expect(await outbox.failed(last, { kind: "retryable", possiblySent: false }, now, 0.5)).toBe("dead");
    expect(await owed(WAR)).toEqual(["alert dead"]);
    expect(await line(WAR)).toMatchObject({ holder: null, attempts: 0, failingSince: null, retryAt: null });
    expect(await outbox.state()).toMatchObject({ waiting: 1, dead: 1 });
    const report = await deliverNext(now);
    expect(report).toMatchObject({
      recipient: { roomId: OPS },
      notices: [{ kind: "report", details: { roomId: WAR } }],
    });
    expect(report.notices[0]?.details.lines?.join("\n")).toMatch(/could not be delivered\n.*war room\.\n.*alert #1\./);
    await reconcile(WAR, now);
    expect(await claim(now + HOUR)).toBeUndefined();
  });

  test("ALERTS 28: only what may have been posted all the same is marked as a repeat", async () => {
    const bench = await open();
    const { claim, outbox } = bench;
    await outbox.failed(await takenUp(bench), { kind: "retryable", possiblySent: false }, WAITED, 0.5);
    expect(await claim(WAITED + 999)).toBeUndefined();
    const again = orThrow(await claim(WAITED + 1000));
    expect(again.notices).toMatchObject([{ possiblySent: false }]);
    await outbox.failed(again, { kind: "retryable", possiblySent: true }, WAITED + 1000, 0.5);
    expect((await claim(WAITED + 3000))?.notices).toMatchObject([{ possiblySent: true }]);
  });

  test("ALERTS 29: to wait as Webex asks, and for a token that it takes, is no failed try", async () => {
    const bench = await open();
    const { claim, outbox, line } = bench;
    await outbox.failed(await takenUp(bench), { kind: "busy", waitMs: 7000 }, WAITED, 0.5);
    expect(await outbox.nextDue()).toBe(WAITED + 7000);
    const refused = orThrow(await claim(WAITED + 7000));
    await outbox.failed(refused, { kind: "unauthorized" }, WAITED + 7000, 0.5);
    expect(await line(WAR)).toMatchObject({
      attempts: 0,
      failingSince: null,
      retryAt: WAITED + 7000 + MINUTE,
    });
    expect(await outbox.failed(refused, { kind: "refused" }, WAITED + 7000, 0.5)).toBe("retry");
  });

  test("ALERTS 29: a message that Webex refuses is given up, and what comes behind it is told", async () => {
    const bench = await open();
    const { outbox, owed, put, reconcile, deliverNext } = bench;
    expect(await outbox.failed(await takenUp(bench), { kind: "refused" }, WAITED, 0.5)).toBe("dead");
    await put(alert(2));
    await reconcile(WAR, WAITED);
    await deliverNext(WAITED);
    expect(await deliverNext(WAITED + TIMINGS.waitMs)).toMatchObject({ form: "single", alerts: [{ id: 2 }] });
    expect(await owed(WAR)).toEqual(["alert dead", "alert sent"]);
  });

  test("a report that cannot be delivered is not reported", async () => {
    const { enqueue, claim, outbox, owed } = await open();
    await enqueue(OPS, "report", NOON);
    await outbox.failed(orThrow(await claim(NOON)), { kind: "refused" }, NOON, 0.5);
    expect(await owed(OPS)).toEqual(["report dead"]);
  });

  test("the end of a storm that cannot be told ends it all the same", async () => {
    const { put, watch, reconcile, deliverNext, runScheduled, claim, outbox, line } = await open();
    await watch(WAR);
    await put(...Array.from({ length: 11 }, (_, index) => alert(index + 1)));
    await reconcile(WAR, NOON);
    await deliverNext(WAITED);
    const quiet = WAITED + 2 * TIMINGS.intervalMs;
    await runScheduled(quiet);
    const end = orThrow(await claim(quiet + TIMINGS.waitMs));
    await outbox.failed(end, { kind: "refused" }, quiet + TIMINGS.waitMs, 0.5);
    expect((await line(WAR)).storm).toBeNull();
  });

  test("ALERTS 29: a space that is closed to the bot rests; a person who is gone is given up", async () => {
    const bench = await open();
    const { outbox, owed, line, claim, enqueue } = bench;
    expect(await outbox.failed(await takenUp(bench), { kind: "gone" }, WAITED, 0.5)).toBe("suspended");
    expect(await owed(WAR)).toEqual([]);
    expect(await line(WAR)).toMatchObject({ suspendedAt: WAITED, dueAt: null, holder: null });
    const toOwner = orThrow(await claim(WAITED));
    expect(toOwner.notices).toMatchObject([{ kind: "report" }]);
    const other = orThrow(await claim(WAITED));
    expect(other).toMatchObject({ recipient: { personId: "owner" }, notices: [{ kind: "suspended" }] });
    expect(await outbox.failed(other, { kind: "gone" }, WAITED, 0.5)).toBe("dead");
    await enqueue("quiet room", "report", WAITED);
    await outbox.delivered(toOwner, { messageId: "told" }, WAITED);
    const unwatched = await claimOf(bench, "quiet room");
    expect(await outbox.failed(unwatched, { kind: "gone" }, WAITED, 0.5)).toBe("dead");
  });

  test("PRODUCT 5: what must not be told yet is looked at again in a minute, and said to be withheld once", async () => {
    const bench = await open();
    const { outbox, claim, deliverNext, put, reconcile } = bench;
    expect(await outbox.withhold(await takenUp(bench), WAITED)).toBe(true);
    expect(await claim(WAITED + MINUTE - 1)).toBeUndefined();
    const again = orThrow(await claim(WAITED + MINUTE));
    expect(again.notices).toMatchObject([{ possiblySent: false }]);
    expect(await outbox.withhold(again, WAITED + MINUTE)).toBe(false);
    expect(await outbox.withhold(again, WAITED + MINUTE)).toBe(false);
    await deliverNext(WAITED + 2 * MINUTE);
    await put(closed(alert(1), WAITED + 2 * MINUTE));
    await reconcile(WAR, WAITED + 2 * MINUTE);
    const next = orThrow(await claim(WAITED + 2 * MINUTE + TIMINGS.intervalMs));
    expect(await outbox.withhold(next, WAITED + 3 * MINUTE)).toBe(true);
  });

  test("ALERTS 28: what somebody says of a message that is another one's by now changes nothing", async () => {
    const bench = await open();
    const { outbox, claim, owed } = bench;
    const lost = await takenUp(bench);
    expect(await claim(WAITED + LEASE_MS, "bob")).toBeDefined();
    expect(await outbox.failed(lost, { kind: "refused" }, WAITED + LEASE_MS, 0.5)).toBe("retry");
    expect(await outbox.withhold(lost, WAITED + LEASE_MS)).toBe(false);
    expect(await owed(WAR)).toEqual(["alert claimed"]);
  });
});

/** Takes up messages until there is one to this space. */
async function claimOf({ claim }: OutboxHarness, roomId: string) {
  for (;;) {
    const flush = orThrow(await claim(WAITED));
    if ("roomId" in flush.recipient && flush.recipient.roomId === roomId) return flush;
  }
}
