import { join, resolve } from "node:path";
import Libsql from "libsql";
import { Failure } from "../errors.ts";
import { createPrivateFile, fileFailure } from "./file.ts";

/**
 * Locks a folder for this process until the returned function is called or the process ends, however it ends: the lock is
 * one of the operating system, on an empty database. Without it, two bots on one file database would both answer.
 * Throws `store.inUse` when another process has the lock.
 */
export function lockDataDir(dataDir: string): () => void {
  const folder = resolve(dataDir);
  const lock = openLockFile(join(folder, "bot.lock"));
  try {
    lock.exec("pragma locking_mode = exclusive; begin exclusive");
  } catch (cause) {
    lock.close();
    const hint = "Stop it, name another folder in DATA_DIR, or share one database by DATABASE_URL.";
    throw new Failure("store.inUse", `Another bot is running in ${folder}.`, hint, { cause });
  }
  return () => void lock.close();
}

function openLockFile(path: string): Libsql.Database {
  try {
    createPrivateFile(path);
    return new Libsql(path);
  } catch (cause) {
    throw fileFailure(cause, path);
  }
}
