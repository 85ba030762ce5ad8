import process from "node:process";
import { readVariables } from "../config.ts";
import { Failure } from "../errors.ts";
import { backUpFile, restoreFile } from "../store/file-backup.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** `backup FILE` or `restore FILE`, of the file database. Says what was done, or what is wrong with exit code 1. */
export async function runBackup([work, file]: readonly string[], environment: Environment): Promise<void> {
  try {
    const lines = await carryOut(work, file, environment);
    process.stdout.write(`${lines.join("\n")}\n`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stderr.write(`${error.message}\n${error.hint}\n`);
    process.exitCode = 1;
  }
}

async function carryOut(
  work: string | undefined,
  file: string | undefined,
  environment: Environment,
): Promise<readonly string[]> {
  if ((work !== "backup" && work !== "restore") || file === undefined || file === "") throw usage();
  const { variables, unread } = readVariables(environment);
  const problem = unread.get("DATABASE_URL") ?? unread.get("DATA_DIR");
  if (problem !== undefined) throw new Failure("backup.environment", "It is not clear where the database is.", problem);
  const { DATABASE_URL, DATA_DIR: dataDir = "./data" } = variables;
  if (DATABASE_URL !== undefined) throw onPostgres(work);
  if (work === "backup") {
    backUpFile(dataDir, file);
    return [
      `Backed up ${dataDir}/bot.db to ${file}.`,
      "It holds customer data and tokens: keep it as you keep the bot.",
    ];
  }
  const before = await restoreFile(dataDir, file, new Date());
  return [
    `Restored ${file} to ${dataDir}/bot.db.`,
    ...(before === undefined ? [] : [`What was there is now ${before}.`]),
    "Start the bot once with: npm start -- --restored",
  ];
}

const usage = () =>
  new Failure(
    "backup.usage",
    "Name a file.",
    "npm run backup -- FILE, or npm run restore -- FILE; DATA_DIR is the folder.",
  );

const onPostgres = (work: "backup" | "restore") =>
  new Failure(
    "backup.postgres",
    "DATABASE_URL is set, so the database is in PostgreSQL.",
    work === "backup"
      ? 'Use PostgreSQL\'s own tool: pg_dump --format=custom --file=FILE "$DATABASE_URL"'
      : 'Stop every instance, then: pg_restore --clean --if-exists --no-owner --dbname="$DATABASE_URL" FILE',
  );
