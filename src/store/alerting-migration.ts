import { type CreateTableBuilder, type Kysely, type Migration, sql } from "kysely";
import { type MigrateOptions, type TextType, textType } from "./database-errors.ts";
import type { Tables } from "./schema.ts";

type Table = CreateTableBuilder<string, string>;

/** The tables of alerts and notices: `alerting-schema.ts` says what is in them. */
export const alertingTables = (options: MigrateOptions): Migration => {
  const { numbering } = options;
  const text = textType(options);
  return {
    async up(db: Kysely<Tables>) {
      await createAlertTables(db, text);
      await createWatchTables(db, text);
      await createNotificationTables(db, text, numbering);
      await createVisibilityTable(db, text);
    },
  };
};

/** What a watching space was called when its watch was set up. */
export const spaceNames = (options: MigrateOptions): Migration => ({
  up: (db: Kysely<Tables>) => db.schema.alterTable("watches").addColumn("space", textType(options)).execute(),
});

/** What is asked by is a column: whether somebody has taken an alert, and whether a watch names somebody to call in. */
export const askedColumns = (): Migration => ({
  async up(db: Kysely<Tables>) {
    await addMark(db, "alerts", "acked");
    await db.updateTable("alerts").set({ acked: 1 }).where("alert", "like", '%"ack":{%').execute();
    await addMark(db, "watches", "escalates");
    await db.updateTable("watches").set({ escalates: 1 }).where("options", "like", '%"escalate":"%').execute();
  },
});

const addMark = (db: Kysely<Tables>, table: "alerts" | "watches", name: string): Promise<void> =>
  db.schema
    .alterTable(table)
    .addColumn(name, "bigint", (column) => column.notNull().defaultTo(0))
    .execute();

const withColumns = (table: Table, names: readonly string[], type: "bigint" | TextType, required = true): Table =>
  names.reduce((so, name) => so.addColumn(name, type, (column) => (required ? column.notNull() : column)), table);

async function createAlertTables(db: Kysely<Tables>, text: TextType): Promise<void> {
  const table = db.schema.createTable("alerts").addColumn("id", "bigint", (column) => column.primaryKey());
  const texts = ["scope", "customerId", "item", "kind", "state", "drill", "alert"];
  await withColumns(
    withColumns(table, texts, text),
    ["active", "openedAt", "changedAt", "evaluatedAt"],
    "bigint",
  ).execute();
  const index = (name: string, of: string[]) => db.schema.createIndex(name).on("alerts").columns(of).execute();
  await index("alerts_by_customer", ["scope", "customerId", "id"]);
  await index("alerts_by_change", ["scope", "changedAt"]);
  await db.schema
    .createIndex("alerts_active")
    .on("alerts")
    .columns(["scope", "id"])
    .where(sql.ref("active"), "=", sql.lit(1))
    .execute();
  const numbers = db.schema.createTable("sequences").addColumn("name", text, (column) => column.primaryKey());
  await withColumns(numbers, ["last"], "bigint").execute();
}

async function createWatchTables(db: Kysely<Tables>, text: TextType): Promise<void> {
  const watches = withColumns(db.schema.createTable("watches"), ["roomId", "filter", "options", "ownerId"], text);
  await withColumns(watches, ["number", "since"], "bigint")
    .addPrimaryKeyConstraint("watches_key", ["roomId", "number"])
    .execute();
  const mutes = withColumns(db.schema.createTable("mutes"), ["roomId", "mute"], text);
  await withColumns(mutes, ["number", "from", "until", "ended"], "bigint")
    .addPrimaryKeyConstraint("mutes_key", ["roomId", "number"])
    .execute();
  const digests = db.schema.createTable("digests").addColumn("roomId", text, (column) => column.primaryKey());
  await withColumns(
    withColumns(withColumns(digests, ["time", "zone"], text), ["nextAt"], "bigint"),
    ["lastAt"],
    "bigint",
    false,
  ).execute();
  const follows = withColumns(db.schema.createTable("follows"), ["personId", "scope", "customerId", "follow"], text);
  await withColumns(follows, ["changed"], "bigint")
    .addPrimaryKeyConstraint("follows_key", ["scope", "customerId", "personId"])
    .execute();
}

async function createNotificationTables(
  db: Kysely<Tables>,
  text: TextType,
  numbering: MigrateOptions["numbering"],
): Promise<void> {
  const notifiedStates = withColumns(db.schema.createTable("notifiedStates"), ["roomId", "state", "messageId"], text);
  const counts = ["alertId", "generation", "failures", "notifiedAt", "reminded", "remindAt"];
  await withColumns(withColumns(notifiedStates, counts, "bigint"), ["escalatedAt"], "bigint", false)
    .addColumn("edits", "bigint", (column) => column.notNull().defaultTo(0))
    .addPrimaryKeyConstraint("announced_key", ["roomId", "alertId"])
    .execute();
  const index = (name: string, table: string, of: string[]) =>
    db.schema.createIndex(name).on(table).columns(of).execute();
  await index("announced_by_alert", "notifiedStates", ["alertId", "roomId"]);
  await index("announced_by_message", "notifiedStates", ["roomId", "messageId"]);
  await index("announced_by_reminder", "notifiedStates", ["state", "remindAt"]);

  const empty = db.schema.createTable("outbox");
  const numbered =
    numbering === "identity"
      ? empty.addColumn("id", "bigint", (column) => column.generatedAlwaysAsIdentity().primaryKey())
      : empty.addColumn("id", "integer", (column) => column.autoIncrement().primaryKey());
  const outbox = withColumns(numbered, ["recipient", "kind", "state", "details"], text);
  const figures = ["alertId", "generation", "urgent", "regression", "queuedAt", "possiblySent"];
  await withColumns(withColumns(outbox, figures, "bigint"), ["claimedAt", "sentAt"], "bigint", false)
    .addColumn("messageId", text)
    .addUniqueConstraint("outbox_once", ["recipient", "alertId", "generation", "kind"])
    .execute();
  await index("outbox_by_target", "outbox", ["recipient", "state", "urgent", "queuedAt"]);
  await index("outbox_by_state", "outbox", ["state", "queuedAt"]);

  const lines = db.schema.createTable("recipientQueues").addColumn("recipient", text, (column) => column.primaryKey());
  const times = ["dueAt", "leasedUntil", "lastGroupSentAt", "retryAt", "failingSince", "suspendedAt", "withheldAt"];
  await withColumns(
    withColumns(withColumns(lines, ["holder", "storm"], text, false), times, "bigint", false),
    ["priority", "attempts"],
    "bigint",
  ).execute();
  await index("recipient_queues_by_due", "recipientQueues", ["priority", "dueAt"]);
}

async function createVisibilityTable(db: Kysely<Tables>, text: TextType): Promise<void> {
  const visibility = db.schema.createTable("visibility").addColumn("scope", text, (column) => column.primaryKey());
  const times = ["baselineAt", "readAt", "completeAt"];
  await withColumns(
    withColumns(withColumns(visibility, times, "bigint", false), ["failure", "outage"], text, false),
    ["tookMs"],
    "bigint",
  ).execute();
}
