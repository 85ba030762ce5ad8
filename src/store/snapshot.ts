import type { Kysely } from "kysely";
import type { Scope } from "../domain/customers/sweep.ts";
import type { CodeCount, Snapshot, SnapshotSummary } from "../domain/ports/snapshot.ts";
import { readHistory, readTrend } from "./history.ts";
import { readNamesDue } from "./organisation-names.ts";
import { readRecordsByAnyId } from "./records.ts";
import type { Tables } from "./schema.ts";
import { type CustomerQuery, countUnmatched, findRecords, matching, streamRecords } from "./search.ts";
import { readAge } from "./sweeps.ts";

export const createSnapshot = (db: Kysely<Tables>): Snapshot => ({
  age: (scope) => readAge(db, scope),
  find: (scope, query) => findRecords(db, scope, query),
  get: (scope, anyId) => readRecordsByAnyId(db, scope, anyId),
  countUnmatched: (filters, now) => countUnmatched(db, filters, now),
  codeCount: (scope, code) => countCode(db, scope, code),
  summary: (scope, filter, now) => summarize(db, { scope, filter, now }),
  history: (scope, query) => readHistory(db, scope, query),
  trend: (scope, days, now) => readTrend(db, scope, { days, now }),
  stream: (scope, query) => streamRecords(db, scope, query),
  unhealthy: (scope) => readUnhealthy(db, scope),
  namesDue: (scope, notBefore, max) => readNamesDue(db, scope, { notBefore, max }),
});

async function readUnhealthy(db: Kysely<Tables>, scope: Scope): Promise<readonly string[]> {
  // Healing and retrying alerts are polled too, and closed ones that flap: the next sweep may be far away.
  const withAlert = await db
    .selectFrom("alerts")
    .select(["customerId as id", ({ fn }) => fn.min("openedAt").as("since")])
    .where("scope", "=", scope)
    // A literal, because the planner uses a partial index only for a literal.
    .where("tracked", "=", ({ lit }) => lit(1))
    .where("kind", "=", "error")
    .where("drill", "=", "")
    .groupBy("customerId")
    .orderBy("since")
    .orderBy("customerId")
    .execute();
  const unhealthy = await db
    .selectFrom("customers")
    .select("id")
    .where("scope", "=", scope)
    .where("unhealthy", "=", ({ lit }) => lit(1))
    .orderBy("id")
    .execute();
  return [...new Set([...withAlert, ...unhealthy].map(({ id }) => id))];
}

const MAX_CODES = 20;

/** Counts the customers that match. Add-ons count as packages, as they do in a filter. */
async function summarize(db: Kysely<Tables>, asked: CustomerQuery): Promise<SnapshotSummary> {
  const byStatus = await db
    .selectFrom("customers")
    .select(["status as value", ({ fn }) => fn.countAll<number>().as("customers")])
    .where(matching(asked))
    .groupBy(["statusKey", "status"])
    .orderBy("customers", "desc")
    .orderBy("status")
    .execute();
  return {
    total: byStatus.reduce((sum, { customers }) => sum + customers, 0),
    byStatus,
    byPackage: await countPackages(db, asked),
    byCode: await countCodes(db, asked),
  };
}

async function countPackages(db: Kysely<Tables>, asked: CustomerQuery): Promise<SnapshotSummary["byPackage"]> {
  const rows = await db
    .selectFrom("items")
    .select(["items.name", "items.class", ({ fn }) => fn.countAll<number>().as("count")])
    // By scope if all match, else by customer alone, so that the database begins with those.
    .where((is) =>
      isAll(asked) ? is("items.scope", "=", asked.scope) : is("items.customerRowId", "in", rowIdsOf(db, asked)),
    )
    .groupBy(["items.name", "items.class"])
    .orderBy("items.name")
    .execute();
  const counted = (name: string, kind: string) =>
    rows.find((row) => row.name === name && row.class === kind)?.count ?? 0;
  return [...new Set(rows.map(({ name }) => name))].map((name) => ({
    name,
    bad: counted(name, "bad"),
    moving: counted(name, "moving"),
    good: counted(name, "good"),
  }));
}

const countCodes = (db: Kysely<Tables>, asked: CustomerQuery): Promise<SnapshotSummary["byCode"]> =>
  db
    .selectFrom("codes")
    .select(["codes.code as value", ({ fn }) => fn.count<number>("codes.customerRowId").distinct().as("customers")])
    .where((is) =>
      isAll(asked) ? is("codes.scope", "=", asked.scope) : is("codes.customerRowId", "in", rowIdsOf(db, asked)),
    )
    .groupBy("codes.code")
    .orderBy("customers", "desc")
    .orderBy("codes.code")
    .limit(MAX_CODES)
    .execute();

async function countCode(db: Kysely<Tables>, scope: Scope, code: number): Promise<CodeCount> {
  const rows = db.selectFrom("codes").where("scope", "=", scope).where("code", "=", String(code));
  const counted = await rows
    .select(({ fn }) => [
      fn.count<number>("customerRowId").distinct().as("customers"),
      fn.sum<number | null>((is) => is.case().when("position", ">=", 0).then(1).else(0).end()).as("packages"),
    ])
    .executeTakeFirstOrThrow();
  return { customers: counted.customers, packages: Number(counted.packages ?? 0) };
}

const isAll = ({ filter }: CustomerQuery) => filter.length === 0;

const rowIdsOf = (db: Kysely<Tables>, asked: CustomerQuery) =>
  db.selectFrom("customers").select("customers.rowId").where(matching(asked));
