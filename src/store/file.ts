import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { join, resolve } from "node:path";
import { SqliteDialect, type SqliteStatement } from "kysely";
import Libsql from "libsql";
import type { Failure } from "../errors.ts";
import { conflictRule, type DatabaseErrorRule, failureFor } from "./database-errors.ts";
import { type OpenedDatabase, SQLITE_SCHEMA } from "./dialect.ts";

/** The file database: `bot.db` in `dataDir`, for one process. Readable by its owner only, as it holds a refresh token. */
export function openFileDatabase(dataDir: string): OpenedDatabase {
  const path = join(resolve(dataDir), "bot.db");
  const orFail: OrFail = (step) => {
    try {
      return step();
    } catch (cause) {
      throw fileFailure(cause, path);
    }
  };
  const file = orFail(() => openDurably(path));
  return {
    dialect: new SqliteDialect({
      database: {
        prepare: createPrepare(file, orFail),
        close() {
          checkpointJournal(file);
          file.close();
        },
      },
    }),
    migrations: { schemaDialect: SQLITE_SCHEMA },
    // Kysely takes SQLite for unable to do this, and a process killed half-way would never start again.
    async migrateAtomically(migrating) {
      orFail(() => file.exec("begin immediate"));
      try {
        await migrating();
        orFail(() => file.exec("commit"));
      } catch (error) {
        if (file.inTransaction) file.exec("rollback");
        throw error;
      }
    },
    isSingleInstance: true,
  };
}

/** Takes a step with the file, and tells what it throws as a `Failure`. */
type OrFail = <T>(step: () => T) => T;

/** How many statements stay prepared: all that come again and again, and some of those that filters make up. */
const MAX_PREPARED = 500;

/** Each text is prepared once: libsql frees a statement only when the event loop rests, and memory would grow meanwhile. */
function createPrepare(file: Libsql.Database, orFail: OrFail): (text: string) => SqliteStatement {
  const prepared = new Map<string, SqliteStatement>();
  return (text) => {
    const known = prepared.get(text);
    if (known !== undefined) {
      // A Map keeps the order of insertion: the first key is the one unused for longest.
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

/** An answered write is on the disk: the journal is flushed with every commit (`synchronous=FULL`). */
function openDurably(path: string): Libsql.Database {
  createPrivateFile(path);
  const file = new Libsql(path);
  file.pragma("busy_timeout = 5000");
  file.pragma("journal_mode = WAL");
  file.pragma("synchronous = FULL");
  file.pragma("foreign_keys = ON");
  // 32 MB of pages, so that a sweep finds the indexes it adds to in memory.
  file.pragma("cache_size = -32000");
  // A glance at each index is enough to plan by.
  file.pragma("analysis_limit = 1000");
  return file;
}

/** So that whoever copies bot.db while the bot is stopped has all of it. */
function checkpointJournal(file: Libsql.Database): void {
  try {
    file.pragma("wal_checkpoint(TRUNCATE)");
  } catch {
    // On a full disk, say. The next start finds the rest in the journal.
  }
}

/** The file exists, and is private, before the first secret is written; its journal inherits the mode. */
function createPrivateFile(path: string): void {
  mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
}

/** What the file system, SQLite or libsql said, as a failure with its cure. */
export const fileFailure = (cause: unknown, path: string): Failure =>
  failureFor(FILE_ERRORS, fileErrorCode(cause), path, cause);

const FILE_ERRORS: readonly DatabaseErrorRule[] = [
  conflictRule(/^SQLITE_CONSTRAINT_UNIQUE$/),
  {
    codes: /^(ENOSPC|EDQUOT|SQLITE_FULL)/,
    code: "store.full",
    what: (path) => `The disk that holds ${path} is full.`,
    hint: "Free some space; the bot goes on by itself.",
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

/** libsql leaves out the code when it cannot open a file. */
function fileErrorCode(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown";
  if ("code" in cause && typeof cause.code === "string" && cause.code !== "") return cause.code;
  return cause.message.includes("Unable to open connection") ? "SQLITE_CANTOPEN" : "unknown";
}
