import { sql } from "kysely";
import { afterEach, describe, expect, test } from "vitest";
import { openStore } from "../../src/app/open-store.ts";
import { openDatabase } from "../../src/store/database.ts";
import { SHORT_INTERVALS, startHealthyJourney, watchOneCustomer } from "../support/alert-journey.ts";
import { freePort } from "../support/free-port.ts";
import type { Journey } from "../support/journey.ts";
import { isPoolerPossible, type PgBouncer, startPgBouncer } from "../support/pgbouncer.ts";
import { createSchema, dropSchema, runStatement, type TestSchema } from "../support/postgres-schemas.ts";

const { TEST_DATABASE_URL: url = "" } = process.env;
const isPossible = isPoolerPossible();

let schema: TestSchema;
let pooler: PgBouncer;
let journey: Journey | undefined;

async function begin(mode: "session" | "transaction"): Promise<void> {
  schema = await createSchema(url);
  pooler = await startPgBouncer(url, schema.name, mode);
}

afterEach(async () => {
  if (!isPossible) return;
  await journey?.stop();
  journey = undefined;
  await pooler.stop();
  await dropSchema(url, schema);
});

describe.skipIf(!isPossible)("behind PgBouncer", () => {
  test.each(["transaction", "session"] as const)(
    "two instances start on an empty database, sweep, answer and alert (%s pooling)",
    async (mode) => {
      await begin(mode);
      const env = { ...SHORT_INTERVALS, DATABASE_URL: pooler.databaseUrl };
      journey = await startHealthyJourney(env);
      await journey.startBot({ ...env, PORT: String(await freePort()) });
      await journey.waitForSweeps();
      const answer = await journey.person("viewer").ask("summary", { roomId: journey.groupRoom });
      expect(answer.text).toContain("40 customers");
      const watched = await watchOneCustomer(journey);
      await watched.fail();
      await watched.waitFor(/^✕ Error: /, watched.id);
      expect(journey.logEntries.filter(({ level }) => level === "error")).toEqual([]);
    },
  );

  test("instances that start at the same time migrate one after the other, and leave no lock behind", async () => {
    await begin("transaction");
    const options = { dataDir: "unused", databaseUrl: pooler.databaseUrl };
    const stores = await Promise.all([1, 2, 3, 4].map(() => openStore(options)));
    await Promise.all(stores.map((store) => store.close()));
    // The pooler still holds its connections: a lock of a session would be held by one of them.
    await expect(runStatement(url, NO_LOCK)).resolves.toBeUndefined();
  });

  test("a transaction has the limits, and a connection that changes hands keeps none of them", async () => {
    await begin("transaction");
    const { db, close } = await openDatabase({ dataDir: "unused", databaseUrl: pooler.databaseUrl });
    const limitOn = async (on: typeof db) =>
      (await sql<{ limit: string }>`select current_setting('statement_timeout') as limit`.execute(on)).rows[0]?.limit;
    expect(await db.transaction().execute(limitOn)).toBe("15s");
    expect(await limitOn(db)).toBe("0");
    await close();
  });

  test("an address with options is refused, with what to do instead", async () => {
    await begin("transaction");
    const databaseUrl = `${pooler.databaseUrl}?options=-c%20search_path%3Dx`;
    await expect(openStore({ dataDir: "unused", databaseUrl })).rejects.toMatchObject({
      code: "store.pooler",
      hint: expect.stringContaining("alter role"),
    });
  });
});

/** Fails while anybody in this database holds the lock of migrations. */
const NO_LOCK = `do $$ begin
  if exists (select from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database()))
  then raise exception 'locked'; end if;
end $$`;
