import { type Kysely, type Migration, sql } from "kysely";
import type { Tables } from "./schema.ts";

/**
 * Takes the entries of waiting events out of the indexes of turns, and drops the index by due time: each page of an index that an
 * event touches is written twice for each question, and few events wait at a time.
 */
export const inboxIndexes = (): Migration => ({
  async up(db: Kysely<Tables>) {
    await db.schema.dropIndex("inbox_by_due").execute();
    for (const [name, column] of [
      ["inbox_turns_by_sender", "senderId"],
      ["inbox_turns_by_room", "roomId"],
    ] as const) {
      await db.schema.dropIndex(name).execute();
      await db.schema
        .createIndex(name)
        .on("inbox")
        .columns([column, "processedAt"])
        .where(sql.ref("processedAt"), "is not", null)
        .where(sql.ref("givenUpAt"), "is", null)
        .execute();
    }
  },
});
