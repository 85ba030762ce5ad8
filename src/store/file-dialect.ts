import { setImmediate, setTimeout as timer } from "node:timers/promises";
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from "kysely";
import { Failure } from "../errors.ts";
import { mayBeLost } from "./compiled.ts";

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

interface FileDialectConfig extends SqliteDialectConfig {
  /** Says whether the commits from here on are on the disk when they return, or only in the journal. Not within a transaction. */
  readonly waitForDisk: (isAwaited: boolean) => void;
}

/** SQLite that waits for the lock of another program without blocking the process, as SQLite's own `busy_timeout` would. */
export class FileDialect extends SqliteDialect {
  readonly #config: FileDialectConfig;

  constructor(config: FileDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new FileDriver(this.#config);
  }
}

class FileDriver extends SqliteDriver {
  readonly #waitForDisk: FileDialectConfig["waitForDisk"];
  #connection: DatabaseConnection | undefined;

  constructor({ waitForDisk, ...config }: FileDialectConfig) {
    super(config);
    this.#waitForDisk = waitForDisk;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const own = await super.acquireConnection();
    this.#connection ??= yieldingConnection(own, this.#waitForDisk);
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
function yieldingConnection(
  connection: DatabaseConnection,
  waitForDisk: FileDialectConfig["waitForDisk"],
): DatabaseConnection {
  let inTurn = 0;
  async function execute<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const endsAt = performance.now() + LONGEST_WAIT_MS;
    for (;;) {
      try {
        return await connection.executeQuery(query);
      } catch (error) {
        if (!isBusy(error) || performance.now() >= endsAt) throw error;
        await timer(PAUSE_MS);
      }
    }
  }
  return {
    async executeQuery(query) {
      inTurn += 1;
      if (inTurn % STATEMENTS_A_TURN === 0) await setImmediate();
      if (!mayBeLost(query)) return execute(query);
      waitForDisk(false);
      return execute<never>(query).finally(() => waitForDisk(true));
    },
    streamQuery: (query, chunkSize) => connection.streamQuery(query, chunkSize),
  };
}

const isBusy = (error: unknown): boolean => error instanceof Failure && error.code === "store.busy";
