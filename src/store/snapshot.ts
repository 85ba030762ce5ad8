import type { Kysely } from "kysely";
import type { Snapshot } from "../domain/snapshot.ts";
import { findRecords, streamRecords } from "./find.ts";
import { readHistory } from "./history.ts";
import { readNamesDue } from "./names.ts";
import { getRecords } from "./records.ts";
import type { Tables } from "./schema.ts";
import { summarize } from "./summary.ts";
import { readAge } from "./sweeps.ts";
import { readTrend } from "./tallies.ts";

export const createSnapshot = (db: Kysely<Tables>): Snapshot => ({
  age: (scope) => readAge(db, scope),
  find: (scope, query) => findRecords(db, scope, query),
  get: (scope, anyId) => getRecords(db, scope, anyId),
  summary: (scope, filter, now) => summarize(db, { scope, filter, now }),
  history: (scope, query) => readHistory(db, scope, query),
  trend: (scope, days, now) => readTrend(db, scope, { days, now }),
  stream: (scope, query) => streamRecords(db, scope, query),
  async unwell(scope) {
    const rows = await db
      .selectFrom("customers")
      .select("id")
      .where("scope", "=", scope)
      // A literal, by which the database knows the index that holds these alone.
      .where("unwell", "=", ({ lit }) => lit(1))
      // What heals, or is tried again, is looked at as well: the next sweep may be far.
      .union(
        db
          .selectFrom("alerts")
          .select("customerId as id")
          .where("scope", "=", scope)
          .where("active", "=", ({ lit }) => lit(1))
          .where("state", "!=", "closed")
          .where("drill", "=", ""),
      )
      .orderBy("id")
      .execute();
    return rows.map(({ id }) => id);
  },
  namesDue: (scope, notBefore, max) => readNamesDue(db, scope, { notBefore, max }),
});
