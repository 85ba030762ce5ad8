import { type CreateTableBuilder, type Kysely, type Migration, sql } from "kysely";
import { type MigrateOptions, type Text, textOf } from "./cures.ts";
import type { Tables } from "./schema.ts";

type Table = CreateTableBuilder<string, string>;

/** The tables of alerts and notices: `alerting-schema.ts` says what is in them. */
export const alertingTables = (options: MigrateOptions): Migration => {
  const { numbering } = options;
  const text = textOf(options);
  return {
    async up(db: Kysely<Tables>) {
      await createAlerts(db, text);
      await createArrangements(db, text);
      await createTold(db, text, numbering);
      await createSights(db, text);
    },
  };
};

/** What a watching space was called when its watch was set up. */
export const spaceNames = (options: MigrateOptions): Migration => ({
  up: (db: Kysely<Tables>) => db.schema.alterTable("watches").addColumn("space", textOf(options)).execute(),
});

/** What is asked by is a column: whether somebody has taken an alert, and whether a watch names somebody to call in. */
export const askedColumns = (): Migration => ({
  async up(db: Kysely<Tables>) {
    await addMark(db, "alerts", "acked");
    await db.updateTable("alerts").set({ acked: 1 }).where("alert", "like", '%"ack":{%').execute();
    await addMark(db, "watches", "escalates");
    await db
      .updateTable("watches")
      .set({ escalates: 1 })
      .where("options", "like", '%"escalate":"%')
      .execute();
  },
});

const addMark = (db: Kysely<Tables>, table: "alerts" | "watches", name: string): Promise<void> =>
  db.schema
    .alterTable(table)
    .addColumn(name, "bigint", (column) => column.notNull().defaultTo(0))
    .execute();

const columns = (table: Table, names: readonly string[], type: "bigint" | Text, required = true): Table =>
  names.reduce(
    (so, name) => so.addColumn(name, type, (column) => (required ? column.notNull() : column)),
    table,
  );

async function createAlerts(db: Kysely<Tables>, text: Text): Promise<void> {
  const table = db.schema.createTable("alerts").addColumn("id", "bigint", (column) => column.primaryKey());
  const texts = ["scope", "customerId", "item", "kind", "state", "drill", "alert"];
  await columns(
    columns(table, texts, text),
    ["active", "openedAt", "changedAt", "judgedAt"],
    "bigint",
  ).execute();
  const index = (name: string, of: string[]) =>
    db.schema.createIndex(name).on("alerts").columns(of).execute();
  await index("alerts_by_customer", ["scope", "customerId", "id"]);
  await index("alerts_by_change", ["scope", "changedAt"]);
  await db.schema
    .createIndex("alerts_active")
    .on("alerts")
    .columns(["scope", "id"])
    .where(sql.ref("active"), "=", sql.lit(1))
    .execute();
  const numbers = db.schema.createTable("numbers").addColumn("name", text, (column) => column.primaryKey());
  await columns(numbers, ["last"], "bigint").execute();
}

async function createArrangements(db: Kysely<Tables>, text: Text): Promise<void> {
  const watches = columns(db.schema.createTable("watches"), ["roomId", "filter", "options", "ownerId"], text);
  await columns(watches, ["number", "since"], "bigint")
    .addPrimaryKeyConstraint("watches_key", ["roomId", "number"])
    .execute();
  const mutes = columns(db.schema.createTable("mutes"), ["roomId", "mute"], text);
  await columns(mutes, ["number", "from", "until", "ended"], "bigint")
    .addPrimaryKeyConstraint("mutes_key", ["roomId", "number"])
    .execute();
  const digests = db.schema.createTable("digests").addColumn("roomId", text, (column) => column.primaryKey());
  await columns(
    columns(columns(digests, ["time", "zone"], text), ["nextAt"], "bigint"),
    ["lastAt"],
    "bigint",
    false,
  ).execute();
  const follows = columns(
    db.schema.createTable("follows"),
    ["personId", "scope", "customerId", "follow"],
    text,
  );
  await columns(follows, ["moved"], "bigint")
    .addPrimaryKeyConstraint("follows_key", ["scope", "customerId", "personId"])
    .execute();
}

async function createTold(
  db: Kysely<Tables>,
  text: Text,
  numbering: MigrateOptions["numbering"],
): Promise<void> {
  const announced = columns(db.schema.createTable("announced"), ["roomId", "state", "messageId"], text);
  const counts = ["alertId", "generation", "failures", "toldAt", "reminded", "remindAt"];
  await columns(columns(announced, counts, "bigint"), ["escalatedAt"], "bigint", false)
    .addColumn("edits", "bigint", (column) => column.notNull().defaultTo(0))
    .addPrimaryKeyConstraint("announced_key", ["roomId", "alertId"])
    .execute();
  const index = (name: string, table: string, of: string[]) =>
    db.schema.createIndex(name).on(table).columns(of).execute();
  await index("announced_by_alert", "announced", ["alertId", "roomId"]);
  await index("announced_by_message", "announced", ["roomId", "messageId"]);
  await index("announced_by_reminder", "announced", ["state", "remindAt"]);

  const empty = db.schema.createTable("outbox");
  const numbered =
    numbering === "identity"
      ? empty.addColumn("id", "bigint", (column) => column.generatedAlwaysAsIdentity().primaryKey())
      : empty.addColumn("id", "integer", (column) => column.autoIncrement().primaryKey());
  const outbox = columns(numbered, ["target", "kind", "state", "says"], text);
  const figures = ["alertId", "generation", "urgent", "regression", "owedAt", "maybeSent"];
  await columns(columns(outbox, figures, "bigint"), ["claimedAt", "sentAt"], "bigint", false)
    .addColumn("messageId", text)
    .addUniqueConstraint("outbox_once", ["target", "alertId", "generation", "kind"])
    .execute();
  await index("outbox_by_target", "outbox", ["target", "state", "urgent", "owedAt"]);
  await index("outbox_by_state", "outbox", ["state", "owedAt"]);

  const lines = db.schema.createTable("lines").addColumn("target", text, (column) => column.primaryKey());
  const times = ["dueAt", "leasedUntil", "flushedAt", "retryAt", "triedSince", "suspendedAt", "withheldAt"];
  await columns(
    columns(columns(lines, ["holder", "storm"], text, false), times, "bigint", false),
    ["first", "attempts"],
    "bigint",
  ).execute();
  await index("lines_by_due", "lines", ["first", "dueAt"]);
}

async function createSights(db: Kysely<Tables>, text: Text): Promise<void> {
  const sights = db.schema.createTable("sights").addColumn("scope", text, (column) => column.primaryKey());
  const times = ["baselineAt", "readAt", "completeAt"];
  await columns(
    columns(columns(sights, times, "bigint", false), ["failure", "blind"], text, false),
    ["tookMs"],
    "bigint",
  ).execute();
}
