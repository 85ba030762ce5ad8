import { CompiledQuery, type DatabaseConnection, type Dialect, type Driver } from "kysely";
import { fileFailure } from "../../src/store/file.ts";

/** Called before each statement of the bot. It may throw, as a full disk does, or never resolve, as in a process that was killed. */
export type BeforeStatement = (sql: string) => Promise<void>;

/** Faults of the disk and ends of the process, by statement. */
export function createStatementFaults() {
  let isDiskFull = false;
  let left = Number.POSITIVE_INFINITY;
  let crash: () => void = () => undefined;
  let loss: string | undefined;
  const lossListeners: (() => void)[] = [];
  return {
    /** Loses the notices that wait, before the next transaction. */
    loseNotices(): void {
      loss = LOSE_NOTICES;
    },
    /** Calls this when they are lost. */
    onLoss: (listener: () => void) => void lossListeners.push(listener),
    /** The statement that loses them, once. */
    takeLoss(): string | undefined {
      const taken = loss;
      loss = undefined;
      if (taken !== undefined) for (const listener of lossListeners) listener();
      return taken;
    },
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

/**
 * The notices that the comparison after a sweep makes again. Not those whose alert may be over by then, and not those that may have
 * been posted, because nothing else knows of that.
 */
const LOSE_NOTICES = `delete from outbox where state = 'pending' and alert_id <> 0 and possibly_sent = 0 and kind in
  ('alert', 'reopen', 'recovery', 'retry', 'code-change', 'flapping', 'flapping-end')`;

const WRITES = /^(?:insert|update|delete|commit)/i;

export interface FaultyDatabase {
  readonly wrapDialect: (dialect: Dialect) => Dialect;
  /** Closes the file as the end of the process does: what was not committed is lost. */
  abandon(): Promise<void>;
}

/**
 * A layer around the driver of the database, between the bot's statements and the file.
 * @param takeLoss a statement that is run before a transaction, by somebody else than the bot
 */
export function createFaultyDatabase(
  before: BeforeStatement,
  takeLoss: () => string | undefined = () => undefined,
): FaultyDatabase {
  let driver: Driver | undefined;
  let connection: DatabaseConnection | undefined;
  return {
    wrapDialect: (dialect) => ({
      createAdapter: () => dialect.createAdapter(),
      createIntrospector: (db) => dialect.createIntrospector(db),
      createQueryCompiler: () => dialect.createQueryCompiler(),
      createDriver() {
        driver = dialect.createDriver();
        const onAcquired = (acquired: DatabaseConnection): void => {
          connection = acquired;
        };
        return wrapDriver(driver, { before, takeLoss, onAcquired });
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

interface Layer {
  readonly before: BeforeStatement;
  readonly takeLoss: () => string | undefined;
  readonly onAcquired: (connection: DatabaseConnection) => void;
}

function wrapDriver(driver: Driver, { before, takeLoss, onAcquired }: Layer): Driver {
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
      const loss = takeLoss();
      if (loss !== undefined) await innerOf(connection).executeQuery(CompiledQuery.raw(loss));
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
