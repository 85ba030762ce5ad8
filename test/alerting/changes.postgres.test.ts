import { expect, test } from "vitest";
import type { Alert } from "../../src/domain/alerts/alert.ts";
import { onPostgres } from "../support/databases.ts";
import { AFTER, ackChange, openTables, ROOM, sweptScope } from "./alert-fixtures.ts";

onPostgres((database) => {
  test("an acknowledgement during the write of a reading is kept, and so is what the reading writes", async () => {
    const store = await database.open();
    const { sweep } = await sweptScope(store, ["a"]);
    await sweep(["a"], AFTER);
    const { db } = await openTables(database);
    const { taking } = await db.transaction().execute(async (reading) => {
      await reading.selectFrom("leases").select("epoch").where("name", "=", "").forUpdate().execute();
      const { alert } = await reading.selectFrom("alerts").select("alert").executeTakeFirstOrThrow();
      const open: Alert = JSON.parse(alert);
      const healing = { ...open, state: "healing" };
      await reading
        .updateTable("alerts")
        .set({ state: "healing", alert: JSON.stringify(healing) })
        .execute();
      const taking = store.alerts.change(ROOM, ackChange("ada", [1]), AFTER);
      // Gives the acknowledgement time to reach the locked scope.
      for (let trip = 0; trip < 50; trip++) await reading.selectFrom("leases").select("name").execute();
      return { taking };
    });
    await taking;
    expect(await store.alerts.find("", 1)).toMatchObject({ state: "healing", ack: { name: "ada" } });
  });
});
