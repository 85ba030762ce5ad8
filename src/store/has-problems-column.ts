import { type Kysely, type Migration, sql } from "kysely";
import type { Tables } from "./schema.ts";

/** Adds `customers.hasProblems`, and sets it for the customers that are stored already. */
export const hasProblemsColumn: Migration = {
  async up(db: Kysely<Tables>) {
    await db.schema
      .alterTable("customers")
      .addColumn("hasProblems", "bigint", (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema
      .createIndex("customers_with_problems")
      .on("customers")
      .columns(["scope", "id"])
      .where(sql.ref("hasProblems"), "=", sql.lit(1))
      .execute();
    // In the JSON of a customer only a problem has a level.
    const withProblems = db.selectFrom("customerData").select("customerRowId").where("customer", "like", '%"level":%');
    await db.updateTable("customers").set({ hasProblems: 1 }).where("rowId", "in", withProblems).execute();
  },
};
