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
import { Failure } from "../errors.ts";
import { conflictRule, type DatabaseErrorRule, failureFor } from "./database-errors.ts";
import { type OpenedDatabase, POSTGRES_SCHEMA } from "./dialect.ts";
import {
  type Attempt,
  type ConnectionLog,
  type PostgresAddress,
  readAddress,
  reportProtection,
} from "./postgres-address.ts";

const INT8 = 20;

/** Opens a PostgreSQL database, which several instances may share, also through a pooler such as PgBouncer. */
export async function openPostgres(databaseUrl: string, log?: ConnectionLog): Promise<OpenedDatabase> {
  const address = readAddress(databaseUrl);
  const { server } = address;
  const { pool, schema } = await openFirstReachable(address, address.attempts, log);
  return {
    dialect: {
      createAdapter: () => new LocklessAdapter(),
      createDriver: () => createDriver(pool, server),
      createIntrospector: (db) => createIntrospector(db, schema),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    migrations: { schemaDialect: POSTGRES_SCHEMA, schema, begin: [BEGIN, MIGRATION_LOCK] },
    isSingleInstance: false,
    assertInPlace() {},
  };
}

/**
 * Kysely locks migrations for the session. Behind a pooler, a session may be another one with each transaction: the lock
 * would never be released. `MIGRATION_LOCK` takes its place.
 */
class LocklessAdapter extends PostgresAdapter {
  override async acquireMigrationLock(): Promise<void> {}
  override async releaseMigrationLock(): Promise<void> {}
}

/** Released by the end of the transaction. The number is Kysely's, so that a version that locks by the session waits as well. */
const MIGRATION_LOCK = "select pg_advisory_xact_lock(3853314791062309107)";

/** The settings last as long as the transaction. A pooler refuses them at the start of a connection, or gives them to others. */
const BEGIN = "begin; set local statement_timeout = '15s'; set local idle_in_transaction_session_timeout = '30s'";

interface OpenedPool {
  readonly pool: Pool;
  /** New tables are created in this schema. */
  readonly schema: string;
}

/** Tries the next attempt only when the server has no TLS. */
async function openFirstReachable(
  address: PostgresAddress,
  [attempt, ...others]: readonly Attempt[],
  log?: ConnectionLog,
): Promise<OpenedPool> {
  if (attempt === undefined) throw new Error("An address has an attempt at least.");
  const pool = createPool(attempt.connectionString, log);
  try {
    const { rows } = await pool.query<{ schema: string | null }>("select current_schema() as schema");
    const schema = rows[0]?.schema;
    if (!schema) throw missingSchema();
    reportProtection(address, attempt, log);
    return { pool, schema };
  } catch (error) {
    await pool.end();
    const hasNoTls = error instanceof Error && error.message === NO_TLS;
    if (hasNoTls && others.length > 0) return openFirstReachable(address, others, log);
    throw postgresFailure(error, address.server);
  }
}

function createPool(connectionString: string, log?: ConnectionLog): Pool {
  const pool = new Pool({
    connectionString,
    max: 8,
    application_name: "webex-wholesale-bot",
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    // For a server that has disappeared, and for a statement outside of a transaction. `BEGIN` sets the limits of others.
    query_timeout: 20_000,
    types: {
      // Counts and epoch milliseconds arrive as int8; all of them fit a number.
      getTypeParser: (oid, format) => (oid === INT8 ? Number : types.getTypeParser(oid, format)),
    },
  });
  // A broken connection emits `error`, which would end the process without a listener.
  pool.on("connect", (client) => client.on("error", () => {}));
  pool.on("error", (error) => log?.warn("store.connection_lost", { reason: error.message }));
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
    beginTransaction: execute(BEGIN),
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

/** The message by which a pooler refuses a connection. Like all its own errors it has the code 08P01. */
const REFUSED_PARAMETER = /^unsupported startup parameter/;

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
    codes: REFUSED_PARAMETER,
    code: "store.pooler",
    what: (server) => `The pooler at ${server} refuses a setting in DATABASE_URL.`,
    hint: 'Leave out "options" there; set what it sets for the user: alter role <user> set search_path = <schema>.',
  },
  {
    codes:
      /^(08|57P|E(CONNREFUSED|CONNRESET|HOSTUNREACH|NETUNREACH|TIMEDOUT|PIPE|NOTFOUND|AI_AGAIN)|ENOENT connect|timeout|Connection|Client)/,
    code: "store.unreachable",
    what: (server, code) => `PostgreSQL at ${server} does not answer (${code}).`,
    hint: "Check host and port in DATABASE_URL, and that the server, and a pooler before it, is up and reachable from here.",
    retryable: true,
  },
  {
    codes: /(CERT|SSL|TLS|ENOENT open)/i,
    code: "store.tls",
    what: (server, code) => `No TLS connection to PostgreSQL at ${server} (${code}).`,
    hint: "Give the server TLS, or check sslmode and sslrootcert in DATABASE_URL: sslmode=require, the default, skips the certificate; sslmode=disable skips TLS, for a network of your own.",
  },
];

/** The code of an error, or the message of `pg`. Never the message of PostgreSQL, which may quote stored data. */
function postgresErrorCode(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown";
  if (REFUSED_PARAMETER.test(cause.message)) return cause.message;
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
