import { expect, test } from "vitest";
import { customerOf } from "../support/alert-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { MINUTE } from "../support/time.ts";
import { openTables } from "./alert-fixtures.ts";
import { describeDeliveries } from "./deliver-messages.ts";
import { openEngineHarness } from "./engine-harness.ts";

/** Changes of the database that no rule makes: a bug, a lost row, a restored backup (ALERTS 19). */

const acme = (calling: string) => customerOf("acme", { calling });
const globex = customerOf("globex", { calling: "provisioned" });

onEveryDatabase((database) => {
  /** A room that was told of an open alert. */
  async function told() {
    const harness = openEngineHarness(await database.open());
    await harness.sweep([acme("provisioned"), globex]);
    await harness.watch("hq");
    await harness.deliver();
    harness.clock.now += MINUTE;
    await harness.sweep([acme("error"), globex]);
    await harness.deliverAll();
    const { db } = await openTables(database);
    return { ...harness, db };
  }

  test("ALERTS 19: a room whose state of an alert is lost is told again after the next complete sweep", async () => {
    const { db, sweep, deliver, queued, wait } = await told();
    await db.deleteFrom("notifiedStates").execute();
    await sweep([acme("error"), globex], { end: { state: "failed", cause: "http.500" } });
    expect(await queued("hq")).toEqual([]);
    await sweep([acme("error"), globex]);
    await wait(MINUTE);
    expect(describeDeliveries(await deliver())).toEqual(["hq: alert acme.calling"]);
    await sweep([acme("error"), globex]);
    expect(await queued("hq")).toEqual([]);
  });

  test("ALERTS 19: a room that believes a closed alert to be open is told its end after the next complete sweep", async () => {
    const { db, sweep, deliverAll, unwatch } = await told();
    for (const _ of [1, 2]) await sweep([acme("provisioned"), globex]);
    await deliverAll();
    await unwatch("hq");
    await db.updateTable("notifiedStates").set({ state: "open" }).execute();
    await sweep([acme("provisioned"), globex]);
    expect(describeDeliveries(await deliverAll())).toEqual(["hq: recovery acme.calling"]);
  });

  test("ALERTS 19: a room whose notices are lost is told after the next complete sweep", async () => {
    const { db, sweep, recordPage, queued, clock } = await told();
    clock.now += MINUTE;
    await recordPage([customerOf("globex", { calling: "error" })]);
    await db.deleteFrom("outbox").where("state", "=", "pending").execute();
    expect(await queued("hq")).toEqual([]);
    await sweep([acme("error"), customerOf("globex", { calling: "error" })]);
    expect(await queued("hq")).toEqual(["alert #2"]);
  });
});
