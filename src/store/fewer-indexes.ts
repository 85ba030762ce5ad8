import type { Kysely, Migration } from "kysely";
import type { SchemaDialect } from "./dialect.ts";
import type { Tables } from "./schema.ts";

/**
 * Drops two indexes that each question wrote. The rows of a person in the audit are looked for only when somebody is forgotten, or no
 * row may be left. The other index keeps two claims from one room that run at once, and in SQLite no two statements do.
 */
export const fewerIndexes = ({ isSerial }: SchemaDialect): Migration => ({
  async up(db: Kysely<Tables>) {
    await db.schema.dropIndex("audit_by_person").execute();
    if (isSerial) await db.schema.dropIndex("inbox_one_per_room").execute();
  },
});
