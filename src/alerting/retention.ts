import type { Kysely } from "kysely";
import type { Tables } from "../store/schema.ts";
import { PEOPLE_PREFIXES } from "./queue.ts";

const DAY = 24 * 3_600_000;
const CLOSED_ALERT_RETENTION_MS = 90 * DAY;
const NOTICE_RETENTION_MS = 30 * DAY;
/** Longer than any mute: until then it tells why something open was not told. */
const MUTE_RETENTION_MS = 8 * DAY;

/** Forgets alerts that were over long ago, notices that were sent or given up, and mutes that have ended; returns how many rows. */
export async function tidyAlerting(db: Kysely<Tables>, now: number): Promise<number> {
  const told = await db
    .deleteFrom("notifiedStates")
    .where("alertId", "in", (is) =>
      is
        .selectFrom("alerts")
        .select("id")
        .where("active", "=", 0)
        .where("changedAt", "<", now - CLOSED_ALERT_RETENTION_MS),
    )
    .executeTakeFirst();
  const alerts = await db
    .deleteFrom("alerts")
    .where("active", "=", 0)
    .where("changedAt", "<", now - CLOSED_ALERT_RETENTION_MS)
    .executeTakeFirst();
  const notices = await db
    .deleteFrom("outbox")
    .where("state", "in", ["sent", "cancelled", "dead"])
    .where("queuedAt", "<", now - NOTICE_RETENTION_MS)
    .executeTakeFirst();
  const mutes = await db
    .deleteFrom("mutes")
    .where("ended", "=", 1)
    .where("until", "<", now - MUTE_RETENTION_MS)
    .executeTakeFirst();
  const lines = await deleteIdleQueues(db);
  return [told, alerts, notices, mutes, lines].reduce((sum, { numDeletedRows }) => sum + Number(numDeletedRows), 0);
}

/** Of people to whom nothing was said for as long as notices are kept. What is due is looked at anew, so none that is just owed is lost. */
const deleteIdleQueues = (db: Kysely<Tables>) =>
  db
    .deleteFrom("recipientQueues")
    .where((is) => is.or(PEOPLE_PREFIXES.map((prefix) => is("recipient", "like", `${prefix}%`))))
    .where("dueAt", "is", null)
    .where("holder", "is", null)
    .where("recipient", "not in", (is) => is.selectFrom("outbox").select("outbox.recipient"))
    .executeTakeFirst();
