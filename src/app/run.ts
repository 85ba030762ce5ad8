import { explainProblems, readConfig } from "../config.ts";
import type { Time } from "../domain/ports/runtime.ts";
import { Failure } from "../errors.ts";
import { createLog } from "../log.ts";
import { serveOn } from "../server/server.ts";
import { startApp } from "./app.ts";
import { SYSTEM_PLATFORM } from "./platform.ts";
import { volatileHost } from "./volatile-disk.ts";

/**
 * Starts the bot and stops it on SIGTERM or SIGINT. When it cannot start, stderr gets the cause and a hint, and the exit code is 1.
 * @param address on which it listens; all of the machine when absent
 */
export async function run(
  environment: Readonly<Record<string, string | undefined>>,
  time: Time,
  address?: string,
): Promise<void> {
  const read = readConfig(environment);
  if (!read.ok) return exitWithError(explainProblems(read.problems));
  const log = createLog(read.config.logLevel);
  process.on("unhandledRejection", (error) => {
    log.error("process.unhandled", { error });
    process.exit(1);
  });
  try {
    const platform = { ...SYSTEM_PLATFORM, serve: serveOn(address) };
    const host = volatileHost(environment);
    const isRestored = process.argv.includes("--restored");
    const app = await startApp(read.config, { log, time, platform, isRestored, host });
    let stopping = false;
    // A second signal must not end what the first one lets finish, which takes ten seconds at most.
    const stop = async (signal: string) => {
      if (stopping) return;
      stopping = true;
      log.info("app.stopping", { signal });
      await app.stop();
      log.info("app.stopped");
      process.exit(0);
    };
    for (const signal of ["SIGTERM", "SIGINT"]) process.on(signal, () => void stop(signal));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    log.error("app.start_failed", { error });
    exitWithError(`${error.message}\n${error.hint}\n`);
  }
}

function exitWithError(text: string): void {
  process.stderr.write(text);
  process.exitCode = 1;
}
