import { Client } from "pg";
import { expect, test } from "vitest";
import { NOON } from "../store/sweep-fixtures.ts";
import { onPostgres, type TestDatabase } from "../support/databases.ts";
import { HOUR, MINUTE } from "../support/time.ts";
import { until } from "../support/until.ts";
import {
  alert,
  alertsFrom,
  closed,
  LEASE_MS,
  OPS,
  type OutboxHarness,
  outboxHarnesses,
  WAITED,
  WAR,
} from "./outbox-fixtures.ts";

/** Several instances on one PostgreSQL database. */

const ROOMS = [WAR, "quiet room", "night shift"];

onPostgres((database) => {
  const open = outboxHarnesses(database);

  test("ALERTS 27: over all instances one message is under way to each recipient, and recipients do not wait for each other", async () => {
    const instances = [await open(), await open(), await open()];
    const [first] = instances;
    for (const roomId of ROOMS) {
      for (let n = 0; n < 10; n++) await first?.enqueue(roomId, "report", NOON + n);
    }
    const underWay = new Set<string>();
    const seen: string[] = [];
    const deliver = async ({ outbox, claim }: OutboxHarness, holder: string) => {
      while (seen.length < 30) {
        const message = await claim(NOON + MINUTE, holder);
        if (message === undefined) continue;
        const key = JSON.stringify(message.recipient);
        expect(underWay.has(key)).toBe(false);
        underWay.add(key);
        seen.push(`${key} ${message.notices[0]?.generation}`);
        await outbox.nextDue();
        underWay.delete(key);
        await outbox.delivered(message, { messageId: holder }, NOON + MINUTE);
      }
    };
    await Promise.all(instances.flatMap((each, n) => [deliver(each, `${n}a`), deliver(each, `${n}b`)]));
    expect(new Set(seen).size).toBe(30);
    const ofRoom = seen.filter((one) => one.includes(WAR));
    expect(ofRoom).toEqual([...ofRoom].sort());
  });

  test("one of several instances claims a message, and none while it is under way", async () => {
    const instances = [await open(), await open(), await open()];
    await instances[0]?.enqueue(WAR, "report", NOON);
    for (const now of [NOON, NOON + LEASE_MS, NOON + 2 * LEASE_MS]) {
      const reaching = instances.flatMap(({ claim }, n) => [claim(now, `${n}a`), claim(now, `${n}b`)]);
      const got = (await Promise.all(reaching)).filter((message) => message !== undefined);
      expect(got).toMatchObject([{ notices: [{ possiblySent: now > NOON }] }]);
      for (const message of got) await instances[0]?.outbox.beginPost(message, now);
    }
  });

  test("runScheduled in several instances at the same time enqueues each notice once", async () => {
    const [harness, other] = [await open(), await open()];
    const { watch, mute, put, completeSweep, change, reconcile, deliverNext, outbox, noticeStates } = harness;
    await completeSweep();
    await watch(WAR, { escalate: "second room" });
    await put(...alertsFrom(1, 11));
    await reconcile(WAR, NOON);
    await deliverNext(WAITED, "root");
    await mute({ roomId: WAR, from: NOON, until: NOON + 1 });
    await change(WAR, { kind: "digest", schedule: { time: "15:00", zone: "UTC" } }, NOON);
    const refused = { cause: "wholesale.unauthorized", isUnauthorized: true };
    for (const now of [NOON - MINUTE, NOON]) await outbox.recordReadFailure("", refused, now);
    const ticks = [0, 1, 2, 3].map((n) =>
      [harness, other][n % 2]?.outbox.runScheduled({
        now: NOON + 6 * HOUR + n,
        runningSince: NOON,
        sweepIntervalMs: MINUTE,
      }),
    );
    await Promise.all(ticks);
    const pending = (await noticeStates(WAR)).filter((one) => one.endsWith("pending"));
    expect(pending.sort()).toEqual(["digest", "outage", "reminder", "storm-end"].map((kind) => `${kind} pending`));
    expect(await noticeStates("second room")).toEqual(Array(11).fill("escalation pending"));
    expect(await noticeStates(OPS)).toEqual(["outage pending"]);
  });

  test("ALERTS 28: an alert that closes while its delivery is recorded gets its recovery", async () => {
    const { claimNext, outbox, noticeStates, notified, queueAlerts } = await open();
    const rival = await connect(database);
    await queueAlerts();
    const message = await claimNext(WAITED);
    // A reading closes the alert and has not committed yet, so the delivery waits for the lock of the queue.
    await rival.query("begin");
    await rival.query("select 1 from recipient_queues where recipient = $1 for update", [WAR]);
    await rival.query("update alerts set state = 'closed', tracked = 0, alert = $1 where id = 1", [
      JSON.stringify(closed(alert(1), WAITED)),
    ]);
    const delivery = outbox.delivered(message, { messageId: "root" }, WAITED);
    await until(() => expectWaiting(rival));
    await rival.query("commit");
    await delivery;
    expect(await notified(WAR)).toMatchObject([{ state: "open" }]);
    expect(await noticeStates(WAR)).toEqual(["alert sent", "recovery pending"]);
    await rival.end();
  });

  test("a transaction that the database ends because of a deadlock is repeated", async () => {
    const { enqueue, claimNext, outbox, noticeStates } = await open();
    const rival = await connect(database);
    // The ops room is told of a lost baseline at once, so that both queues are locked.
    await enqueue(WAR, "baseline", NOON);
    await enqueue(OPS, "report", NOON + HOUR);
    const message = await claimNext(NOON);
    await rival.query("begin");
    await rival.query("select 1 from recipient_queues where recipient = $1 for update", [OPS]);
    const setBack = outbox.failed(message, { kind: "rejected" }, NOON, 0.5);
    await until(() => expectWaiting(rival));
    await rival.query("select 1 from recipient_queues where recipient = $1 for update", [WAR]);
    await rival.query("commit");
    expect(await setBack).toBe("dead");
    expect(await noticeStates(WAR)).toEqual(["baseline dead"]);
    expect(await noticeStates(OPS)).toEqual(["report pending", "report pending"]);
    await rival.end();
  });
});

async function connect(database: TestDatabase): Promise<Client> {
  const client = new Client({ connectionString: database.location().databaseUrl });
  await client.connect();
  return client;
}

/** Fails unless another connection waits for a lock of this client. */
async function expectWaiting(client: Client): Promise<void> {
  const { rows } = await client.query(
    "select 1 from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))",
  );
  expect(rows.length).toBeGreaterThan(0);
}
