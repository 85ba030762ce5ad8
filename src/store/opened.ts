import { type Dialect, type RawBuilder, sql } from "kysely";

/** What an opener hands over: a database that answers, of either kind. */
export interface Opened {
  readonly dialect: Dialect;
  readonly migrations: MigrateOptions;
  /** Migrates wholly or not at all, one process at a time, where Kysely does not see to that itself. */
  readonly atomically: (migrating: () => Promise<void>) => Promise<void>;
  /** Whether no other process works on this database. */
  readonly alone: boolean;
}

export interface MigrateOptions {
  /** How the database numbers rows, one of the two things that the two databases spell differently. */
  readonly numbering: "autoincrement" | "identity";
  /** The other: how it compares texts byte by byte, whatever its locale; without it, it does so anyway. */
  readonly collation?: "C";
  /** The PostgreSQL schema the tables live in; without it, Kysely takes another application's migrations for ours. */
  readonly schema?: string;
}

export type Text = "text" | RawBuilder<unknown>;

/** The type of a column of texts. */
export const textOf = ({ collation }: Pick<MigrateOptions, "collation">): Text =>
  collation === undefined ? "text" : sql`text collate "C"`;
