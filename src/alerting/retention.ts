import type { ExpressionBuilder } from "kysely";
import { deleteInChunks } from "../store/chunks.ts";
import type { Tables } from "../store/schema.ts";
import { PEOPLE_PREFIXES } from "./recipients.ts";
import type { Db } from "./transaction.ts";

const DAY_MS = 24 * 3_600_000;
const CLOSED_ALERT_RETENTION_MS = 90 * DAY_MS;
const NOTICE_RETENTION_MS = 30 * DAY_MS;
/** Longer than the longest mute, so that cards can name the mute of an open alert. */
const MUTE_RETENTION_MS = 8 * DAY_MS;

/** Deletes alerts that closed long ago, notices that do not wait, and mutes that ended; returns how many rows. */
export async function tidyAlerting(db: Db, now: number): Promise<number> {
  const states = await deleteWithAlerts(db, "notifiedStates", now);
  const codes = await deleteWithAlerts(db, "alertCodes", now);
  const shown = await db
    .deleteFrom("cardAlerts")
    .where("alertId", "not in", (is) => is.selectFrom("notifiedStates").select("notifiedStates.alertId"))
    .executeTakeFirst();
  const cards = await db
    .deleteFrom("alertCards")
    .where("messageId", "not in", (is) => is.selectFrom("notifiedStates").select("notifiedStates.messageId"))
    .where("messageId", "not in", (is) => is.selectFrom("cardAlerts").select("cardAlerts.messageId"))
    .executeTakeFirst();
  const alerts = await db
    .deleteFrom("alerts")
    .where("tracked", "=", 0)
    .where("changedAt", "<", now - CLOSED_ALERT_RETENTION_MS)
    .executeTakeFirst();
  const notices = await deleteInChunks((most) => deleteNotices(db, now - NOTICE_RETENTION_MS, most));
  const unseen = await deleteOldPersonNotices(db, now - NOTICE_RETENTION_MS);
  const mutes = await db
    .deleteFrom("mutes")
    .where("ended", "=", 1)
    .where("until", "<", now - MUTE_RETENTION_MS)
    .executeTakeFirst();
  const queues = await deleteIdleQueues(db);
  return [states, codes, shown, cards, alerts, unseen, mutes, queues].reduce(
    (sum, { numDeletedRows }) => sum + Number(numDeletedRows),
    notices,
  );
}

async function deleteNotices(db: Db, before: number, most: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("outbox")
    .where("id", "in", (is) =>
      is
        .selectFrom("outbox as old")
        .select("old.id")
        .where("old.state", "in", ["sent", "cancelled", "dead"])
        .where("old.queuedAt", "<", before)
        .limit(most),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

/** Deletes the rows of alerts that are deleted after them. */
const deleteWithAlerts = (db: Db, table: "notifiedStates" | "alertCodes", now: number) =>
  db
    .deleteFrom(table)
    .where("alertId", "in", (is) =>
      is
        .selectFrom("alerts")
        .select("id")
        .where("tracked", "=", 0)
        .where("changedAt", "<", now - CLOSED_ALERT_RETENTION_MS),
    )
    .executeTakeFirst();

const isPerson = (is: ExpressionBuilder<Tables, "outbox">) =>
  is.or(PEOPLE_PREFIXES.map((prefix) => is("recipient", "like", `${prefix}%`)));

/** A message that its person may not see any more waits, and is dropped in the end. */
const deleteOldPersonNotices = (db: Db, before: number) =>
  db
    .deleteFrom("outbox")
    .where("state", "=", "pending")
    .where("queuedAt", "<", before)
    .where(isPerson)
    .executeTakeFirst();

/** The queues of people for whom the outbox has no rows any more. */
const deleteIdleQueues = (db: Db) =>
  db
    .deleteFrom("recipientQueues")
    .where((is) => is.or(PEOPLE_PREFIXES.map((prefix) => is("recipient", "like", `${prefix}%`))))
    .where("dueAt", "is", null)
    .where("holder", "is", null)
    .where("recipient", "not in", (is) => is.selectFrom("outbox").select("outbox.recipient"))
    .executeTakeFirst();
