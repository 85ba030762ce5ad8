import { expect, test } from "vitest";
import { createSnapshotWriter } from "../../src/alerting/ingest.ts";
import { createOutbox } from "../../src/alerting/outbox.ts";
import { createAlerts } from "../../src/alerting/queries.ts";
import type { Store } from "../../src/domain/ports/store.ts";
import { openDatabase } from "../../src/store/database.ts";
import { createLeases } from "../../src/store/leases.ts";
import { createSnapshot } from "../../src/store/snapshot.ts";
import { NOON } from "../store/sweep-fixtures.ts";
import { customerOf } from "../support/alert-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { MINUTE } from "../support/time.ts";
import { openEngineHarness } from "./engine-harness.ts";
import { TIMINGS } from "./outbox-fixtures.ts";

/** Snapshot, alerts, history and notices are written in one transaction (ALERTS 25). */

const acme = (calling: string) => customerOf("acme", { calling });

onEveryDatabase((database) => {
  test.each(["transitions", "alerts", "sequences", "outbox", "recipientQueues"] as const)(
    "ALERTS 25: if %s cannot be written nothing is, and the next reading writes everything",
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
      const harness = openEngineHarness(parts as Store);
      await harness.sweep([acme("provisioned")]);
      await harness.watch("hq");
      await harness.deliver();
      harness.clock.now += MINUTE;
      const known = async () => ({
        status: (await harness.store.snapshot.get("", "acme"))[0]?.customer.packages[0]?.status,
        history: (await harness.store.snapshot.history("", { since: NOON + MINUTE, max: 9 })).length,
        alerts: (await harness.all()).length,
        queued: await harness.queued("hq"),
      });

      const before = await known();
      await db.schema.alterTable(table).renameTo("away").execute();
      await expect(harness.recordPage([acme("error")])).rejects.toThrow();
      await db.schema.alterTable("away").renameTo(table).execute();
      expect(await known()).toEqual(before);
      await harness.recordPage([acme("error")]);
      expect(await known()).toEqual({ status: "error", history: 1, alerts: 1, queued: ["alert #1"] });
      await close();
    },
  );
});
