import { chmodSync, closeSync, mkdirSync, openSync } from "node:fs";
import { join, resolve } from "node:path";
import { SqliteDialect, type SqliteStatement } from "kysely";
import Libsql from "libsql";
import { fileFailure } from "./file-failures.ts";
import type { Opened } from "./opened.ts";

/** The file database: `bot.db` in `dataDir`, for one process. Readable by its owner only, as it holds a refresh token. */
export function openFile(dataDir: string): Opened {
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
          foldJournal(file);
          file.close();
        },
      },
    }),
    migrations: { numbering: "autoincrement" },
    // Kysely takes SQLite for unable to do this, and a process killed half-way would never start again.
    async atomically(migrating) {
      orFail(() => file.exec("begin immediate"));
      try {
        await migrating();
        orFail(() => file.exec("commit"));
      } catch (error) {
        if (file.inTransaction) file.exec("rollback");
        throw error;
      }
    },
    alone: true,
  };
}

/** Takes a step with the file, and tells what it throws as a `Failure`. */
type OrFail = <T>(step: () => T) => T;

/** How many statements stay prepared: all that come again and again, and some of those that filters make up. */
const PREPARED = 500;

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
    if (prepared.size > PREPARED && oldest !== undefined) prepared.delete(oldest);
    return guarded;
  };
}

/** An answered write is on the disk: the journal is flushed with every commit (`synchronous=FULL`). */
function openDurably(path: string): Libsql.Database {
  createPrivate(path);
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
function foldJournal(file: Libsql.Database): void {
  try {
    file.pragma("wal_checkpoint(TRUNCATE)");
  } catch {
    // On a full disk, say. The next start finds the rest in the journal.
  }
}

/** The file exists, and is private, before the first secret is written; its journal inherits the mode. */
function createPrivate(path: string): void {
  mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, "a", 0o600));
  chmodSync(path, 0o600);
}
