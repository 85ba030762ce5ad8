import { Client } from "pg";
import { expect, test } from "vitest";
import { onPostgres, type TestDatabase } from "../support/databases.ts";
import { until } from "../support/until.ts";
import { event, LEASE, NOON } from "./inbox-fixtures.ts";

onPostgres((database) => {
  test("an event that becomes visible late does not get a second claimer into its room", async () => {
    const [first, second] = [await database.open(), await database.open()];
    const late = await connect(database);
    await late.query("begin");
    await late.query(INSERT_LATE, [NOON]);
    await first.inbox.add(event("war room", "prompt"), NOON);
    expect(await first.inbox.claim("ada", NOON, LEASE)).toMatchObject({ body: "prompt" });
    await late.query("commit");
    expect(await second.inbox.claim("bob", NOON, LEASE)).toBeUndefined();
    // Not even when the lease runs out: the event that was taken up is to be finished first.
    expect(await second.inbox.claim("bob", NOON + LEASE, LEASE)).toMatchObject({
      body: "prompt",
      attempts: 1,
    });
    await late.end();
  });

  test("a claimer that meets another one in the middle of its claim loses, and gets another room", async () => {
    const { inbox } = await database.open();
    const rival = await connect(database);
    await inbox.add(event("war room", "first"), NOON);
    await inbox.add(event("war room", "second"), NOON);
    await inbox.add(event("quiet room", "other"), NOON + 1);
    await rival.query("begin");
    await rival.query("update inbox set holder = 'rival', leased_until = $1 where idempotency_key = 'second'", [
      NOON + LEASE,
    ]);
    const claim = inbox.claim("ada", NOON + 1, LEASE);
    await until(() => expectWaiting(rival));
    await rival.query("commit");
    expect(await claim).toMatchObject({ body: "other" });
    await rival.end();
  });
});

const INSERT_LATE = `insert into inbox (idempotency_key, room_id, resource, event, body, received_at, due_at, attempts)
  values ('late', 'war room', 'messages', 'created', 'late', $1, $1, 0)`;

async function connect(database: TestDatabase): Promise<Client> {
  const client = new Client({ connectionString: database.location().databaseUrl });
  await client.connect();
  return client;
}

async function expectWaiting(client: Client): Promise<void> {
  const { rows } = await client.query("select 1 from pg_locks where not granted and $1 = any(pg_blocking_pids(pid))", [
    await ownPid(client),
  ]);
  expect(rows).toHaveLength(1);
}

async function ownPid(client: Client): Promise<number> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  return rows[0]?.pid ?? 0;
}
