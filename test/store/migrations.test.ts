import { sql } from "kysely";
import { expect, test } from "vitest";
import { alert, onEveryOutbox, WAR } from "../alerting/outbox-fixtures.ts";
import { NOON } from "./sweep-fixtures.ts";

onEveryOutbox((open) => {
  test("what an earlier version kept is found by the columns that it did not have", async () => {
    const before = await open();
    const ack = { personId: "ada", name: "Ada", at: NOON };
    await before.put(alert(1), alert(2, { ack }), alert(3, { subject: { ...alert(3).subject, name: "ack" } }));
    await before.watch(WAR);
    await before.watch("lobby", { escalate: "boss@example.com" });
    await sql`alter table alerts drop column acked`.execute(before.db);
    await sql`alter table watches drop column escalates`.execute(before.db);
    await sql`delete from kysely_migration where name = '0005_asked_columns'`.execute(before.db);
    await before.close();

    const { db } = await open();
    const alerts = await db.selectFrom("alerts").select(["id", "acked"]).orderBy("id").execute();
    expect(alerts.map(({ id, acked }) => [id, acked])).toEqual([
      [1, 0],
      [2, 1],
      [3, 0],
    ]);
    const watches = await db.selectFrom("watches").select(["roomId", "escalates"]).orderBy("roomId").execute();
    expect(watches.map(({ roomId, escalates }) => [roomId, escalates])).toEqual([
      ["lobby", 1],
      [WAR, 0],
    ]);
  });
});
