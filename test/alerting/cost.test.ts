import Libsql from "libsql";
import { Client } from "pg";
import { expect, test } from "vitest";
import { NO_WATCH_OPTIONS } from "../../src/domain/alerts/watch.ts";
import { MINUTE } from "../store/sweep-fixtures.ts";
import { customerOf } from "../support/alert-fixtures.ts";
import { type DatabaseLocation, onFile, onPostgres } from "../support/databases.ts";
import { type EngineHarness, openEngineHarness } from "./engine-harness.ts";

/** What nothing new costs: this is what happens nearly all of the time, over 100,000 customers. */

const many = Array.from({ length: 40 }, (_, at) =>
  customerOf(`c${at}`, { calling: at % 4 === 0 ? "error" : "provisioned" }),
);

/** Ten alerts are open, told, and have been looked at since. */
async function settled(stage: EngineHarness): Promise<void> {
  await stage.watch("hq", [], { ...NO_WATCH_OPTIONS, stuck: true, warnings: true, removed: true });
  await stage.watch("lab");
  for (const _ of [1, 2]) await stage.sweep(many);
  await stage.deliver();
  expect(await stage.store.alerts.active("")).toHaveLength(10);
}

onFile((database) => {
  test("a page that says nothing new writes nothing, though alerts are open", async () => {
    const stage = openEngineHarness(await database.open());
    await settled(stage);
    const reader = new Libsql(`${database.location().dataDir}/bot.db`);
    // Changes with every commit of another connection that wrote something.
    const version = () => reader.prepare("pragma data_version").raw().get();
    const before = version();
    await stage.page(many);
    expect(version()).toEqual(before);
    reader.close();
  });
});

onPostgres((database) => {
  test("a sweep or a look that finds nothing new writes no alert, no notice and nothing of a space", async () => {
    const stage = openEngineHarness(await database.open());
    await settled(stage);
    const before = await versionsOf(database.location());
    for (const _ of [1, 2, 3]) {
      stage.clock.now += MINUTE;
      await stage.sweep(many);
      await stage.look(many);
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
