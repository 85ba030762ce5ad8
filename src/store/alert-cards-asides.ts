import type { Kysely, Migration } from "kysely";
import type { Tables } from "./schema.ts";

/** Adds the lines of their messages beside the alerts to the cards, so that an edit keeps them; null for none. */
export const alertCardsAsides = (): Migration => ({
  async up(db: Kysely<Tables>) {
    await db.schema.alterTable("alertCards").addColumn("asides", "text").execute();
  },
});
