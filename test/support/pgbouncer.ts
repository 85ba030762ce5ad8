import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { freePort } from "./free-port.ts";
import { until } from "./until.ts";

const PATHS = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer"];

/** The path of PgBouncer on this machine. */
const findPgBouncer = (): string | undefined => PATHS.find((path) => existsSync(path));

/** True if there is a PgBouncer, and a PostgreSQL for it. */
export const isPoolerPossible = (): boolean => Boolean(process.env.TEST_DATABASE_URL) && findPgBouncer() !== undefined;

export interface PgBouncer {
  /** The database behind it. */
  readonly databaseUrl: string;
  stop(): Promise<void>;
}

/** PgBouncer refuses to run as root. */
const NOBODY = 65_534;

/** Starts PgBouncer in front of one schema of a database. Its connections to PostgreSQL are few, so that they change hands. */
export async function startPgBouncer(url: string, schema: string, mode: "session" | "transaction"): Promise<PgBouncer> {
  const folder = mkdtempSync(join(tmpdir(), "bot-pgbouncer-"));
  const port = await freePort();
  writeFileSync(join(folder, "pgbouncer.ini"), configuration(new URL(url), schema, port, mode));
  chmodSync(folder, 0o755);
  const isRoot = process.getuid?.() === 0;
  const child = spawn(findPgBouncer() ?? "pgbouncer", [join(folder, "pgbouncer.ini")], {
    stdio: "ignore",
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  });
  const ended = once(child, "exit");
  const databaseUrl = `postgres://bot:bot@127.0.0.1:${port}/pooled`;
  await until(() => answer(databaseUrl));
  return {
    databaseUrl,
    async stop() {
      // Closes connections in use as well.
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

async function answer(connectionString: string): Promise<void> {
  const client = new Client({ connectionString });
  try {
    await client.connect();
    await client.query("select 1");
  } finally {
    await client.end();
  }
}

/** The reset query does what `discard all`, the usual one, does, and then returns to the schema of the test. */
function configuration(url: URL, schema: string, port: number, mode: string): string {
  const path = `set search_path to ${schema}`;
  const reset = `close all; reset all; deallocate all; unlisten *; select pg_advisory_unlock_all(); discard temp; ${path}`;
  const [host, password] = [url.hostname, decodeURIComponent(url.password)];
  const server = `host=${host} port=${url.port || 5432} dbname=${url.pathname.slice(1)} user=${url.username} password=${password}`;
  return `[databases]
pooled = ${server} connect_query='${path}' pool_size=${mode === "session" ? 30 : 3}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
server_reset_query = ${reset}
`;
}
