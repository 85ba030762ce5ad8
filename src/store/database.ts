import { setImmediate } from "node:timers/promises";
import { CamelCasePlugin, Kysely, type KyselyPlugin, sql } from "kysely";
import type { Log } from "../domain/ports/runtime.ts";
import { openFileDatabase } from "./file.ts";
import { migrate } from "./migrations.ts";
import { openPostgres } from "./postgres.ts";
import type { Tables } from "./schema.ts";

export interface DatabaseOptions {
  /** A PostgreSQL address; without it, a file in `dataDir`. */
  readonly databaseUrl?: string | undefined;
  readonly dataDir: string;
  /** Hears of connections that broke while nobody used them. */
  readonly log?: Pick<Log, "warn">;
}

export interface Database {
  readonly db: Kysely<Tables>;
  readonly isSingleInstance: boolean;
  close(): Promise<void>;
}

export async function openDatabase({ databaseUrl, dataDir, log }: DatabaseOptions): Promise<Database> {
  const opened = databaseUrl === undefined ? openFileDatabase(dataDir) : await openPostgres(databaseUrl, log);
  const plugins = [new CamelCasePlugin(), createYieldPlugin()];
  const db = new Kysely<Tables>({ dialect: opened.dialect, plugins });
  try {
    await opened.migrateAtomically(() => migrate(db, opened.migrations));
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return { db, isSingleInstance: opened.isSingleInstance, close: () => db.destroy() };
}

/**
 * Lets the database look at what is in the tables, so that it knows which index finds few rows. PostgreSQL does so by itself,
 * only later than the first question; SQLite never does.
 */
export async function analyze(db: Kysely<Tables>): Promise<void> {
  for (const table of ["customers", "items", "codes"] as const) {
    await sql`analyze ${sql.table(table)}`.execute(db);
  }
}

/** Nobody else in the process is kept waiting for longer than this, but by a single statement. */
const MAX_BLOCK_MS = 20;

/**
 * Lets the event loop come round between two statements. The file database answers on the spot, so that a transaction of
 * thousands of statements would otherwise be one long halt: no webhook is heard, and no timer kept.
 */
export function createYieldPlugin(): KyselyPlugin {
  let since = performance.now();
  return {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (performance.now() - since > MAX_BLOCK_MS) {
        await setImmediate();
        since = performance.now();
      }
      return result;
    },
  };
}
