import type { Kysely, Migration, Updateable } from "kysely";
import { foldCase } from "../domain/customers/compare-text.ts";
import type { Tables } from "./schema.ts";

const KEYS = ["externalIdKey", "statusKey", "titleKey", "countryKey", "stateKey", "cityKey", "zipKey"] as const;

/** Rows that are read at once. */
const PAGE = 1_000;

/** Filters compare texts without accents: folds what 0.1.0 stored with them. A name that has none is not written. */
export const foldAccents = (): Migration => ({
  async up(db: Kysely<Tables>) {
    await foldCustomers(db);
    await foldPeople(db);
  },
});

async function foldCustomers(db: Kysely<Tables>): Promise<void> {
  for (let last = 0; ; ) {
    const rows = await db
      .selectFrom("customers")
      .select(["rowId", "searchText", ...KEYS])
      .where("rowId", ">", last)
      .orderBy("rowId")
      .limit(PAGE)
      .execute();
    for (const { rowId, searchText, ...keys } of rows) {
      if (Object.values(keys).every(isFolded) && foldLines(searchText) === searchText) continue;
      const folded = Object.fromEntries(Object.entries(keys).map(([name, text]) => [name, foldCase(text)]));
      const row: Updateable<Tables["customers"]> = { ...folded, searchText: foldLines(searchText) };
      await db.updateTable("customers").set(row).where("rowId", "=", rowId).execute();
    }
    const end = rows.at(-1);
    if (end === undefined) return;
    last = end.rowId;
  }
}

async function foldPeople(db: Kysely<Tables>): Promise<void> {
  const people = await db.selectFrom("auditPeople").select(["key", "searchText"]).execute();
  for (const { key, searchText } of people) {
    const folded = foldLines(searchText);
    if (folded !== searchText)
      await db.updateTable("auditPeople").set({ searchText: folded }).where("key", "=", key).execute();
  }
}

const isFolded = (text: string): boolean => foldCase(text) === text;

/** Each text stands on a line of its own. */
const foldLines = (text: string): string => text.split("\n").map(foldCase).join("\n");
