import { type CreateTableBuilder, type Kysely, type Migration, sql } from "kysely";
import { type MigrateOptions, type TextType, textType } from "./database-errors.ts";
import type { Tables } from "./schema.ts";

/** The tables of the snapshot: `snapshot-schema.ts` says what is in them. */
export const snapshotTables = (options: MigrateOptions): Migration => {
  const { numbering } = options;
  const kit: ColumnTypes = {
    text: textType(options),
    numbered: (table, name) =>
      numbering === "identity"
        ? table.addColumn(name, "bigint", (column) => column.generatedAlwaysAsIdentity().primaryKey())
        : table.addColumn(name, "integer", (column) => column.autoIncrement().primaryKey()),
  };
  return {
    async up(db: Kysely<Tables>) {
      await createCustomerTables(db, kit);
      await createItemTables(db, kit);
      await createTransitionTable(db, kit);
      await createSweepTables(db, kit);
      await createScopeTables(db, kit);
    },
  };
};

interface ColumnTypes {
  /** A text that is compared byte by byte, which is by code point. */
  readonly text: TextType;
  readonly numbered: (table: Table, name: string) => Table;
}

type Table = CreateTableBuilder<string, string>;

const withColumns = (table: Table, names: readonly string[], type: "bigint" | ColumnTypes["text"]): Table =>
  names.reduce((so, name) => so.addColumn(name, type, (column) => column.notNull()), table);

async function createCustomerTables(db: Kysely<Tables>, { text, numbered }: ColumnTypes): Promise<void> {
  const texts = ["scope", "id", "orgId", "externalId", "externalIdKey", "status", "statusKey", "titleKey"];
  const more = ["countryKey", "stateKey", "cityKey", "zipKey", "searchText", "checksum"];
  const numbers = ["nameReadAt", "firstSeenAt", "changedAt", "unhealthy", "absentSweeps"];
  await withColumns(
    withColumns(numbered(db.schema.createTable("customers"), "key"), [...texts, ...more], text),
    numbers,
    "bigint",
  )
    .addColumn("name", "text")
    .addUniqueConstraint("customers_by_id", ["scope", "id"])
    .execute();
  await db.schema
    .createTable("customerData")
    .addColumn("customerKey", "bigint", (column) => column.primaryKey().references("customers.key").onDelete("cascade"))
    .addColumn("customer", "text", (column) => column.notNull())
    .addColumn("since", "text", (column) => column.notNull())
    .execute();
  await indexCustomers(db);
}

async function indexCustomers(db: Kysely<Tables>): Promise<void> {
  const index = (name: string, columns: readonly string[]) =>
    db.schema
      .createIndex(name)
      .on("customers")
      .columns(["scope", ...columns])
      .execute();
  // The usual order, with what free words and names look through, and the usual question, in the usual order: neither needs
  // the table. Every other index is short on purpose: an entry at a random place costs a page of the journal, and a first
  // sweep makes one of those for each customer.
  await index("customers_by_title", ["titleKey", "id", "searchText"]);
  await index("customers_by_status", ["statusKey", "titleKey", "id"]);
  await index("customers_by_status_alone", ["statusKey", "status"]);
  await index("customers_by_country", ["countryKey"]);
  await index("customers_by_city", ["cityKey"]);
  await index("customers_by_zip", ["zipKey"]);
  await index("customers_by_external_id", ["externalId"]);
  await index("customers_by_change", ["changedAt"]);
  await index("customers_by_naming", ["nameReadAt"]);
  // Not by scope alone: a name belongs to its organisation in every scope.
  await db.schema.createIndex("customers_by_org").on("customers").columns(["orgId", "scope"]).execute();
  await db.schema
    .createIndex("customers_unwell")
    .on("customers")
    .columns(["scope", "id"])
    .where(sql.ref("unhealthy"), "=", sql.lit(1))
    .execute();
  await db.schema
    .createIndex("customers_absent")
    .on("customers")
    .column("scope")
    .where(sql.ref("absentSweeps"), ">", sql.lit(0))
    .execute();
}

async function createItemTables(db: Kysely<Tables>, { text }: ColumnTypes): Promise<void> {
  const ofCustomer = (name: string) =>
    db.schema
      .createTable(name)
      .addColumn("customerKey", "bigint", (column) => column.notNull().references("customers.key").onDelete("cascade"))
      .addColumn("position", "integer", (column) => column.notNull());
  await withColumns(ofCustomer("items"), ["scope", "name", "nameKey", "statusKey", "class"], text)
    .addPrimaryKeyConstraint("items_key", ["customerKey", "position"])
    .execute();
  await withColumns(ofCustomer("codes"), ["scope", "code"], text)
    .addPrimaryKeyConstraint("codes_key", ["customerKey", "position", "code"])
    .execute();
  const index = (name: string, table: string, columns: string[]) =>
    db.schema.createIndex(name).on(table).columns(columns).execute();
  // These answer their filters alone, without a look at the tables.
  await index("items_by_name", "items", ["scope", "nameKey", "statusKey", "customerKey", "position"]);
  await index("items_by_status", "items", ["scope", "statusKey", "nameKey", "customerKey", "position"]);
  await index("items_by_class", "items", ["scope", "name", "class"]);
  await index("codes_by_code", "codes", ["scope", "code", "customerKey", "position"]);
}

async function createTransitionTable(db: Kysely<Tables>, { text, numbered }: ColumnTypes): Promise<void> {
  const table = numbered(db.schema.createTable("transitions"), "id");
  await withColumns(table, ["scope", "customerId", "title", "item", "codes"], text)
    .addColumn("at", "bigint", (column) => column.notNull())
    .addColumn("fromStatus", "text")
    .addColumn("toStatus", "text")
    .execute();
  const index = (name: string, columns: string[]) =>
    db.schema.createIndex(name).on("transitions").columns(columns).execute();
  await index("transitions_by_time", ["scope", "at", "id"]);
  await index("transitions_by_customer", ["scope", "customerId", "at", "id"]);
  await index("transitions_by_age", ["at"]);
}

async function createSweepTables(db: Kysely<Tables>, { text, numbered }: ColumnTypes): Promise<void> {
  const numbers = ["startedAt", "customers", "unreadable", "calls", "resumed", "savedAt"];
  const table = withColumns(numbered(db.schema.createTable("sweeps"), "id"), ["scope", "state"], text);
  await withColumns(table, numbers, "bigint").addColumn("endedAt", "bigint").addColumn("cause", "text").execute();
  await db.schema.createIndex("sweeps_by_scope").on("sweeps").columns(["scope", "state", "id"]).execute();
  await withColumns(db.schema.createTable("dailyCounts"), ["scope", "day", "status"], text)
    .addColumn("customers", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("tallies_key", ["scope", "day", "status"])
    .execute();
}

async function createScopeTables(db: Kysely<Tables>, { text }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable("leases")
    .addColumn("name", text, (column) => column.primaryKey())
    .addColumn("holder", "text", (column) => column.notNull())
    .addColumn("epoch", "bigint", (column) => column.notNull())
    .addColumn("expiresAt", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("organisations")
    .addColumn("orgId", text, (column) => column.primaryKey())
    .addColumn("name", "text")
    .addColumn("readAt", "bigint", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("roomScopes")
    .addColumn("roomId", "text", (column) => column.primaryKey())
    .addColumn("scope", text, (column) => column.notNull())
    .addColumn("byPersonId", "text", (column) => column.notNull())
    .addColumn("boundAt", "bigint", (column) => column.notNull())
    .execute();
}
