import type { Kysely, Migration } from "kysely";
import type { SchemaDialect } from "./dialect.ts";
import type { Tables } from "./schema.ts";

/** The time zone that a space has chosen. */
export const roomZones = ({ textType }: SchemaDialect): Migration => ({
  async up(db: Kysely<Tables>) {
    await db.schema
      .createTable("roomZones")
      .addColumn("roomId", textType, (column) => column.notNull().primaryKey())
      .addColumn("zone", textType, (column) => column.notNull())
      .execute();
  },
});
