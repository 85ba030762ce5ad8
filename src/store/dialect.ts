import { type CreateTableBuilder, type Dialect, type RawBuilder, sql } from "kysely";

/** A database of either kind that answers. */
export interface OpenedDatabase {
  readonly dialect: Dialect;
  readonly migrations: MigrateOptions;
  /** Migrates completely or not at all, one process at a time. Kysely does so by itself on PostgreSQL only. */
  readonly migrateAtomically: (migrating: () => Promise<void>) => Promise<void>;
  /** True if no other process uses this database. */
  readonly isSingleInstance: boolean;
}

export interface MigrateOptions {
  readonly schemaDialect: SchemaDialect;
  /** The PostgreSQL schema of the tables; without it, Kysely would find the migrations of another application. */
  readonly schema?: string;
}

/** The parts of a table definition that SQLite and PostgreSQL write differently. */
export interface SchemaDialect {
  /** Texts are compared by code point, independent of the locale of the database. */
  readonly textType: "text" | RawBuilder<unknown>;
  /** Adds a primary key that counts up in the order of insertion. */
  readonly addAutoIncrement: (table: Table, name: string) => Table;
}

type Table = CreateTableBuilder<string, string>;

export const SQLITE_SCHEMA: SchemaDialect = {
  textType: "text",
  addAutoIncrement: (table, name) => table.addColumn(name, "integer", (column) => column.autoIncrement().primaryKey()),
};

export const POSTGRES_SCHEMA: SchemaDialect = {
  textType: sql`text collate "C"`,
  addAutoIncrement: (table, name) =>
    table.addColumn(name, "bigint", (column) => column.generatedAlwaysAsIdentity().primaryKey()),
};
