import { setImmediate, setTimeout as timer } from "node:timers/promises";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from "kysely";
import { Failure } from "../errors.ts";

/** Between two tries, in real time: the lock is another program's. */
const PAUSE_MS = 20;
/** After that a statement fails as `store.busy`. */
const LONGEST_WAIT_MS = 5_000;

/**
 * SQLite runs each statement on the event loop, and awaiting its result gives nothing else a turn. So after so many statements the
 * loop has one: a transaction about thousands of alerts would otherwise hold up the answer to a webhook. A number and not a time,
 * so that a simulated world stays the same whatever the machine's speed.
 */
const STATEMENTS_A_TURN = 8;

/** SQLite that waits for the lock of another program without blocking the process, as SQLite's own `busy_timeout` would. */
export class FileDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig;

  constructor(config: SqliteDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new FileDriver(this.#config);
  }
}

class FileDriver extends SqliteDriver {
  #connection: DatabaseConnection | undefined;

  override async acquireConnection(): Promise<DatabaseConnection> {
    const own = await super.acquireConnection();
    this.#connection ??= yieldingConnection(own);
    return this.#connection;
  }

  /** It takes the lock at once: a transaction that had read before could not wait for it any more. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  /**
   * On a full disk SQLite has rolled the transaction back by itself, and another rollback fails. That must not hide why the
   * transaction failed.
   */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await super.rollbackTransaction(connection).catch(() => undefined);
  }
}

/** Gives other work its turns, and waits for the locks of other programs. */
function yieldingConnection(connection: DatabaseConnection): DatabaseConnection {
  let inTurn = 0;
  return {
    async executeQuery(query) {
      inTurn += 1;
      if (inTurn % STATEMENTS_A_TURN === 0) await setImmediate();
      const endsAt = performance.now() + LONGEST_WAIT_MS;
      for (;;) {
        try {
          return await connection.executeQuery(query);
        } catch (error) {
          if (!isBusy(error) || performance.now() >= endsAt) throw error;
          await timer(PAUSE_MS);
        }
      }
    },
    streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
  };
}

const isBusy = (error: unknown): boolean => error instanceof Failure && error.code === "store.busy";
