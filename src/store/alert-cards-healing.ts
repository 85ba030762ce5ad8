import type { Kysely, Migration } from "kysely";
import type { Tables } from "./schema.ts";

/** Adds a mark to the cards that may show a healing alert: they are edited if it is in error again. */
export const alertCardsHealing = (): Migration => ({
  async up(db: Kysely<Tables>) {
    await db.schema
      .alterTable("alertCards")
      .addColumn("mayShowHealing", "integer", (column) => column.notNull().defaultTo(0))
      .execute();
  },
});
