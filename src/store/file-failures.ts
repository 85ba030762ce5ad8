import type { Failure } from "../errors.ts";
import { type Cure, conflictBy, failureBy } from "./cures.ts";

/** What the file system, SQLite or libsql said, as a failure with its cure. */
export const fileFailure = (cause: unknown, path: string): Failure =>
  failureBy(CURES, codeOf(cause), path, cause);

const CURES: readonly Cure[] = [
  conflictBy(/^SQLITE_CONSTRAINT_UNIQUE$/),
  {
    codes: /^(ENOSPC|EDQUOT|SQLITE_FULL)/,
    code: "store.full",
    what: (path) => `The disk that holds ${path} is full.`,
    fix: "Free some space; the bot goes on by itself.",
    passing: true,
  },
  {
    codes: /^SQLITE_(BUSY|LOCKED)/,
    code: "store.busy",
    what: (path) => `Another program is writing to ${path}.`,
    fix: "Run one bot per DATA_DIR, and close other programs that have the file open.",
    passing: true,
  },
  {
    codes: /^SQLITE_(NOTADB|CORRUPT)/,
    code: "store.damaged",
    what: (path) => `${path} is damaged, or is no database.`,
    fix: "Stop the bot, put a backup in its place, or move bot.db, bot.db-wal and bot.db-shm away, and start again.",
  },
  {
    codes: /^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST|EISDIR|ENOENT|SQLITE_(READONLY|CANTOPEN|PERM))/,
    code: "store.notWritable",
    what: (path, code) => `${path} cannot be written (${code}).`,
    fix: "Let this process write to that directory, name another one in DATA_DIR, or use PostgreSQL by DATABASE_URL.",
  },
];

/** libsql leaves out the code when it cannot open a file. */
function codeOf(cause: unknown): string {
  if (!(cause instanceof Error)) return "unknown";
  if ("code" in cause && typeof cause.code === "string" && cause.code !== "") return cause.code;
  return cause.message.includes("Unable to open connection") ? "SQLITE_CANTOPEN" : "unknown";
}
