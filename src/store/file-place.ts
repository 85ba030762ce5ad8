import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { Failure } from "../errors.ts";

/** The first bytes of every SQLite file. */
const MAGIC = "SQLite format 3\0";

export interface FilePlace {
  /** Throws `store.moved` if the file was deleted, replaced or overwritten: what is written then is gone with the process. */
  assertInPlace(): void;
  /** After the database is closed. */
  close(): void;
}

/**
 * Watches the file of an open database. It keeps one descriptor until the end, because POSIX drops all locks of a process on
 * a file, those of SQLite too, as soon as the process closes any descriptor of it.
 */
export function watchFilePlace(path: string): FilePlace {
  const descriptor = openSync(path, "r");
  const opened = fstatSync(descriptor);
  let isClosed = false;
  const isSameFile = (): boolean => {
    const found = statSync(path, { throwIfNoEntry: false });
    return found?.dev === opened.dev && found.ino === opened.ino;
  };
  const readStart = (): string => {
    const bytes = Buffer.alloc(MAGIC.length);
    readSync(descriptor, bytes, 0, bytes.length, 0);
    return bytes.toString("latin1");
  };
  return {
    assertInPlace() {
      if (isSameFile() && existsSync(`${path}-wal`) && readStart() === MAGIC) return;
      const hint = "Stop the bot, put the file or a backup back in its place, and start again.";
      throw new Failure("store.moved", `${path} was deleted, replaced or overwritten while the bot was running.`, hint);
    },
    close() {
      // A descriptor that is closed twice may be another file's by then.
      if (!isClosed) closeSync(descriptor);
      isClosed = true;
    },
  };
}
