import type { Kysely } from "kysely";
import { dayOf } from "./history.ts";
import type { Tables } from "./schema.ts";

const DAY = 24 * 3_600_000;
const HISTORY = 400 * DAY;
const SWEEPS = 30 * DAY;

/** Forgets old history and old sweeps, but never the last complete sweep of a scope; returns how many rows. */
export async function tidySnapshot(db: Kysely<Tables>, now: number): Promise<number> {
  const steps = await db
    .deleteFrom("transitions")
    .where("at", "<", now - HISTORY)
    .executeTakeFirst();
  const tallies = await db
    .deleteFrom("tallies")
    .where("day", "<", dayOf(now - HISTORY))
    .executeTakeFirst();
  const names = await db
    .deleteFrom("organisations")
    .where("readAt", "<", now - HISTORY)
    .executeTakeFirst();
  const sweeps = await db
    .deleteFrom("sweeps")
    .where("startedAt", "<", now - SWEEPS)
    .where("state", "!=", "running")
    .where("id", "not in", (is) =>
      is
        .selectFrom("sweeps as last")
        .select(({ fn }) => fn.max("last.id").as("id"))
        .where("last.state", "in", ["complete", "suspect"])
        .groupBy("last.scope"),
    )
    .executeTakeFirst();
  return [steps, tallies, names, sweeps].reduce((sum, { numDeletedRows }) => sum + Number(numDeletedRows), 0);
}
