import type { Kysely, Migration } from "kysely";
import type { SchemaDialect } from "./dialect.ts";
import type { Tables } from "./schema.ts";

/** Adds the message that says that the answer to an event is under way, so that the next try puts the answer in its place. */
export const inboxUnderWay = ({ textType }: SchemaDialect): Migration => ({
  async up(db: Kysely<Tables>) {
    await db.schema.alterTable("inbox").addColumn("underWay", textType).execute();
  },
});
