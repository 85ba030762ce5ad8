import type { Kysely, Migration } from "kysely";
import type { SchemaDialect } from "./dialect.ts";
import type { Tables } from "./schema.ts";

/** Who asked, so that turns go round by person, and why an event failed, so that one that was given up can be shown. */
export const inboxTurns = ({ textType }: SchemaDialect): Migration => ({
  async up(db: Kysely<Tables>) {
    await db.schema
      .alterTable("inbox")
      .addColumn("senderId", textType, (column) => column.notNull().defaultTo(""))
      .execute();
    await db.schema.alterTable("inbox").addColumn("cause", textType).execute();
    for (const name of ["failingSince", "givenUpAt"])
      await db.schema.alterTable("inbox").addColumn(name, "bigint").execute();
    for (const name of ["senderId", "roomId"])
      await db.schema
        .createIndex(`inbox_turns_by_${name === "senderId" ? "sender" : "room"}`)
        .on("inbox")
        .columns([name, "processedAt"])
        .execute();
  },
});
