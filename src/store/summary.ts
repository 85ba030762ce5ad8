import type { Kysely } from "kysely";
import type { Summary } from "../domain/snapshot.ts";
import { type Matching, matching } from "./filter.ts";
import type { Tables } from "./schema.ts";

const MOST_CODES = 20;

/** Counts of the customers that match, made in the database. Add-ons count as packages, as they do in a filter. */
export async function summarize(db: Kysely<Tables>, asked: Matching): Promise<Summary> {
  const byStatus = await db
    .selectFrom("customers")
    .select(["status as key", ({ fn }) => fn.countAll<number>().as("customers")])
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

async function countPackages(db: Kysely<Tables>, asked: Matching): Promise<Summary["byPackage"]> {
  const rows = await db
    .selectFrom("items")
    .select(["items.name", "items.class", ({ fn }) => fn.countAll<number>().as("count")])
    // By scope where all match; else by customer alone, so that the database begins with those.
    .where((is) =>
      isAll(asked) ? is("items.scope", "=", asked.scope) : is("items.customerKey", "in", keysOf(db, asked)),
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

const countCodes = (db: Kysely<Tables>, asked: Matching): Promise<Summary["byCode"]> =>
  db
    .selectFrom("codes")
    .select([
      "codes.code as key",
      ({ fn }) => fn.count<number>("codes.customerKey").distinct().as("customers"),
    ])
    .where((is) =>
      isAll(asked) ? is("codes.scope", "=", asked.scope) : is("codes.customerKey", "in", keysOf(db, asked)),
    )
    .groupBy("codes.code")
    .orderBy("customers", "desc")
    .orderBy("codes.code")
    .limit(MOST_CODES)
    .execute();

const isAll = ({ filter }: Matching) => filter.length === 0;

const keysOf = (db: Kysely<Tables>, asked: Matching) =>
  db.selectFrom("customers").select("customers.key").where(matching(asked));
