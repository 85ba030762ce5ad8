import { expect, test } from "vitest";
import { createSnapshotWriter } from "../../src/alerting/ingest.ts";
import { createOutbox } from "../../src/alerting/outbox.ts";
import { createAlerts } from "../../src/alerting/queries.ts";
import type { Store } from "../../src/domain/ports/store.ts";
import { openDatabase } from "../../src/store/database.ts";
import { createLeases } from "../../src/store/leases.ts";
import { createSnapshot } from "../../src/store/snapshot.ts";
import { MINUTE, NOON } from "../store/sweep-fixtures.ts";
import { customerOf } from "../support/alert-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { openEngineHarness } from "./engine-harness.ts";
import { TIMINGS } from "./outbox-fixtures.ts";

/** What was seen, what it means, its history and what is owed for it are one thing to write (ALERTS 25). */

const acme = (calling: string) => customerOf("acme", { calling });

onEveryDatabase((database) => {
  test.each(["transitions", "alerts", "sequences", "outbox", "recipientQueues"] as const)(
    "ALERTS 25: where %s cannot be written nothing is, and the next reading makes up for it",
    async (table) => {
      const { db, isSingleInstance, close } = await openDatabase(database.location());
      const deps = { db, isSingleInstance, timings: TIMINGS, opsRoomId: undefined };
      const parts: Partial<Store> = {
        leases: createLeases(db),
        writer: createSnapshotWriter(deps),
        snapshot: createSnapshot(db),
        alerts: createAlerts(deps),
        outbox: createOutbox(deps),
      };
      const stage = openEngineHarness(parts as Store);
      await stage.sweep([acme("provisioned")]);
      await stage.watch("hq");
      await stage.deliver();
      stage.clock.now += MINUTE;
      const known = async () => ({
        status: (await stage.store.snapshot.get("", "acme"))[0]?.customer.packages[0]?.status,
        history: (await stage.store.snapshot.history("", { since: NOON + MINUTE, max: 9 })).length,
        alerts: (await stage.all()).length,
        owed: await stage.owed("hq"),
      });

      const before = await known();
      await db.schema.alterTable(table).renameTo("away").execute();
      await expect(stage.page([acme("error")])).rejects.toThrow();
      await db.schema.alterTable("away").renameTo(table).execute();
      expect(await known()).toEqual(before);
      await stage.page([acme("error")]);
      expect(await known()).toEqual({ status: "error", history: 1, alerts: 1, owed: ["alert #1"] });
      await close();
    },
  );
});
