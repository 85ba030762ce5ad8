import { statSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { openStore } from "../app/open-store.ts";
import type { Config } from "../config.ts";
import type { Store } from "../domain/ports/store.ts";
import { Failure } from "../errors.ts";
import { lockDataDir } from "../store/data-dir-lock.ts";
import { type DatabaseLook, lookAtDatabase } from "../store/database.ts";
import { readAddress } from "../store/postgres-address.ts";

/** The database of a configuration. A bot may be working on it. */
export interface FoundDatabase {
  /** Where it is, without a password. */
  readonly place: string;
  /** A bot runs on this file, so it was only looked at. */
  readonly isInUse: boolean;
  /** Absent where there was no database before. */
  readonly look?: DatabaseLook;
  /** Open for writing: neither a running bot nor an older schema forbids that. */
  readonly store?: Store;
  close(): Promise<void>;
}

/**
 * Opens the database as the bot would, but brings no older schema up to date: that is for the start of the bot, after a backup.
 * Throws the `Failure` with which the bot could not start.
 */
export async function findDatabase({ database }: Config): Promise<FoundDatabase> {
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    const isFile = database.databaseUrl === undefined;
    const place = isFile ? resolve(database.dataDir, "bot.db") : readAddress(database.databaseUrl).server;
    const unlock = isFile ? await lockIfFree(database.dataDir) : () => undefined;
    if (unlock !== undefined) closers.push(unlock);
    if (isFile && unlock !== undefined) assertSameUser(place);
    const look = await lookAtDatabase(database);
    if (look !== undefined) closers.push(look.close);
    const found = { place, isInUse: unlock === undefined, ...(look !== undefined && { look }), close };
    if (unlock === undefined || look?.schema === "older") return found;
    const store = await openStore(database);
    closers.push(store.close);
    await store.tryWrite();
    return { ...found, store };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Another user's bot could not write to the journal that the doctor would leave beside its file. */
function assertSameUser(path: string): void {
  const owner = statSync(path, { throwIfNoEntry: false })?.uid;
  const user = process.getuid?.();
  if (owner === undefined || user === undefined || owner === user) return;
  const what = `${path} belongs to another user (uid ${owner}), and nobody works on it now.`;
  throw new Failure("doctor.otherUser", what, "Run the doctor as the user of the bot, or while the bot runs.");
}

/** Undefined when a bot runs in the folder. */
async function lockIfFree(dataDir: string): Promise<(() => void) | undefined> {
  try {
    return await lockDataDir(dataDir);
  } catch (error) {
    if (error instanceof Failure && error.code === "store.inUse") return undefined;
    throw error;
  }
}
