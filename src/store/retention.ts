import type { Kysely } from "kysely";
import { dayOf } from "./history.ts";
import type { Tables } from "./schema.ts";

const DAY = 24 * 3_600_000;
const HISTORY_RETENTION_MS = 400 * DAY;
const SWEEP_RETENTION_MS = 30 * DAY;

/** Deletes old history and old sweeps, but never the last complete sweep of a scope; returns the number of rows. */
export async function tidySnapshot(db: Kysely<Tables>, now: number): Promise<number> {
  const transitions = await db
    .deleteFrom("transitions")
    .where("at", "<", now - HISTORY_RETENTION_MS)
    .executeTakeFirst();
  const dailyCounts = await db
    .deleteFrom("dailyCounts")
    .where("day", "<", dayOf(now - HISTORY_RETENTION_MS))
    .executeTakeFirst();
  const names = await db
    .deleteFrom("organisations")
    .where("readAt", "<", now - HISTORY_RETENTION_MS)
    .executeTakeFirst();
  const sweeps = await db
    .deleteFrom("sweeps")
    .where("startedAt", "<", now - SWEEP_RETENTION_MS)
    .where("state", "!=", "running")
    .where("id", "not in", (is) =>
      is
        .selectFrom("sweeps as last")
        .select(({ fn }) => fn.max("last.id").as("id"))
        .where("last.state", "=", "complete")
        .groupBy("last.scope"),
    )
    .executeTakeFirst();
  return [transitions, dailyCounts, names, sweeps].reduce((sum, { numDeletedRows }) => sum + Number(numDeletedRows), 0);
}
