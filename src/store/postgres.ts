import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  PostgresAdapter,
  PostgresQueryCompiler,
} from "kysely";
import { DatabaseError, Pool, types } from "pg";
import type { Log } from "../domain/ports.ts";
import { readAddress } from "./address.ts";
import { createCatalog } from "./catalog.ts";
import type { Opened } from "./opened.ts";
import { missingSchema, NO_TLS, postgresFailure } from "./postgres-failures.ts";

const INT8 = 20;

/** A PostgreSQL database that several instances may share. */
export async function openPostgres(databaseUrl: string, log?: Pick<Log, "warn">): Promise<Opened> {
  const { server, attempts } = readAddress(databaseUrl);
  const { pool, schema } = await firstThatAnswers(attempts, server, log);
  return {
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => createDriver(pool, server),
      createIntrospector: (db) => createCatalog(db, schema),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
    migrations: { numbering: "identity", collation: "C", schema },
    atomically: (migrating) => migrating(),
    alone: false,
  };
}

interface Answering {
  readonly pool: Pool;
  /** Where new tables go. */
  readonly schema: string;
}

/** Goes on to the next attempt only where the server says that it has no TLS. */
async function firstThatAnswers(
  [attempt = "", ...others]: readonly string[],
  server: string,
  log?: Pick<Log, "warn">,
): Promise<Answering> {
  const pool = createPool(attempt, log);
  try {
    const { rows } = await pool.query<{ schema: string | null }>("select current_schema() as schema");
    const schema = rows[0]?.schema;
    if (!schema) throw missingSchema();
    return { pool, schema };
  } catch (error) {
    await pool.end();
    const hasNoTls = error instanceof Error && error.message === NO_TLS;
    if (hasNoTls && others.length > 0) return firstThatAnswers(others, server, log);
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

interface Connected {
  readonly connection: DatabaseConnection;
  readonly release: () => void;
}

async function connect(pool: Pool, server: string): Promise<Connected> {
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
