import type { CompiledQuery, DatabaseConnection, Dialect, Driver } from "kysely";
import { fileFailure } from "../../src/store/file.ts";

/** Called before each statement of the bot. It may throw, as a full disk does, or never resolve, as in a process that was killed. */
export type BeforeStatement = (sql: string) => Promise<void>;

/** Faults of the disk and ends of the process, by statement. */
export function createStatementFaults() {
  let isDiskFull = false;
  let left = Number.POSITIVE_INFINITY;
  let crash: () => void = () => undefined;
  return {
    setDiskFull(isFull: boolean): void {
      isDiskFull = isFull;
    },
    /** Calls this before the `count`th statement from now on, once. */
    crashBefore(count: number, onCrash: () => void): void {
      left = count;
      crash = onCrash;
    },
    beforeStatement(sql: string): void {
      left -= 1;
      if (left <= 0) {
        left = Number.POSITIVE_INFINITY;
        crash();
      }
      if (isDiskFull && WRITES.test(sql))
        throw fileFailure(Object.assign(new Error("disk full"), { code: "SQLITE_FULL" }), "bot.db");
    },
  };
}

const WRITES = /^(?:insert|update|delete|commit)/i;

export interface FaultyDatabase {
  readonly wrapDialect: (dialect: Dialect) => Dialect;
  /** Closes the file as the end of the process does: what was not committed is lost. */
  abandon(): Promise<void>;
}

/** A layer around the driver of the database, between the bot's statements and the file. */
export function createFaultyDatabase(before: BeforeStatement): FaultyDatabase {
  let driver: Driver | undefined;
  let connection: DatabaseConnection | undefined;
  return {
    wrapDialect: (dialect) => ({
      createAdapter: () => dialect.createAdapter(),
      createIntrospector: (db) => dialect.createIntrospector(db),
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createDriver() {
        driver = dialect.createDriver();
        return wrapDriver(driver, before, (acquired) => {
          connection = acquired;
        });
      },
    }),
    async abandon() {
      // Outside of a transaction this fails, and there is nothing to roll back.
      await rollBack(connection).catch(() => undefined);
      await driver?.destroy();
    },
  };
}

const ROLLBACK = { sql: "rollback", parameters: [], query: { kind: "RawNode" } } as unknown as CompiledQuery;

async function rollBack(connection: DatabaseConnection | undefined): Promise<void> {
  await connection?.executeQuery(ROLLBACK);
}

type OnAcquired = (connection: DatabaseConnection) => void;

function wrapDriver(driver: Driver, before: BeforeStatement, onAcquired: OnAcquired): Driver {
  /** The connection of the driver itself, by the one that Kysely has. */
  const inner = new WeakMap<DatabaseConnection, DatabaseConnection>();
  const innerOf = (connection: DatabaseConnection) => inner.get(connection) ?? connection;
  return {
    init: () => driver.init(),
    async acquireConnection() {
      const own = await driver.acquireConnection();
      onAcquired(own);
      const wrapped: DatabaseConnection = {
        async executeQuery(query) {
          await before(query.sql);
          return own.executeQuery(query);
        },
        streamQuery: (query, chunkSize) => own.streamQuery(query, chunkSize),
      };
      inner.set(wrapped, own);
      return wrapped;
    },
    async beginTransaction(connection, settings) {
      await before("begin");
      await driver.beginTransaction(innerOf(connection), settings);
    },
    async commitTransaction(connection) {
      await before("commit");
      await driver.commitTransaction(innerOf(connection));
    },
    async rollbackTransaction(connection) {
      await before("rollback");
      await driver.rollbackTransaction(innerOf(connection));
    },
    releaseConnection: (connection) => driver.releaseConnection(innerOf(connection)),
    destroy: () => driver.destroy(),
  };
}
