import { statfsSync } from "node:fs";
import { formatDuration } from "../../domain/views/text.ts";
import { readLastBackup } from "../../store/file-backup.ts";
import type { FoundDatabase } from "../find-database.ts";
import { failed, type Outcome, ok, skipped } from "../outcome.ts";
import type { Subject } from "../subject.ts";

/** Opened, of which version, and written to. */
export async function checkDatabase({ database }: Subject): Promise<Outcome> {
  const { place, isInUse, look, store } = await database();
  if (look === undefined) {
    if (isInUse) return failed(`${place} is gone, but a bot runs in its folder`, PUT_BACK);
    return ok(`${place}: new, created and written to`);
  }
  const { version, schema } = look;
  if (isPostgresTooOld(version)) return failed(`${place}: ${version} is too old`, "Use PostgreSQL 15 or newer.");
  if (store !== undefined) return ok(`${place}: ${version}, ${schema === "none" ? "empty" : "up to date"}, written to`);
  if (schema === "older")
    return ok(
      `${place}: ${version}, of an older version; the next start brings it up to date`,
      "Make a backup before you start the new version.",
    );
  return ok(`${place}: ${version}, up to date, in use by a running bot`);
}

const PUT_BACK = "Stop the bot, put the file or a backup back in its place, and start again.";

function isPostgresTooOld(version: string): boolean {
  const [, major] = /^PostgreSQL (\d+)/.exec(version) ?? [];
  return major !== undefined && Number(major) < 15;
}

/** Below that the next sweep of many customers may not fit. */
const LEAST_FREE_MB = 256;

export async function checkDisk({ config, database }: Subject): Promise<Outcome> {
  if (config.database.databaseUrl !== undefined) return skipped("the disk is the database server's");
  await database();
  const { bavail, bsize } = statfsSync(config.database.dataDir);
  return judgeFreeSpace(Math.floor((bavail * bsize) / 2 ** 20));
}

export function judgeFreeSpace(freeMb: number): Outcome {
  if (freeMb >= LEAST_FREE_MB) return ok(`${formatMb(freeMb)} free`);
  return failed(
    `${formatMb(freeMb)} free, less than ${LEAST_FREE_MB} MB`,
    "Free some space on the disk that holds DATA_DIR; the bot continues by itself.",
  );
}

const formatMb = (mb: number): string => (mb < 10_240 ? `${mb} MB` : `${Math.round(mb / 1024)} GB`);

const DAY_MS = 24 * 60 * 60_000;

export async function checkBackup({ config, database }: Subject, now: number): Promise<Outcome> {
  if (config.database.databaseUrl !== undefined) return skipped("backups of PostgreSQL are made by its own tools");
  const { look }: FoundDatabase = await database();
  return judgeBackup(readLastBackup(config.database.dataDir), { now, isNew: look === undefined });
}

/** Copies made by other means are not known, so none is no failure; but a habit that ended is one. */
export function judgeBackup(at: number | undefined, { now, isNew }: { now: number; isNew: boolean }): Outcome {
  if (at === undefined) return ok("none so far by npm run backup", isNew ? undefined : "npm run backup -- FILE");
  const age = formatDuration(Math.max(0, now - at));
  if (now - at <= 7 * DAY_MS) return ok(`the last one is ${age} old`);
  return failed(`the last one is ${age} old`, "Make one a day: npm run backup -- FILE (docs/backup.md).");
}
