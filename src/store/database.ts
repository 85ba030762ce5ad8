import { setImmediate } from "node:timers/promises";
import { CamelCasePlugin, type Dialect, Kysely, type KyselyPlugin, sql } from "kysely";
import type { Clock, Log } from "../domain/ports/runtime.ts";
import { openFileDatabase } from "./file.ts";
import { migrate } from "./migrations.ts";
import { openPostgres } from "./postgres.ts";
import type { Tables } from "./schema.ts";

export interface DatabaseOptions {
  /** A PostgreSQL address; without it, a file in `dataDir`. */
  readonly databaseUrl?: string | undefined;
  readonly dataDir: string;
  /** True for the one process that holds the lock of `dataDir`: it alone moves the journal into the file. */
  readonly ownsFile?: boolean;
  /** Logs how the connection is protected, and idle connections that broke. */
  readonly log?: Pick<Log, "info" | "warn">;
  /** Measures how long the event loop was blocked; real time when absent. */
  readonly clock?: Clock;
  /** Puts a layer around the driver. The simulator lets statements fail there. */
  readonly wrapDialect?: (dialect: Dialect) => Dialect;
}

export interface Database {
  readonly db: Kysely<Tables>;
  readonly isSingleInstance: boolean;
  readonly assertInPlace: () => void;
  close(): Promise<void>;
}

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { databaseUrl, log, clock = () => performance.now(), wrapDialect = (dialect) => dialect } = options;
  const opened = databaseUrl === undefined ? openFileDatabase(options) : await openPostgres(databaseUrl, log);
  const plugins = [new CamelCasePlugin(), createYieldPlugin(clock)];
  const db = new Kysely<Tables>({ dialect: wrapDialect(opened.dialect), plugins });
  try {
    await migrate(db, opened.migrations);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const { isSingleInstance, assertInPlace } = opened;
  return { db, isSingleInstance, assertInPlace, close: () => db.destroy() };
}

/**
 * Updates the statistics by which the query planner chooses an index. SQLite never does so by itself, and PostgreSQL only
 * some time after the first sweep.
 */
export async function analyze(db: Kysely<Tables>): Promise<void> {
  for (const table of ["customers", "items", "codes"] as const) {
    await sql`analyze ${sql.table(table)}`.execute(db);
  }
}

/** The event loop is blocked for at most this long, or for one statement if that takes longer. */
const MAX_BLOCK_MS = 20;

/**
 * Yields to the event loop between statements. SQLite answers synchronously, so a transaction of thousands of statements
 * would otherwise delay every webhook and timer until its end.
 */
function createYieldPlugin(clock: Clock): KyselyPlugin {
  let since = clock();
  return {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (clock() - since > MAX_BLOCK_MS) {
        await setImmediate();
        since = clock();
      }
      return result;
    },
  };
}
