import { type Dialect, type RawBuilder, sql } from "kysely";
import { Failure } from "../errors.ts";

/** What a database may say, and what somebody can do about it. */
export interface DatabaseErrorRule {
  /** The codes it says so by. */
  readonly codes: RegExp;
  /** The code of the failure. */
  readonly code: string;
  /** One sentence; `place` is the file or the server. */
  readonly what: (position: string, code: string) => string;
  readonly hint: string;
  readonly retryable?: boolean;
}

/** The failure by the first cure that knows the code. */
export function failureFor(
  cures: readonly DatabaseErrorRule[],
  code: string,
  position: string,
  cause: unknown,
): Failure {
  const { code: name, what, hint, retryable = false } = cures.find(({ codes }) => codes.test(code)) ?? UNKNOWN_ERROR;
  return new Failure(name, what(position, code), hint, { cause, retryable });
}

/** The code of a failure that says: a row of that key is there already. */
export const CONFLICT = "store.conflict";

export const conflictRule = (codes: RegExp): DatabaseErrorRule => ({
  codes,
  code: CONFLICT,
  what: () => "A row of that key is there already.",
  hint: "Look again: somebody else was quicker.",
  retryable: true,
});

const UNKNOWN_ERROR: DatabaseErrorRule = {
  codes: /^/,
  code: "store.refused",
  what: (position, code) => `The database ${position} refused a step (${code}).`,
  hint: "See the cause; if the database is well, this is a bug: please report it.",
};

/** What an opener hands over: a database that answers, of either kind. */
export interface OpenedDatabase {
  readonly dialect: Dialect;
  readonly migrations: MigrateOptions;
  /** Migrates wholly or not at all, one process at a time, where Kysely does not see to that itself. */
  readonly migrateAtomically: (migrating: () => Promise<void>) => Promise<void>;
  /** Whether no other process works on this database. */
  readonly isSingleInstance: boolean;
}

export interface MigrateOptions {
  /** How the database numbers rows, one of the two things that the two databases spell differently. */
  readonly numbering: "autoincrement" | "identity";
  /** The other: how it compares texts byte by byte, whatever its locale; without it, it does so anyway. */
  readonly collation?: "C";
  /** The PostgreSQL schema the tables live in; without it, Kysely takes another application's migrations for ours. */
  readonly schema?: string;
}

export type TextType = "text" | RawBuilder<unknown>;

/** The type of a column of texts. */
export const textType = ({ collation }: Pick<MigrateOptions, "collation">): TextType =>
  collation === undefined ? "text" : sql`text collate "C"`;
