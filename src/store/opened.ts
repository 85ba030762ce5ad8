import type { Dialect } from "kysely";
import type { MigrateOptions } from "./migrations.ts";

/** What an opener hands over: a database that answers, of either kind. */
export interface Opened {
  readonly dialect: Dialect;
  readonly migrations: MigrateOptions;
  /** Migrates wholly or not at all, one process at a time, where Kysely does not see to that itself. */
  readonly atomically: (migrating: () => Promise<void>) => Promise<void>;
  /** Whether no other process works on this database. */
  readonly alone: boolean;
}
