import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { VISITS } from "./database-visits.ts";

type Visits = typeof VISITS;
export type Visited<Name extends keyof Visits> = Awaited<ReturnType<Visits[Name]>>;

const VISITOR = fileURLToPath(new URL("../../dist/journeys/test/journeys/visit-database.js", import.meta.url));
const MAX_BYTES = 2 ** 30;

/**
 * Does something with the database of a bot that is a process of its own, in another one. libsql closes a file only when its last
 * statement is freed, and without its locks. A process that opens the file again by then may share the index of a journal that
 * is gone: it finds the file damaged, or removes the journal of the next bot.
 */
export async function visit<Name extends keyof Visits>(
  name: Name,
  ...args: Parameters<Visits[Name]>
): Promise<Visited<Name>> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [VISITOR, name, JSON.stringify(args)], { maxBuffer: MAX_BYTES });
  return JSON.parse(stdout);
}
