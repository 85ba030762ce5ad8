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

/** Opens a PostgreSQL database, which several instances may share. */
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
  /** New tables are created in this schema. */
  readonly schema: string;
}

/** Tries the next address only when the server has no TLS. */
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
    // For a server that has disappeared. A running server ends the statement earlier, by `statement_timeout`.
    query_timeout: 20_000,
    types: {
      // Counts and epoch milliseconds arrive as int8; all of them fit a number.
      getTypeParser: (oid, format) => (oid === INT8 ? Number : types.getTypeParser(oid, format)),
    },
  });
  // A broken connection emits `error`, which would end the process without a listener.
  pool.on("connect", (client) => client.on("error", () => {}));
  pool.on("error", (error) => log?.warn("store.connectionLost", { reason: error.message }));
  return pool;
}

/** Kysely's own driver would return a broken connection to the pool. */
function createDriver(pool: Pool, server: string): Driver {
  const releases = new WeakMap<DatabaseConnection, () => void>();
  const execute = (text: string) => async (connection: DatabaseConnection) => {
    await connection.executeQuery(CompiledQuery.raw(text));
  };
  return {
    init: async () => {},
    async acquireConnection() {
      const { connection, release } = await connect(pool, server);
      releases.set(connection, release);
      return connection;
    },
    beginTransaction: execute("begin"),
    commitTransaction: execute("commit"),
    rollbackTransaction: execute("rollback"),
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
        throw new Error("This bot does not stream queries.");
      },
    },
    release: () => client.release(broken),
  };
}

/** The message of `pg` when the server refuses TLS. */
const NO_TLS = "The server does not support SSL connections";

/** An error of PostgreSQL, `pg` or the network as a failure with a hint. */
const postgresFailure = (cause: unknown, server: string): Failure =>
  cause instanceof Failure ? cause : failureFor(POSTGRES_ERRORS, postgresErrorCode(cause), server, cause);

const missingSchema = (): Failure =>
  new Failure(
    "store.noSchema",
    "No schema on this user's search_path exists in the database.",
    "Create it, or set the search_path of the user in DATABASE_URL.",
  );

/** By SQLSTATE codes, system errors of Node, and messages of `pg`, whose errors have no code. */
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
    what: () => "The user in DATABASE_URL lacks a right in PostgreSQL (42501).",
    hint: "Make the user the owner of the database, or grant it CREATE and USAGE on its schema.",
  },
  {
    codes: /^(53100|58030)$/,
    code: "store.full",
    what: (server) => `The disk of PostgreSQL at ${server} is full or failing.`,
    hint: "Free some space there; the bot continues by itself.",
    retryable: true,
  },
  {
    codes: /^53/,
    code: "store.busy",
    what: (server, code) => `PostgreSQL at ${server} accepts no further connection (${code}).`,
    hint: "Raise its connection limit, or run fewer instances: each takes up to 8.",
    retryable: true,
  },
  {
    codes: /^(57014|55P03|Query read timeout)/,
    code: "store.slow",
    what: (server) => `PostgreSQL at ${server} took too long.`,
    hint: "Check locks and load on the server; the bot tries again.",
    retryable: true,
  },
  {
    codes: /^(40|25006)/,
    code: "store.retry",
    what: (server, code) => `PostgreSQL at ${server} could not make the change now (${code}).`,
    hint: "Try again; if this continues, check that DATABASE_URL names the primary server.",
    retryable: true,
  },
  {
    codes: /^08P01$/,
    code: "store.pooler",
    what: (server) => `${server} does not support the whole PostgreSQL protocol (08P01).`,
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

/** The code of an error, or the message of `pg`. Never the message of PostgreSQL, which may quote stored data. */
function postgresErrorCode(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown";
  // Node tries every address of a host and collects the errors.
  if (cause instanceof AggregateError && cause.errors.length > 0) return postgresErrorCode(cause.errors[0]);
  if (!("code" in cause) || typeof cause.code !== "string") return cause.message;
  if (cause.code === "ENOENT" && "syscall" in cause) return `ENOENT ${cause.syscall}`;
  return cause.code;
}

/** The part of PostgreSQL's catalog that lists the tables. */
interface InformationSchema {
  readonly "information_schema.tables": { readonly table_schema: string; readonly table_name: string };
}

/**
 * Shows Kysely's migrator one schema. Kysely's own introspector reads every column of every schema, and fails when another
 * application drops a table at the same time.
 */
const createIntrospector = (db: Kysely<InformationSchema>, schema: string): DatabaseIntrospector => {
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
  /** Addresses for `pg` to try in this order; only TLS differs. */
  readonly connectionStrings: readonly string[];
}

const ADDRESS_FORMAT =
  "Write it as postgres://user:password@host:5432/database, with special characters percent-encoded.";

/**
 * Reads DATABASE_URL. `sslmode` has the meaning that libpq gives it. Without it (as on Heroku, whose servers require TLS) it
 * is `prefer`: TLS if the server has it, without a check of its certificate. That protects against eavesdropping but not
 * against a false server; `sslmode=verify-full` with `sslrootcert=<file>` protects against both.
 * Throws `store.address`, without the address in the message, as it contains a password.
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
    // A wrong "%" in a password would otherwise fail much later, with another message.
    decodeURIComponent(url.username + url.password);
    if (url.protocol === "postgres:" || url.protocol === "postgresql:") return url;
  } catch {
    // Reported below without the cause, which quotes the address and its password.
  }
  throw new Failure("store.address", "DATABASE_URL is not a PostgreSQL address.", ADDRESS_FORMAT);
}

type SslMode = "disable" | "prefer" | "require" | "verify-ca" | "verify-full";

const SSL_MODES: Readonly<Record<string, SslMode>> = {
  disable: "disable",
  allow: "prefer",
  prefer: "prefer",
  require: "require",
  // Of other drivers, not of libpq.
  "no-verify": "require",
  "verify-ca": "verify-ca",
  "verify-full": "verify-full",
};

function readSslMode({ searchParams }: URL): SslMode {
  const ssl = searchParams.get("ssl");
  const sslmode = searchParams.get("sslmode") ?? (ssl === "true" || ssl === "1" ? "require" : "prefer");
  const mode = SSL_MODES[sslmode];
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
      "DATABASE_URL has sslmode=verify-ca without a certificate to verify with.",
      "Add sslrootcert=<file>, or use sslmode=verify-full.",
    );
  }
  return mode;
}

function withSslMode(url: URL, sslmode: string): string {
  const address = new URL(url);
  address.searchParams.delete("ssl");
  address.searchParams.set("sslmode", sslmode);
  // Without this, pg treats every mode except "disable" as verify-full.
  address.searchParams.set("uselibpqcompat", "true");
  return address.href;
}
