import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import type { Bot } from "./bot.ts";
import type { Twins } from "./twins.ts";

/** Where a run keeps its data, and nobody else does. */
export interface BenchDatabase {
  readonly name: string;
  readonly dataDir: string;
  readonly databaseUrl?: string;
  /** How many bytes the customers take, indexes and journal included. */
  size(): Promise<number>;
  /** How many bytes were written so far: by the bot into its files, or by the server into its journal. */
  written(bot: Bot): Promise<number>;
  remove(): Promise<void>;
}

/** More than any run needs, so that waiting for the budget hides nothing. */
export const CALLS_PER_MINUTE = 10_000_000;

/** A bot on these twins and this database, which never waits for its budget of calls. */
export const environmentOf = (
  { env }: Pick<Twins, "env">,
  { dataDir, databaseUrl }: BenchDatabase,
): Readonly<Record<string, string>> => ({
  ...env,
  API_CALLS_PER_MINUTE: `${CALLS_PER_MINUTE}`,
  DATA_DIR: dataDir,
  ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
});

const SCHEMA = "bench";

export async function openFileDatabase(): Promise<BenchDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), "bot-bench-"));
  return {
    name: "file",
    dataDir,
    size: async () => sizeOf(join(dataDir, "bot.db")) + sizeOf(join(dataDir, "bot.db-wal")),
    written: async (bot) => bot.bytesWritten(),
    remove: async () => rmSync(dataDir, { recursive: true }),
  };
}

export async function openPostgres(url: string): Promise<BenchDatabase> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`drop schema if exists ${SCHEMA} cascade`);
  await client.query(`create schema ${SCHEMA}`);
  const inSchema = new URL(url);
  inSchema.searchParams.set("options", `-c search_path=${SCHEMA}`);
  return {
    name: "PostgreSQL",
    dataDir: "unused",
    databaseUrl: inSchema.href,
    async size() {
      const { rows } = await client.query<{ bytes: string }>(
        `select coalesce(sum(pg_total_relation_size(c.oid)), 0) as bytes
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = $1 and c.relkind = 'r'`,
        [SCHEMA],
      );
      return Number(rows[0]?.bytes);
    },
    async written() {
      const wal = "select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as bytes";
      const { rows } = await client.query<{ bytes: string }>(wal);
      return Number(rows[0]?.bytes);
    },
    async remove() {
      await client.query(`drop schema ${SCHEMA} cascade`);
      await client.end();
    },
  };
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
