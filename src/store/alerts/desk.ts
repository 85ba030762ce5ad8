import type { Kysely } from "kysely";
import type { Desk, Shown } from "../../domain/alerting.ts";
import { findLine } from "../notices/lines.ts";
import { readAlerts, readAnnounced, readRoom } from "../notices/reading.ts";
import { readNotice } from "../notices/rows.ts";
import type { Tables } from "../schema.ts";

type Db = Kysely<Tables>;

/** All that a space has arranged, was told and is owed. */
export async function readDesk(db: Db, roomId: string): Promise<Desk> {
  const room = await readRoom(db, roomId);
  const told = await db
    .selectFrom("announced")
    .selectAll()
    .where("roomId", "=", roomId)
    .orderBy("alertId")
    .execute();
  const waiting = await db
    .selectFrom("outbox")
    .selectAll()
    .where("target", "=", roomId)
    .where("state", "in", ["held", "pending", "claimed"])
    .orderBy("id")
    .execute();
  const digest = await db
    .selectFrom("digests")
    .select(["time", "zone"])
    .where("roomId", "=", roomId)
    .executeTakeFirst();
  const line = await findLine(db, roomId);
  return {
    ...room,
    told: told.map(readAnnounced),
    waiting: waiting.map(readNotice),
    ...(digest !== undefined && { digest }),
    ...(line !== undefined && line.suspendedAt !== null && { suspendedAt: line.suspendedAt }),
  };
}

/** The alerts whose card a message is, but for those of a scope that the space was bound to before and sees no more. */
export async function readShown(db: Db, roomId: string, messageId: string): Promise<readonly Shown[]> {
  const rows = await db
    .selectFrom("announced")
    .selectAll()
    .where("roomId", "=", roomId)
    .where("messageId", "=", messageId)
    .execute();
  const told = new Map(rows.map((row) => [row.alertId, readAnnounced(row)]));
  const { scope } = await readRoom(db, roomId);
  const alerts = await readAlerts(db, [...told.keys()]);
  return alerts.flatMap((alert) => {
    const one = told.get(alert.id);
    return one === undefined || alert.key.scope !== scope ? [] : [{ alert, told: one }];
  });
}
