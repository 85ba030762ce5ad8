import { setImmediate } from "node:timers/promises";
import { CamelCasePlugin, type Dialect, Kysely, type KyselyPlugin, sql } from "kysely";
import type { Clock, Log } from "../domain/ports/runtime.ts";
import type { OpenedDatabase } from "./dialect.ts";
import { lookAtFile, openFileDatabase } from "./file.ts";
import { migrate, readSchemaState, type SchemaState } from "./migrations.ts";
import type { ConnectionLog } from "./postgres-address.ts";
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

/** Loads the client of PostgreSQL, which a bot with a file does not need. */
async function openPostgres(databaseUrl: string, log?: ConnectionLog): Promise<OpenedDatabase> {
  const postgres = await import("./postgres.ts");
  return postgres.openPostgres(databaseUrl, log);
}

/** A database as it is. Of a file nothing is written, so that a bot may be working with it. */
export interface DatabaseLook {
  readonly db: Kysely<Tables>;
  readonly schema: SchemaState;
  /** `SQLite 3.45.1`, `PostgreSQL 15.4` */
  readonly version: string;
  close(): Promise<void>;
}

/** Opens a database without creating or migrating it; undefined when there is no file. */
export async function lookAtDatabase({ databaseUrl, dataDir }: DatabaseOptions): Promise<DatabaseLook | undefined> {
  const opened = databaseUrl === undefined ? lookAtFile(dataDir) : await openPostgres(databaseUrl);
  if (opened === undefined) return undefined;
  const db = new Kysely<Tables>({ dialect: opened.dialect, plugins: [new CamelCasePlugin()] });
  const close = () => db.destroy();
  try {
    const version = await (databaseUrl === undefined ? sqliteVersion(db) : postgresVersion(db));
    return { db, version, schema: await readSchemaState(db, opened.migrations), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function sqliteVersion(db: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{ version: string }>`select sqlite_version() as version`.execute(db);
  return `SQLite ${rows[0]?.version}`;
}

async function postgresVersion(db: Kysely<Tables>): Promise<string> {
  const { rows } = await sql<{ version: string }>`select current_setting('server_version') as version`.execute(db);
  return `PostgreSQL ${rows[0]?.version}`;
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
