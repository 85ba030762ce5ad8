import { type Dialect, type RawBuilder, sql } from "kysely";
import { Failure } from "../errors.ts";

/** What a database may say, and what somebody can do about it. */
export interface Cure {
  /** The codes it says so by. */
  readonly codes: RegExp;
  /** The code of the failure. */
  readonly code: string;
  /** One sentence; `place` is the file or the server. */
  readonly what: (place: string, code: string) => string;
  readonly fix: string;
  readonly passing?: boolean;
}

/** The failure by the first cure that knows the code. */
export function failureBy(cures: readonly Cure[], code: string, place: string, cause: unknown): Failure {
  const { code: name, what, fix, passing = false } = cures.find(({ codes }) => codes.test(code)) ?? UNKNOWN;
  return new Failure(name, what(place, code), fix, { cause, passing });
}

/** The code of a failure that says: a row of that key is there already. */
export const CONFLICT = "store.conflict";

export const conflictBy = (codes: RegExp): Cure => ({
  codes,
  code: CONFLICT,
  what: () => "A row of that key is there already.",
  fix: "Look again: somebody else was quicker.",
  passing: true,
});

const UNKNOWN: Cure = {
  codes: /^/,
  code: "store.refused",
  what: (place, code) => `The database ${place} refused a step (${code}).`,
  fix: "See the cause; if the database is well, this is a bug: please report it.",
};

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
