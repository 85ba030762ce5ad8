import type { Kysely } from "kysely";
import type { Tables } from "../store/schema.ts";
import { PEOPLE } from "./queue.ts";

const DAY = 24 * 3_600_000;
const CLOSED_ALERTS = 90 * DAY;
const NOTICES = 30 * DAY;
/** Longer than any mute: until then it tells why something open was not told. */
const MUTES = 8 * DAY;

/** Forgets alerts that were over long ago, notices that were sent or given up, and mutes that have ended; returns how many rows. */
export async function tidyAlerting(db: Kysely<Tables>, now: number): Promise<number> {
  const told = await db
    .deleteFrom("announced")
    .where("alertId", "in", (is) =>
      is
        .selectFrom("alerts")
        .select("id")
        .where("active", "=", 0)
        .where("changedAt", "<", now - CLOSED_ALERTS),
    )
    .executeTakeFirst();
  const alerts = await db
    .deleteFrom("alerts")
    .where("active", "=", 0)
    .where("changedAt", "<", now - CLOSED_ALERTS)
    .executeTakeFirst();
  const notices = await db
    .deleteFrom("outbox")
    .where("state", "in", ["sent", "transient", "dead"])
    .where("owedAt", "<", now - NOTICES)
    .executeTakeFirst();
  const mutes = await db
    .deleteFrom("mutes")
    .where("ended", "=", 1)
    .where("until", "<", now - MUTES)
    .executeTakeFirst();
  const lines = await forgetLines(db);
  return [told, alerts, notices, mutes, lines].reduce(
    (sum, { numDeletedRows }) => sum + Number(numDeletedRows),
    0,
  );
}

/** Of people to whom nothing was said for as long as notices are kept. What is due is looked at anew, so none that is just owed is lost. */
const forgetLines = (db: Kysely<Tables>) =>
  db
    .deleteFrom("lines")
    .where((is) => is.or(PEOPLE.map((prefix) => is("target", "like", `${prefix}%`))))
    .where("dueAt", "is", null)
    .where("holder", "is", null)
    .where("target", "not in", (is) => is.selectFrom("outbox").select("outbox.target"))
    .executeTakeFirst();
