import { type CreateTableBuilder, type Dialect, type Kysely, PostgresAdapter, type RawBuilder, sql } from "kysely";
import type { Tables } from "./schema.ts";

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
  /** True if no statement runs while another one does. */
  readonly isSerial: boolean;
}

type Table = CreateTableBuilder<string, string>;

export const SQLITE_SCHEMA: SchemaDialect = {
  textType: "text",
  addAutoIncrement: (table, name) => table.addColumn(name, "integer", (column) => column.autoIncrement().primaryKey()),
  isSerial: true,
};

export const POSTGRES_SCHEMA: SchemaDialect = {
  textType: sql`text collate "C"`,
  addAutoIncrement: (table, name) =>
    table.addColumn(name, "bigint", (column) => column.generatedAlwaysAsIdentity().primaryKey()),
  isSerial: false,
};

/**
 * The elements of a list that is one parameter, as rows with a `value`.
 * @param list a JSON array; in texts neither NUL nor unpaired surrogates
 */
export const elementsOf = (db: Kysely<Tables>, list: string): RawBuilder<{ value: string }> =>
  db.getExecutor().adapter instanceof PostgresAdapter
    ? sql`json_array_elements(${list}::json)`
    : sql`json_each(${list})`;
