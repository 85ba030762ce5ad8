import { type CreateTableBuilder, type Kysely, type Migration, sql } from "kysely";
import { type MigrateOptions, type Text, textOf } from "./cures.ts";
import type { Tables } from "./schema.ts";

/** The tables of the snapshot: `snapshot-schema.ts` says what is in them. */
export const snapshotTables = (options: MigrateOptions): Migration => {
  const { numbering } = options;
  const kit: Kit = {
    text: textOf(options),
    numbered: (table, name) =>
      numbering === "identity"
        ? table.addColumn(name, "bigint", (column) => column.generatedAlwaysAsIdentity().primaryKey())
        : table.addColumn(name, "integer", (column) => column.autoIncrement().primaryKey()),
  };
  return {
    async up(db: Kysely<Tables>) {
      await createCustomers(db, kit);
      await createItems(db, kit);
      await createHistory(db, kit);
      await createSweeps(db, kit);
      await createScopes(db, kit);
    },
  };
};

interface Kit {
  /** A text that is compared byte by byte, which is by code point. */
  readonly text: Text;
  readonly numbered: (table: Table, name: string) => Table;
}

type Table = CreateTableBuilder<string, string>;

const withColumns = (table: Table, names: readonly string[], type: "bigint" | Kit["text"]): Table =>
  names.reduce((so, name) => so.addColumn(name, type, (column) => column.notNull()), table);

async function createCustomers(db: Kysely<Tables>, { text, numbered }: Kit): Promise<void> {
  const texts = ["scope", "id", "orgId", "externalId", "externalIdKey", "status", "statusKey", "titleKey"];
  const more = ["countryKey", "stateKey", "cityKey", "zipKey", "search", "digest"];
  const numbers = ["namedAt", "firstSeenAt", "changedAt", "unwell", "absent"];
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
    .addColumn("customerKey", "bigint", (column) =>
      column.primaryKey().references("customers.key").onDelete("cascade"),
    )
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
  await index("customers_by_title", ["titleKey", "id", "search"]);
  await index("customers_by_status", ["statusKey", "titleKey", "id"]);
  await index("customers_by_status_alone", ["statusKey", "status"]);
  await index("customers_by_country", ["countryKey"]);
  await index("customers_by_city", ["cityKey"]);
  await index("customers_by_zip", ["zipKey"]);
  await index("customers_by_external_id", ["externalId"]);
  await index("customers_by_change", ["changedAt"]);
  await index("customers_by_naming", ["namedAt"]);
  // Not by scope alone: a name belongs to its organisation in every scope.
  await db.schema.createIndex("customers_by_org").on("customers").columns(["orgId", "scope"]).execute();
  await db.schema
    .createIndex("customers_unwell")
    .on("customers")
    .columns(["scope", "id"])
    .where(sql.ref("unwell"), "=", sql.lit(1))
    .execute();
  await db.schema
    .createIndex("customers_absent")
    .on("customers")
    .column("scope")
    .where(sql.ref("absent"), ">", sql.lit(0))
    .execute();
}

async function createItems(db: Kysely<Tables>, { text }: Kit): Promise<void> {
  const ofCustomer = (name: string) =>
    db.schema
      .createTable(name)
      .addColumn("customerKey", "bigint", (column) =>
        column.notNull().references("customers.key").onDelete("cascade"),
      )
      .addColumn("place", "integer", (column) => column.notNull());
  await withColumns(ofCustomer("items"), ["scope", "name", "nameKey", "statusKey", "class"], text)
    .addPrimaryKeyConstraint("items_key", ["customerKey", "place"])
    .execute();
  await withColumns(ofCustomer("codes"), ["scope", "code"], text)
    .addPrimaryKeyConstraint("codes_key", ["customerKey", "place", "code"])
    .execute();
  const index = (name: string, table: string, columns: string[]) =>
    db.schema.createIndex(name).on(table).columns(columns).execute();
  // These answer their filters alone, without a look at the tables.
  await index("items_by_name", "items", ["scope", "nameKey", "statusKey", "customerKey", "place"]);
  await index("items_by_status", "items", ["scope", "statusKey", "nameKey", "customerKey", "place"]);
  await index("items_by_class", "items", ["scope", "name", "class"]);
  await index("codes_by_code", "codes", ["scope", "code", "customerKey", "place"]);
}

async function createHistory(db: Kysely<Tables>, { text, numbered }: Kit): Promise<void> {
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

async function createSweeps(db: Kysely<Tables>, { text, numbered }: Kit): Promise<void> {
  const numbers = ["startedAt", "customers", "unreadable", "calls", "resumed", "savedAt"];
  const table = withColumns(numbered(db.schema.createTable("sweeps"), "id"), ["scope", "state"], text);
  await withColumns(table, numbers, "bigint")
    .addColumn("endedAt", "bigint")
    .addColumn("cause", "text")
    .execute();
  await db.schema.createIndex("sweeps_by_scope").on("sweeps").columns(["scope", "state", "id"]).execute();
  await withColumns(db.schema.createTable("tallies"), ["scope", "day", "status"], text)
    .addColumn("customers", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("tallies_key", ["scope", "day", "status"])
    .execute();
}

async function createScopes(db: Kysely<Tables>, { text }: Kit): Promise<void> {
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
