import { type CreateTableBuilder, type Dialect, type RawBuilder, sql } from "kysely";

/** A database of either kind that answers. */
export interface OpenedDatabase {
  readonly dialect: Dialect;
  readonly migrations: MigrateOptions;
  /** True if no other process uses this database. */
  readonly isSingleInstance: boolean;
  /** Throws if what is written now would be lost, because the file was deleted, replaced or overwritten. */
  readonly assertInPlace: () => void;
}

export interface MigrateOptions {
  readonly schemaDialect: SchemaDialect;
  /** The statements that begin a transaction in which one process at a time migrates. */
  readonly begin: readonly string[];
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
