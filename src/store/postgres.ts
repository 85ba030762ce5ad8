import {
  CompiledQuery,
  type DatabaseConnection,
  type DatabaseIntrospector,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresQueryCompiler,
} from "kysely";
import { DatabaseError, Pool, types } from "pg";
import type { Log } from "../domain/ports/runtime.ts";
import { Failure } from "../errors.ts";
import { conflictRule, type DatabaseErrorRule, failureFor } from "./database-errors.ts";
import { type OpenedDatabase, POSTGRES_SCHEMA } from "./dialect.ts";

const INT8 = 20;

/** A PostgreSQL database that several instances may share. */
export async function openPostgres(databaseUrl: string, log?: Pick<Log, "warn">): Promise<OpenedDatabase> {
  const { server, connectionStrings } = readAddress(databaseUrl);
  const { pool, schema } = await openFirstReachable(connectionStrings, server, log);
  return {
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => createDriver(pool, server),
      createIntrospector: (db) => createIntrospector(db, schema),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    migrations: { schemaDialect: POSTGRES_SCHEMA, schema },
    migrateAtomically: (migrating) => migrating(),
    isSingleInstance: false,
  };
}

interface OpenedPool {
  readonly pool: Pool;
  /** Where new tables go. */
  readonly schema: string;
}

/** Goes on to the next attempt only where the server says that it has no TLS. */
async function openFirstReachable(
  [attempt = "", ...others]: readonly string[],
  server: string,
  log?: Pick<Log, "warn">,
): Promise<OpenedPool> {
  const pool = createPool(attempt, log);
  try {
    const { rows } = await pool.query<{ schema: string | null }>("select current_schema() as schema");
    const schema = rows[0]?.schema;
    if (!schema) throw missingSchema();
    return { pool, schema };
  } catch (error) {
    await pool.end();
    const hasNoTls = error instanceof Error && error.message === NO_TLS;
    if (hasNoTls && others.length > 0) return openFirstReachable(others, server, log);
    throw postgresFailure(error, server);
  }
}

function createPool(connectionString: string, log?: Pick<Log, "warn">): Pool {
  const pool = new Pool({
    connectionString,
    max: 8,
    application_name: "webex-wholesale-bot",
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    statement_timeout: 15_000,
    idle_in_transaction_session_timeout: 30_000,
    // For a server that has vanished without a word; one that is there gives up by itself before.
    query_timeout: 20_000,
    types: {
      // Counts and epoch milliseconds come as int8, and all of ours fit a number.
      getTypeParser: (oid, format) => (oid === INT8 ? Number : types.getTypeParser(oid, format)),
    },
  });
  // A connection that breaks tells its listeners, and without any it would end the process.
  pool.on("connect", (client) => client.on("error", () => {}));
  pool.on("error", (error) => log?.warn("store.connectionLost", { reason: error.message }));
  return pool;
}

/** Kysely's own driver would give a connection back to the pool although it does not answer any more. */
function createDriver(pool: Pool, server: string): Driver {
  const releases = new WeakMap<DatabaseConnection, () => void>();
  const say = (text: string) => async (connection: DatabaseConnection) => {
    await connection.executeQuery(CompiledQuery.raw(text));
  };
  return {
    init: async () => {},
    async acquireConnection() {
      const { connection, release } = await connect(pool, server);
      releases.set(connection, release);
      return connection;
    },
    beginTransaction: say("begin"),
    commitTransaction: say("commit"),
    rollbackTransaction: say("rollback"),
    releaseConnection: async (connection) => releases.get(connection)?.(),
    destroy: () => pool.end(),
  };
}

interface PooledConnection {
  readonly connection: DatabaseConnection;
  readonly release: () => void;
}

async function connect(pool: Pool, server: string): Promise<PooledConnection> {
  let broken = false;
  const client = await pool.connect().catch((cause) => {
    throw postgresFailure(cause, server);
  });
  return {
    connection: {
      async executeQuery({ sql, parameters }) {
        try {
          const { rows, rowCount } = await client.query(sql, [...parameters]);
          return { rows, numAffectedRows: BigInt(rowCount ?? 0) };
        } catch (cause) {
          broken ||= !(cause instanceof DatabaseError);
          throw postgresFailure(cause, server);
        }
      },
      streamQuery() {
        throw new Error("No query of this bot streams.");
      },
    },
    release: () => client.release(broken),
  };
}

/** What `pg` says when the server answers a TLS greeting with "no". */
export const NO_TLS = "The server does not support SSL connections";

/** What PostgreSQL, `pg` or the network said, as a failure with its cure. */
export const postgresFailure = (cause: unknown, server: string): Failure =>
  cause instanceof Failure ? cause : failureFor(POSTGRES_ERRORS, postgresErrorCode(cause), server, cause);

/** The search path names no schema that exists, so there is nowhere to put a table. */
export const missingSchema = (): Failure =>
  new Failure(
    "store.noSchema",
    "No schema on this user's search_path exists in the database.",
    "Create it, or set the search_path of the user in DATABASE_URL.",
  );

/** By SQLSTATE codes, Node's system errors, and `pg`'s own sentences, which have no code. */
const POSTGRES_ERRORS: readonly DatabaseErrorRule[] = [
  conflictRule(/^23505$/),
  {
    codes: /^28/,
    code: "store.login",
    what: (server, code) => `PostgreSQL at ${server} refused the login (${code}).`,
    hint: "Check user and password in DATABASE_URL, and its sslmode if the server lets nobody in without TLS.",
  },
  {
    codes: /^3D000$/,
    code: "store.noDatabase",
    what: (server) => `PostgreSQL at ${server} has no database of the name in DATABASE_URL.`,
    hint: "Create the database, or correct the last part of DATABASE_URL.",
  },
  {
    codes: /^42501$/,
    code: "store.rights",
    what: () => "PostgreSQL did not let the user in DATABASE_URL do that (42501).",
    hint: "Make the user the owner of the database, or grant it CREATE and USAGE on its schema.",
  },
  {
    codes: /^(53100|58030)$/,
    code: "store.full",
    what: (server) => `The disk of PostgreSQL at ${server} is full or failing.`,
    hint: "Free some space there; the bot goes on by itself.",
    retryable: true,
  },
  {
    codes: /^53/,
    code: "store.busy",
    what: (server, code) => `PostgreSQL at ${server} has no room for another connection (${code}).`,
    hint: "Raise its connection limit, or run fewer instances: each takes up to 8.",
    retryable: true,
  },
  {
    codes: /^(57014|55P03|Query read timeout)/,
    code: "store.slow",
    what: (server) => `PostgreSQL at ${server} took too long.`,
    hint: "Look for locks and load on the server; the bot tries again.",
    retryable: true,
  },
  {
    codes: /^(40|25006)/,
    code: "store.retry",
    what: (server, code) => `PostgreSQL at ${server} could not take the change just now (${code}).`,
    hint: "Try again; if it goes on, check that DATABASE_URL names the primary server.",
    retryable: true,
  },
  {
    codes: /^08P01$/,
    code: "store.pooler",
    what: (server) => `${server} does not speak all of PostgreSQL's protocol (08P01).`,
    hint: "If it is a transaction pooler, use the address of the database itself, or session pooling.",
  },
  {
    codes:
      /^(08|57P|E(CONNREFUSED|CONNRESET|HOSTUNREACH|NETUNREACH|TIMEDOUT|PIPE|NOTFOUND|AI_AGAIN)|ENOENT connect|timeout|Connection|Client)/,
    code: "store.unreachable",
    what: (server, code) => `PostgreSQL at ${server} does not answer (${code}).`,
    hint: "Check host and port in DATABASE_URL, and that the server is up and reachable from here.",
    retryable: true,
  },
  {
    codes: /(CERT|SSL|TLS|ENOENT open)/i,
    code: "store.tls",
    what: (server, code) => `No TLS connection to PostgreSQL at ${server} (${code}).`,
    hint: "Check sslmode and sslrootcert in DATABASE_URL: sslmode=require skips the certificate, sslmode=disable skips TLS.",
  },
];

/** A code, or for pg's own errors the sentence. Never PostgreSQL's sentence, which may quote what was stored. */
function postgresErrorCode(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown";
  // Node tries every address of a host, and gathers the refusals.
  if (cause instanceof AggregateError && cause.errors.length > 0) return postgresErrorCode(cause.errors[0]);
  if (!("code" in cause) || typeof cause.code !== "string") return cause.message;
  if (cause.code === "ENOENT" && "syscall" in cause) return `ENOENT ${cause.syscall}`;
  return cause.code;
}

/** The part of PostgreSQL's own description that says which tables there are. */
interface InformationSchema {
  readonly "information_schema.tables": { readonly table_schema: string; readonly table_name: string };
}

/**
 * Shows Kysely's migrator one schema. Its own introspector reads every column of every schema, and fails at the start of the
 * bot when another application drops a table in that moment.
 */
export const createIntrospector = (db: Kysely<InformationSchema>, schema: string): DatabaseIntrospector => {
  const getTables = async () => {
    const tables = await db
      .selectFrom("information_schema.tables")
      .select("table_name as name")
      .where("table_schema", "=", schema)
      .execute();
    return tables.map(({ name }) => ({ name, schema, isView: false, columns: [] }));
  };
  return {
    getSchemas: async () => [{ name: schema }],
    getTables,
    getMetadata: async () => ({ tables: await getTables() }),
  };
};

/** A PostgreSQL server, and how to reach it. */
export interface PostgresAddress {
  /** Host and port: safe to show. */
  readonly server: string;
  /** Addresses for `pg`, to be tried in turn; only TLS differs. */
  readonly connectionStrings: readonly string[];
}

const ADDRESS_FORMAT =
  "Write it as postgres://user:password@host:5432/database, with special characters percent-encoded.";

/**
 * `sslmode` means here what it means to libpq. Left out (as Heroku, whose servers insist on TLS, leaves it out) it is `prefer`:
 * TLS where the server has it, without checking its certificate, else none. That keeps out listeners, not impostors;
 * `sslmode=verify-full` with `sslrootcert=<file>` keeps out both.
 */
export function readAddress(databaseUrl: string): PostgresAddress {
  const url = readUrl(databaseUrl);
  const server = url.searchParams.get("host") ?? url.host;
  const mode = readSslMode(url);
  const modes = mode === "prefer" ? ["require", "disable"] : [mode];
  return { server, connectionStrings: modes.map((sslmode) => withSslMode(url, sslmode)) };
}

function readUrl(databaseUrl: string): URL {
  try {
    const url = new URL(databaseUrl);
    // A stray "%" in a password would otherwise surface much later, and in other words.
    decodeURIComponent(url.username + url.password);
    if (url.protocol === "postgres:" || url.protocol === "postgresql:") return url;
  } catch {
    // Told below without the cause, which quotes the address and its password.
  }
  throw new Failure("store.address", "DATABASE_URL is not a PostgreSQL address.", ADDRESS_FORMAT);
}

type SslMode = "disable" | "prefer" | "require" | "verify-ca" | "verify-full";

const SSL_MODES: Readonly<Record<string, SslMode>> = {
  disable: "disable",
  allow: "prefer",
  prefer: "prefer",
  require: "require",
  // Not libpq's words, but those of other drivers, found in many an address.
  "no-verify": "require",
  "verify-ca": "verify-ca",
  "verify-full": "verify-full",
};

function readSslMode({ searchParams }: URL): SslMode {
  const ssl = searchParams.get("ssl");
  const said = searchParams.get("sslmode") ?? (ssl === "true" || ssl === "1" ? "require" : "prefer");
  const mode = SSL_MODES[said];
  if (mode === undefined) {
    throw new Failure(
      "store.address",
      "DATABASE_URL has an sslmode that is not known.",
      "Use one of: disable, prefer, require, verify-ca, verify-full.",
    );
  }
  if (mode === "verify-ca" && !searchParams.has("sslrootcert")) {
    throw new Failure(
      "store.address",
      "DATABASE_URL says sslmode=verify-ca without a certificate to verify by.",
      "Add sslrootcert=<file>, or use sslmode=verify-full.",
    );
  }
  return mode;
}

function withSslMode(url: URL, sslmode: string): string {
  const address = new URL(url);
  address.searchParams.delete("ssl");
  address.searchParams.set("sslmode", sslmode);
  // Without this, pg reads every mode but "disable" as verify-full.
  address.searchParams.set("uselibpqcompat", "true");
  return address.href;
}
