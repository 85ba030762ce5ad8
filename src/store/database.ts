import { CamelCasePlugin, Kysely } from "kysely";
import type { Log } from "../domain/ports.ts";
import { createBreath } from "./breath.ts";
import { openFile } from "./file.ts";
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
  readonly alone: boolean;
  close(): Promise<void>;
}

export async function openDatabase({ databaseUrl, dataDir, log }: DatabaseOptions): Promise<Database> {
  const opened = databaseUrl === undefined ? openFile(dataDir) : await openPostgres(databaseUrl, log);
  const plugins = [new CamelCasePlugin(), createBreath()];
  const db = new Kysely<Tables>({ dialect: opened.dialect, plugins });
  try {
    await opened.atomically(() => migrate(db, opened.migrations));
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return { db, alone: opened.alone, close: () => db.destroy() };
}
