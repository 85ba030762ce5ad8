import type { Transaction } from "kysely";
import type { CustomerRecord } from "../domain/customers/record.ts";
import { chunksOf, ROWS } from "./chunks.ts";
import { customerRow, dataOf, partRows, type Recorded } from "./customer-rows.ts";
import type { Tables } from "./schema.ts";

type Db = Transaction<Tables>;

/** Writes whole records, each over the one that was kept before, if any. */
export async function writeRecords(db: Db, scope: string, recorded: readonly Recorded[]): Promise<void> {
  for (const chunk of chunksOf(recorded, ROWS)) {
    const rows = chunk.map((one) => customerRow(scope, one));
    const [first] = rows;
    if (first === undefined) continue;
    const columns = Object.keys(first) as (keyof typeof first)[];
    const keys = await db
      .insertInto("customers")
      .values(rows)
      .onConflict((conflict) =>
        conflict
          .columns(["scope", "id"])
          .doUpdateSet((is) =>
            Object.fromEntries(columns.map((column) => [column, is.ref(`excluded.${column}`)])),
          ),
      )
      .returning(["key", "id"])
      .execute();
    const keyOf = new Map(keys.map(({ key, id }) => [id, key]));
    await writeParts(
      db,
      scope,
      chunk.flatMap(({ record }) => {
        const key = keyOf.get(record.customer.id);
        return key === undefined ? [] : { key, record };
      }),
    );
  }
}

interface Keyed {
  readonly key: number;
  readonly record: CustomerRecord;
}

async function writeParts(db: Db, scope: string, keyed: readonly Keyed[]): Promise<void> {
  const keys = keyed.map(({ key }) => key);
  await db.deleteFrom("items").where("customerKey", "in", keys).execute();
  await db.deleteFrom("codes").where("customerKey", "in", keys).execute();
  const parts = keyed.map(({ key, record }) => partRows(scope, key, record.customer));
  for (const items of chunksOf(
    parts.flatMap((one) => one.items),
    ROWS,
  )) {
    await db.insertInto("items").values(items).execute();
  }
  for (const codes of chunksOf(
    parts.flatMap((one) => one.codes),
    ROWS,
  )) {
    await db.insertInto("codes").values(codes).execute();
  }
  await db
    .insertInto("customerData")
    .values(keyed.map(({ key, record }) => ({ customerKey: key, ...dataOf(record) })))
    .onConflict((conflict) =>
      conflict.column("customerKey").doUpdateSet((is) => ({
        customer: is.ref("excluded.customer"),
        since: is.ref("excluded.since"),
      })),
    )
    .execute();
}
