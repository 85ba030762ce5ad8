import { Client } from "pg";
import { expect, test } from "vitest";
import type { OutgoingMessage } from "../../src/domain/ports/alerting.ts";
import { MINUTE, NOON } from "../store/sweep-fixtures.ts";
import { onPostgres, type TestDatabase } from "../support/databases.ts";
import { until } from "../support/until.ts";
import {
  alert,
  closed,
  HOUR,
  LEASE_MS,
  OPS,
  type OutboxHarness,
  outboxHarnesses,
  TIMINGS,
  WAR,
} from "./outbox-fixtures.ts";

/** Several instances share a PostgreSQL database; a file has one. */

const WAITED = NOON + TIMINGS.waitMs;
const ROOMS = [WAR, "quiet room", "night shift"];

onPostgres((database) => {
  const open = outboxHarnesses(database);

  test("ALERTS 27: one message is under way to each target, over all instances, and targets do not wait for each other", async () => {
    const instances = [await open(), await open(), await open()];
    const [first] = instances;
    for (const roomId of ROOMS) {
      for (let n = 0; n < 10; n++) await first?.enqueue(roomId, "report", NOON + n);
    }
    const underWay = new Set<string>();
    const seen: string[] = [];
    const deliver = async ({ outbox, claim }: OutboxHarness, holder: string) => {
      while (seen.length < 30) {
        const flush = await claim(NOON + MINUTE, holder);
        if (flush === undefined) continue;
        const key = JSON.stringify(flush.recipient);
        expect(underWay.has(key)).toBe(false);
        underWay.add(key);
        seen.push(`${key} ${flush.notices[0]?.generation}`);
        await outbox.nextDue();
        underWay.delete(key);
        await outbox.delivered(flush, { messageId: holder }, NOON + MINUTE);
      }
    };
    await Promise.all(instances.flatMap((each, n) => [deliver(each, `${n}a`), deliver(each, `${n}b`)]));
    expect(new Set(seen).size).toBe(30);
    const ofRoom = seen.filter((one) => one.includes(WAR));
    expect(ofRoom).toEqual([...ofRoom].sort());
  });

  test("of instances that reach for a message at once, one gets it, and nobody while it is under way", async () => {
    const instances = [await open(), await open(), await open()];
    await instances[0]?.enqueue(WAR, "report", NOON);
    for (const now of [NOON, NOON + LEASE_MS, NOON + 2 * LEASE_MS]) {
      const reaching = instances.flatMap(({ claim }, n) => [claim(now, `${n}a`), claim(now, `${n}b`)]);
      const got = (await Promise.all(reaching)).filter((flush) => flush !== undefined);
      expect(got).toMatchObject([{ notices: [{ possiblySent: now > NOON }] }]);
    }
  });

  test("of instances that tick at the same moment, one owes", async () => {
    const [bench, other] = [await open(), await open()];
    const { watch, mute, put, read, change, reconcile, deliverNext, outbox, owed } = bench;
    await read();
    await watch(WAR, { escalate: "second room" });
    const alerts = Array.from({ length: 11 }, (_, index) => alert(index + 1));
    await put(...alerts);
    await reconcile(WAR, NOON);
    await deliverNext(WAITED, "root");
    await mute({ roomId: WAR, from: NOON, until: NOON + 1 });
    await change(WAR, { kind: "digest", schedule: { time: "15:00", zone: "UTC" } }, NOON);
    await outbox.recordReadFailure("", { cause: "wholesale.unauthorized", refused: true }, NOON);
    const ticks = [0, 1, 2, 3].map((n) =>
      [bench, other][n % 2]?.outbox.runScheduled({
        now: NOON + 6 * HOUR + n,
        runningSince: NOON,
        sweepIntervalMs: MINUTE,
      }),
    );
    await Promise.all(ticks);
    const pending = (await owed(WAR)).filter((one) => one.endsWith("pending"));
    expect(pending.sort()).toEqual(["digest", "outage", "reminder", "storm-end"].map((kind) => `${kind} pending`));
    expect(await owed("second room")).toEqual(Array(11).fill("escalation pending"));
    expect(await owed(OPS)).toEqual(["outage pending"]);
  });

  test("ALERTS 28: an alert that ends while its message is being announced gets its recovery, whoever is first", async () => {
    const { watch, put, reconcile, claim, outbox, owed, told } = await open();
    const rival = await connect(database);
    await watch(WAR);
    await put(alert(1));
    await reconcile(WAR, NOON);
    const flush = orThrow(await claim(WAITED));
    // A reading closes it, and has not said so yet when the delivery looks: it waits for the line.
    await rival.query("begin");
    await rival.query("select 1 from recipient_queues where recipient = $1 for update", [WAR]);
    await rival.query("update alerts set state = 'closed', active = 0, alert = $1 where id = 1", [
      JSON.stringify(closed(alert(1), WAITED)),
    ]);
    const delivery = outbox.delivered(flush, { messageId: "root" }, WAITED);
    await until(() => expectWaiting(rival));
    await rival.query("commit");
    await delivery;
    expect(await told(WAR)).toMatchObject([{ state: "open" }]);
    expect(await owed(WAR)).toEqual(["alert sent", "recovery pending"]);
    await rival.end();
  });

  test("a transaction that the database ends because two wait for each other is made again", async () => {
    const { enqueue, claim, outbox, owed } = await open();
    const rival = await connect(database);
    await enqueue(WAR, "outage-end", NOON);
    await enqueue(OPS, "report", NOON + HOUR);
    const flush = orThrow(await claim(NOON));
    await rival.query("begin");
    await rival.query("select 1 from recipient_queues where recipient = $1 for update", [OPS]);
    const setBack = outbox.failed(flush, { kind: "refused" }, NOON, 0.5);
    await until(() => expectWaiting(rival));
    await rival.query("select 1 from recipient_queues where recipient = $1 for update", [WAR]);
    await rival.query("commit");
    expect(await setBack).toBe("dead");
    expect(await owed(WAR)).toEqual(["outage-end dead"]);
    expect(await owed(OPS)).toEqual(["report pending", "report pending"]);
    await rival.end();
  });
});

function orThrow(flush: OutgoingMessage | undefined): OutgoingMessage {
  if (flush === undefined) throw new Error("Nothing is due.");
  return flush;
}

async function connect(database: TestDatabase): Promise<Client> {
  const client = new Client({ connectionString: database.location().databaseUrl });
  await client.connect();
  return client;
}

/** Until somebody waits for what this client holds. */
async function expectWaiting(client: Client): Promise<void> {
  const { rows } = await client.query(
    "select 1 from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))",
  );
  expect(rows.length).toBeGreaterThan(0);
}
