import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { join, resolve } from "node:path";
import type { SqliteStatement } from "kysely";
import Libsql from "libsql";
import type { Failure } from "../errors.ts";
import { conflictRule, type DatabaseErrorRule, failureFor } from "./database-errors.ts";
import { type OpenedDatabase, SQLITE_SCHEMA } from "./dialect.ts";
import { FileDialect } from "./file-dialect.ts";
import { watchFilePlace } from "./file-place.ts";

interface FileOptions {
  readonly dataDir: string;
  /** See `leaveJournal`. */
  readonly ownsFile?: boolean;
}

/** Opens `bot.db` in `dataDir`, for one process. Only its owner may read the file, as it holds a refresh token. */
export function openFileDatabase({ dataDir, ownsFile = false }: FileOptions): OpenedDatabase {
  const path = join(resolve(dataDir), "bot.db");
  const orFail = orFailAs(path);
  const file = orFail(() => openDurably(path));
  if (!ownsFile) leaveJournal(file);
  const place = orFail(() => watchFilePlace(path));
  return {
    dialect: new FileDialect({
      database: {
        prepare: createPrepare(file, orFail),
        close() {
          if (ownsFile) checkpointJournal(file);
          file.close();
          place.close();
        },
      },
      waitForDisk: (isAwaited) => waitForDisk(file, isAwaited),
    }),
    migrations: { schemaDialect: SQLITE_SCHEMA, begin: ["begin immediate"] },
    isSingleInstance: true,
    assertInPlace: place.assertInPlace,
  };
}

/** Opens `bot.db` in `dataDir` to read it, also while a bot writes to it; undefined when it is not there. */
export function lookAtFile(dataDir: string): Pick<OpenedDatabase, "dialect" | "migrations"> | undefined {
  const path = join(resolve(dataDir), "bot.db");
  if (!existsSync(path)) return undefined;
  const orFail = orFailAs(path);
  const file = orFail(() => new Libsql(path));
  file.pragma("query_only = on");
  return {
    dialect: new FileDialect({
      database: { prepare: createPrepare(file, orFail), close: () => void file.close() },
      waitForDisk: () => undefined,
    }),
    migrations: { schemaDialect: SQLITE_SCHEMA, begin: [] },
  };
}

/** Runs a step with the file and throws a `Failure` instead of the error of libsql. */
type OrFail = <T>(step: () => T) => T;

const orFailAs =
  (path: string): OrFail =>
  (step) => {
    try {
      return step();
    } catch (cause) {
      throw fileFailure(cause, path);
    }
  };

/** The statements that stay prepared: all frequent ones, and some of the many that filters produce. */
const MAX_PREPARED = 500;

/** Caches prepared statements: libsql frees one only when the event loop is idle, so memory would grow until then. */
function createPrepare(file: Libsql.Database, orFail: OrFail): (text: string) => SqliteStatement {
  const prepared = new Map<string, SqliteStatement>();
  return (text) => {
    const known = prepared.get(text);
    if (known !== undefined) {
      // A Map keeps the order of insertion, so its first key is the least recently used one.
      prepared.delete(text);
      prepared.set(text, known);
      return known;
    }
    const statement = orFail(() => file.prepare(text));
    const guarded: SqliteStatement = {
      reader: statement.reader,
      all: (parameters) => orFail(() => statement.all(parameters)),
      run: (parameters) => orFail(() => statement.run(parameters)),
      iterate: (parameters) => orFail(() => statement.iterate(parameters)),
    };
    prepared.set(text, guarded);
    const [oldest] = prepared.keys();
    if (prepared.size > MAX_PREPARED && oldest !== undefined) prepared.delete(oldest);
    return guarded;
  };
}

/**
 * With FULL, a commit has flushed the journal when it returns; with NORMAL, a power cut may lose it, but not the end of the process.
 * Run anew each time: SQLite sets this when it prepares the statement.
 */
function waitForDisk(file: Libsql.Database, isAwaited: boolean): void {
  file.exec(`pragma synchronous = ${isAwaited ? "full" : "normal"}`);
}

/** A committed write is on the disk, but for those that may be lost (`compiled.ts`). */
function openDurably(path: string): Libsql.Database {
  createPrivateFile(path);
  const file = new Libsql(path);
  file.pragma("busy_timeout = 5000");
  file.pragma("journal_mode = WAL");
  waitForDisk(file, true);
  file.pragma("foreign_keys = ON");
  // 32 MB of cache hold the indexes that a sweep writes to.
  file.pragma("cache_size = -32000");
  // The journal is moved into bot.db at 16 MB, not at 4 MB: a page that many transactions wrote is then written once more for all of them.
  file.pragma("wal_autocheckpoint = 4000");
  // `analyze` samples this many rows of each index, which is enough for the query planner.
  file.pragma("analysis_limit = 1000");
  // From here on the dialect waits for locks, which does not block the process.
  file.pragma("busy_timeout = 0");
  return file;
}

/**
 * Keeps a process that only visits the file from writing the journal into bot.db. SQLite before 3.51.3 loses committed pages when
 * two processes do that at the same moment, and libsql has 3.45 (its "WAL-reset bug").
 */
function leaveJournal(file: Libsql.Database): void {
  file.pragma("wal_autocheckpoint = 0");
}

/** Writes the journal into bot.db, so that a copy of that file alone is complete while the bot is stopped. */
function checkpointJournal(file: Libsql.Database): void {
  try {
    file.pragma("wal_checkpoint(TRUNCATE)");
  } catch {
    // For example on a full disk. The next start reads the rest from the journal.
  }
}

/**
 * Creates the file for its owner alone, before a first secret is written; the journal inherits the mode. A file that is
 * there already, such as a restored backup, is made private. It is not opened: to close it would end the locks that this
 * process has on it.
 */
export function createPrivateFile(path: string): void {
  mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
  if (!existsSync(path)) closeSync(openSync(path, "a", 0o600));
  for (const one of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(one)) chmodSync(one, 0o600);
}

/** An error of the file system, SQLite or libsql as a failure with a hint. */
export const fileFailure = (cause: unknown, path: string): Failure =>
  failureFor(FILE_ERRORS, fileErrorCode(cause), path, cause);

const FILE_ERRORS: readonly DatabaseErrorRule[] = [
  conflictRule(/^SQLITE_CONSTRAINT_UNIQUE$/),
  {
    codes: /^(ENOSPC|EDQUOT|SQLITE_FULL)/,
    code: "store.full",
    what: (path) => `The disk that holds ${path} is full.`,
    hint: "Free some space; the bot continues by itself.",
    retryable: true,
  },
  {
    codes: /^SQLITE_(BUSY|LOCKED)/,
    code: "store.busy",
    what: (path) => `Another program is writing to ${path}.`,
    hint: "Run one bot per DATA_DIR, and close other programs that have the file open.",
    retryable: true,
  },
  {
    codes: /^SQLITE_(NOTADB|CORRUPT)/,
    code: "store.damaged",
    what: (path) => `${path} is damaged, or is no database.`,
    hint: "Stop the bot, put a backup in its place, or move bot.db, bot.db-wal and bot.db-shm away, and start again.",
  },
  {
    codes: /^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST|EISDIR|ENOENT|SQLITE_(READONLY|CANTOPEN|PERM))/,
    code: "store.notWritable",
    what: (path, code) => `${path} cannot be written (${code}).`,
    hint: "Let this process write to that directory, name another one in DATA_DIR, or use PostgreSQL by DATABASE_URL.",
  },
];

/** libsql gives no code when it cannot open a file. */
function fileErrorCode(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown";
  if ("code" in cause && typeof cause.code === "string" && cause.code !== "") return cause.code;
  return cause.message.includes("Unable to open connection") ? "SQLITE_CANTOPEN" : "unknown";
}
