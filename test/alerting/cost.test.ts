import Libsql from "libsql";
import { Client } from "pg";
import { expect, test } from "vitest";
import { NO_WATCH_OPTIONS } from "../../src/domain/alerts/watch.ts";
import { customerOf } from "../support/alert-fixtures.ts";
import { type DatabaseLocation, onFile, onPostgres } from "../support/databases.ts";
import { MINUTE } from "../support/time.ts";
import { type EngineHarness, openEngineHarness } from "./engine-harness.ts";

/** Readings without changes: nearly all readings of 100,000 customers are such. */

const many = Array.from({ length: 40 }, (_, at) =>
  customerOf(`c${at}`, { calling: at % 4 === 0 ? "error" : "provisioned" }),
);

/** Ten alerts are open, delivered, and were evaluated since. */
async function settled(harness: EngineHarness): Promise<void> {
  await harness.watch("hq", [], { ...NO_WATCH_OPTIONS, stuck: true, warnings: true, removed: true });
  await harness.watch("lab");
  for (const _ of [1, 2]) await harness.sweep(many);
  await harness.deliver();
  expect(await harness.store.alerts.active("")).toHaveLength(10);
}

onFile((database) => {
  test("a page without changes writes nothing, though alerts are open", async () => {
    const harness = openEngineHarness(await database.open());
    await settled(harness);
    const reader = new Libsql(`${database.location().dataDir}/bot.db`);
    // Changes with every commit of another connection that wrote something.
    const version = () => reader.prepare("pragma data_version").raw().get();
    const before = version();
    await harness.recordPage(many);
    expect(version()).toEqual(before);
    reader.close();
  });
});

onPostgres((database) => {
  test("a sweep or a quick poll without changes writes no alert, no notice and no state of a space", async () => {
    const harness = openEngineHarness(await database.open());
    await settled(harness);
    const before = await versionsOf(database.location());
    for (const _ of [1, 2, 3]) {
      harness.clock.now += MINUTE;
      await harness.sweep(many);
      await harness.quickPoll(many);
    }
    expect(await versionsOf(database.location())).toEqual(before);
  });
});

/** Which transaction wrote each row last. */
async function versionsOf({ databaseUrl }: DatabaseLocation): Promise<unknown> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const tables = ["alerts", "sequences", "outbox", "recipient_queues", "notified_states", "watches", "follows"];
  const versions = [];
  for (const table of tables) versions.push((await client.query(`select xmin, ctid from ${table} order by ctid`)).rows);
  await client.end();
  return versions;
}
