import { type Kysely, sql } from "kysely";
import type { Tables } from "./schema.ts";

/**
 * Lets the database look at what is in the tables, so that it knows which index finds few rows. PostgreSQL does so by itself,
 * only later than the first question; SQLite never does.
 */
export async function analyze(db: Kysely<Tables>): Promise<void> {
  for (const table of ["customers", "items", "codes"] as const) {
    await sql`analyze ${sql.table(table)}`.execute(db);
  }
}
