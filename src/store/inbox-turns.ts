import type { Kysely, Migration } from "kysely";
import type { SchemaDialect } from "./dialect.ts";
import type { Tables } from "./schema.ts";

/** Adds the person who asked, so that turns go round by person, and the cause of a failure, so that `outbox` can show it. */
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
