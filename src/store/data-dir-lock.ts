import { statSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import process from "node:process";
import Libsql from "libsql";
import { Failure } from "../errors.ts";
import { createPrivateFile, fileFailure } from "./file.ts";

/**
 * Locks a folder for this process until the returned function is called or the process ends, however it ends. Without it, two
 * bots on one file database would both answer. The locks are those of the operating system: one on an empty database, which
 * other machines that share the folder see, and a name, which is there even if somebody removes that file.
 * Throws `store.inUse` when another process has one of them.
 */
export async function lockDataDir(dataDir: string): Promise<() => void> {
  const folder = resolve(dataDir);
  const unlockFile = lockFile(folder);
  try {
    const freeName = await takeName(folder);
    return () => {
      freeName();
      unlockFile();
    };
  } catch (cause) {
    unlockFile();
    throw inUse(folder, cause);
  }
}

function inUse(folder: string, cause: unknown): Failure {
  const hint = "Stop it, name another folder in DATA_DIR, or share one database by DATABASE_URL.";
  return new Failure("store.inUse", `Another bot is running in ${folder}.`, hint, { cause });
}

function lockFile(folder: string): () => void {
  const lock = openLockFile(join(folder, "bot.lock"));
  try {
    lock.exec("pragma locking_mode = exclusive; begin exclusive");
  } catch (cause) {
    lock.close();
    throw inUse(folder, cause);
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

/** Listens under the folder's name among the abstract sockets of Linux, which are no files. Rejects if another process does. */
function takeName(folder: string): Promise<() => void> {
  if (process.platform !== "linux") return Promise.resolve(() => undefined);
  const { dev, ino } = statSync(folder);
  const server = createServer((socket) => socket.destroy());
  return new Promise((taken, refused) => {
    server.once("error", refused);
    server.listen({ path: `\0wholesale-bot ${dev}:${ino}`, exclusive: true }, () => {
      server.unref();
      taken(() => void server.close());
    });
  });
}
