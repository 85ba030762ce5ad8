import type { Kysely, Migration } from "kysely";
import type { Tables } from "./schema.ts";

/** Adds to the cards what their message told beside its alerts, so that an edit keeps it; null for nothing. */
export const alertCardsAsides = (): Migration => ({
  async up(db: Kysely<Tables>) {
    await db.schema.alterTable("alertCards").addColumn("asides", "text").execute();
  },
});
