import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import Libsql from "libsql";
import { Failure } from "../errors.ts";
import { fileFailure } from "./file-failures.ts";

/**
 * Takes a folder for this process alone, until the returned function is called or the process ends, however it ends: the
 * lock is the system's, on a small database that holds nothing. Two bots on one file database would both answer.
 */
export function claimFolder(dataDir: string): () => void {
  const folder = resolve(dataDir);
  const lock = openLock(join(folder, "bot.lock"));
  try {
    lock.exec("pragma locking_mode = exclusive; begin exclusive");
  } catch (cause) {
    lock.close();
    const fix = "Stop it, name another folder in DATA_DIR, or share one database by DATABASE_URL.";
    throw new Failure("store.inUse", `Another bot is at work in ${folder}.`, fix, { cause });
  }
  return () => void lock.close();
}

function openLock(path: string): Libsql.Database {
  try {
    mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
    return new Libsql(path);
  } catch (cause) {
    throw fileFailure(cause, path);
  }
}
