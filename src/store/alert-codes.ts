import type { Insertable, Kysely, Migration } from "kysely";
import { type Alert, hasRecovered } from "../domain/alerts/alert.ts";
import { alertCodes } from "../domain/alerts/error-codes.ts";
import { CUSTOMER_ITEM } from "../domain/customers/record.ts";
import { chunksOf, ROWS_PER_STATEMENT } from "./chunks.ts";
import type { SchemaDialect } from "./dialect.ts";
import type { Tables } from "./schema.ts";

/** Alerts that are read at once. */
const PAGE = 500;

/** The codes of errors, so that the bot's memory of a code is read without any alert; filled from the alerts that are kept. */
export const alertCodesTable = ({ textType }: SchemaDialect): Migration => ({
  async up(db: Kysely<Tables>) {
    await db.schema
      .createTable("alertCodes")
      .addColumn("alertId", "bigint", (column) => column.notNull())
      .addColumn("code", "bigint", (column) => column.notNull())
      .addColumn("scope", textType, (column) => column.notNull())
      .addColumn("customerId", textType, (column) => column.notNull())
      .addColumn("isOfCustomer", "bigint", (column) => column.notNull())
      .addColumn("openedAt", "bigint", (column) => column.notNull())
      .addColumn("recoveredAfter", "bigint")
      .addColumn("isRetried", "bigint", (column) => column.notNull())
      .addPrimaryKeyConstraint("alertCodes_key", ["alertId", "code"])
      .execute();
    await db.schema
      .createIndex("alert_codes_by_code")
      .on("alertCodes")
      .columns(["scope", "code", "openedAt", "alertId"])
      .execute();
    await fill(db);
  },
});

async function fill(db: Kysely<Tables>): Promise<void> {
  for (let last = 0; ; ) {
    const rows = await db
      .selectFrom("alerts")
      .select(["id", "alert"])
      .where("id", ">", last)
      .orderBy("id")
      .limit(PAGE)
      .execute();
    await writeAlertCodes(
      db,
      rows.map(({ alert }) => JSON.parse(alert)),
    );
    const end = rows.at(-1);
    if (end === undefined) return;
    last = end.id;
  }
}

/** Records the codes of these alerts. A code that an alert does not show any more keeps its row, as one that did not recover. */
export async function writeAlertCodes(db: Kysely<Tables>, alerts: readonly Alert[]): Promise<void> {
  for (const chunk of chunksOf(alerts.flatMap(codeRows), ROWS_PER_STATEMENT)) {
    await db
      .insertInto("alertCodes")
      .values(chunk)
      .onConflict((conflict) =>
        conflict.columns(["alertId", "code"]).doUpdateSet((is) => ({
          recoveredAfter: is.ref("excluded.recoveredAfter"),
          isRetried: is.ref("excluded.isRetried"),
        })),
      )
      .execute();
  }
}

/** None for a drill, for a kind that is no error, and for an error whose begin the bot did not see: nobody knows how long it took. */
function codeRows(alert: Alert): readonly Insertable<Tables["alertCodes"]>[] {
  const { id, key, openedAt, closedAt, attempt, baseline, drill } = alert;
  if (key.kind !== "error" || baseline || drill !== undefined) return [];
  const isOver = alert.state === "closed" && hasRecovered(alert) && closedAt !== undefined;
  return alertCodes(alert).map((code) => ({
    alertId: id,
    code,
    scope: key.scope,
    customerId: key.customerId,
    isOfCustomer: key.item === CUSTOMER_ITEM ? 1 : 0,
    openedAt,
    recoveredAfter: isOver ? Math.max(0, closedAt - openedAt) : null,
    isRetried: attempt > 1 ? 1 : 0,
  }));
}
