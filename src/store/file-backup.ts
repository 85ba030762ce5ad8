import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import Libsql from "libsql";
import { Failure } from "../errors.ts";
import { lockDataDir } from "./data-dir-lock.ts";
import { createPrivateFile, fileFailure } from "./file.ts";
import { MIGRATION_NAMES, newerFailure } from "./migrations.ts";

/**
 * Copies the file database of a folder into a new file, while a bot may be writing to it: the copy has the state of one moment.
 * It is readable by its owner alone, and has its name only once it is complete and checked.
 */
export function backUpFile(dataDir: string, target: string): void {
  const source = databaseIn(dataDir);
  const to = resolve(target);
  if (!existsSync(source)) throw noDatabase(source);
  if (existsSync(to)) throw taken(to);
  const part = `${to}.part`;
  orFail(to, () => {
    rmSync(part, { force: true });
    createPrivateFile(part);
    withDatabase(source, (database) => database.prepare("vacuum into ?").run(part));
  });
  checkDatabase(part);
  orFail(to, () => putInPlace(part, to));
  noteBackup(dataDir);
}

const noteIn = (dataDir: string): string => join(resolve(dataDir), "last-backup");

/** Leaves an empty file whose time is that of the backup. */
function noteBackup(dataDir: string): void {
  try {
    writeFileSync(noteIn(dataDir), "", { mode: 0o600 });
  } catch {
    // The backup is made; only `doctor` does not know of it.
  }
}

/** When the last backup of this folder was made, epoch milliseconds; undefined if none is known. */
export function readLastBackup(dataDir: string): number | undefined {
  return statSync(noteIn(dataDir), { throwIfNoEntry: false })?.mtimeMs;
}

/**
 * Puts a backup in the place of the file database of a folder in which no bot runs. What was there stays beside it; returns its
 * name, or undefined if there was nothing.
 */
export async function restoreFile(dataDir: string, backup: string, now: Date): Promise<string | undefined> {
  const source = resolve(backup);
  if (!existsSync(source)) throw noDatabase(source);
  checkDatabase(source);
  const unlock = await lockDataDir(dataDir);
  try {
    const path = databaseIn(dataDir);
    return orFail(path, () => {
      const part = `${path}.part`;
      rmSync(part, { force: true });
      createPrivateFile(part);
      copyFileSync(source, part);
      // The copy has the mode of its source.
      createPrivateFile(part);
      const before = setAside(path, now);
      putInPlace(part, path);
      return before;
    });
  } finally {
    unlock();
  }
}

const databaseIn = (dataDir: string): string => join(resolve(dataDir), "bot.db");

/** With its journal, without which it may lack what was written last. */
function setAside(path: string, now: Date): string | undefined {
  if (!existsSync(path)) return undefined;
  const aside = `${path}.before-${now.toISOString().replace(/[:.]/g, "-")}`;
  for (const suffix of ["", "-wal", "-shm"]) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  return aside;
}

function putInPlace(part: string, path: string): void {
  const file = openSync(part, "r+");
  fsyncSync(file);
  closeSync(file);
  renameSync(part, path);
}

/** Throws if a file is damaged, is no database of this bot, or one of a newer version. */
function checkDatabase(path: string): void {
  const names = orFail(path, () =>
    withDatabase(path, (database) => {
      const [row] = database.prepare("pragma quick_check").all() as readonly { readonly quick_check: string }[];
      if (row?.quick_check !== "ok") throw damaged(path);
      const rows = database.prepare("select name from kysely_migration order by name").all();
      return (rows as readonly { readonly name: string }[]).map(({ name }) => name);
    }),
  );
  const unknown = names.find((name) => !MIGRATION_NAMES.includes(name));
  if (unknown !== undefined) throw newerFailure(unknown);
}

function withDatabase<T>(path: string, use: (database: Libsql.Database) => T): T {
  const database = new Libsql(path);
  try {
    database.pragma("busy_timeout = 5000");
    return use(database);
  } finally {
    database.close();
  }
}

function orFail<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const failure = fileFailure(cause, path);
    const isDamaged =
      failure.code === "store.damaged" || (cause instanceof Error && /no such table/.test(cause.message));
    throw isDamaged ? damaged(path, cause) : failure;
  }
}

const noDatabase = (path: string) =>
  new Failure(
    "backup.missing",
    `There is no file ${path}.`,
    "Name the folder of the bot in DATA_DIR, or another file.",
  );

const taken = (path: string) =>
  new Failure("backup.exists", `${path} is there already.`, "Name a new file, for example with the date in its name.");

const damaged = (path: string, cause?: unknown) =>
  new Failure("backup.damaged", `${path} is damaged, or is no database of this bot.`, "Use another backup.", { cause });
