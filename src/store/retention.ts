import type { Kysely } from "kysely";
import { deleteInChunks } from "./chunks.ts";
import { dayOf } from "./history.ts";
import type { Tables } from "./schema.ts";

const DAY = 24 * 3_600_000;
const HISTORY_RETENTION_MS = 400 * DAY;
const SWEEP_RETENTION_MS = 30 * DAY;

/** Deletes old history and old sweeps, but never the last complete sweep of a scope; returns the number of rows. */
export async function tidySnapshot(db: Kysely<Tables>, now: number): Promise<number> {
  const transitions = await deleteInChunks((most) => deleteTransitions(db, now - HISTORY_RETENTION_MS, most));
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
  return [dailyCounts, names, sweeps].reduce((sum, { numDeletedRows }) => sum + Number(numDeletedRows), transitions);
}

async function deleteTransitions(db: Kysely<Tables>, before: number, most: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("transitions")
    .where("id", "in", (is) =>
      is.selectFrom("transitions as old").select("old.id").where("old.at", "<", before).limit(most),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}
