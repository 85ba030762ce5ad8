import type { RequestListener } from "node:http";
import { type App, startApp } from "../../src/app/app.ts";
import type { Platform } from "../../src/app/platform.ts";
import { readConfig } from "../../src/config.ts";
import type { Log, Time } from "../../src/domain/ports/runtime.ts";
import type { Connect } from "../../src/http.ts";
import { lockDataDir } from "../../src/store/data-dir-lock.ts";
import { createFaultyDatabase } from "./faulty-dialect.ts";

export interface SimulatedBotDeps {
  readonly time: Time;
  readonly env: Readonly<Record<string, string>>;
  readonly random: () => number;
  readonly connect: Connect;
  /** Called before each statement of the running process. It may throw an error of the disk, or call `crash`. */
  readonly beforeStatement: (sql: string) => void;
  /** A statement that is run before the next transaction; undefined when there is none. */
  readonly takeLoss: () => string | undefined;
  readonly onLog: (line: LogLine) => void;
}

export interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The bot, one process after the other on the same data. A process that cannot start is started again, as a platform does. */
export interface SimulatedBot {
  start(): void;
  /** Ends the process between two statements: whatever it waits for never comes, and nothing that it did not commit is kept. */
  crash(): void;
  /** Calls this whenever a process ends. */
  onEnd(listener: () => void): void;
  /** Serves the routes of the process that runs; undefined while none listens. */
  handler(): RequestListener | undefined;
}

interface Process {
  isAlive: boolean;
  app?: App;
  handler?: RequestListener;
  unlock?: () => void;
  abandonDatabase?: () => Promise<void>;
}

const RESTART_MS = 5_000;
const never = <T>(): Promise<T> => new Promise(() => undefined);

export function createSimulatedBot(deps: SimulatedBotDeps): SimulatedBot {
  const config = configOf(deps.env);
  let process: Process = { isAlive: false };
  const endListeners: (() => void)[] = [];

  const end = (ended: Process): void => {
    ended.isAlive = false;
    delete ended.handler;
    for (const listener of endListeners) listener();
    void ended.abandonDatabase?.().then(ended.unlock);
  };

  const start = (): void => {
    const started: Process = { isAlive: true };
    process = started;
    const log = logOf(deps, started);
    startApp(config, { log, time: timeOf(deps.time, started), platform: platformOf(deps, started) }).then(
      (app) => {
        started.app = app;
      },
      async (error: unknown) => {
        // It has closed all that it had opened.
        log.error("app.start_failed", { error });
        started.isAlive = false;
        delete started.handler;
        await deps.time.sleep(RESTART_MS);
        if (process === started) start();
      },
    );
  };

  return {
    start,
    crash: () => end(process),
    onEnd: (listener) => void endListeners.push(listener),
    handler: () => process.handler,
  };
}

function configOf(env: Readonly<Record<string, string>>) {
  const read = readConfig(env);
  if (!read.ok) throw new Error(read.problems.join("\n"));
  return read.config;
}

/** A process that has ended never wakes up again. */
function timeOf({ clock, sleep }: Time, process: Process): Time {
  return {
    clock,
    async sleep(ms, signal) {
      await sleep(ms, signal);
      if (!process.isAlive) await never();
    },
  };
}

function logOf({ onLog }: SimulatedBotDeps, process: Process): Log {
  const writer =
    (level: LogLine["level"]) =>
    (event: string, fields: Record<string, unknown> = {}) => {
      if (process.isAlive) onLog({ level, event, fields });
    };
  return { info: writer("info"), warn: writer("warn"), error: writer("error") };
}

function platformOf(deps: SimulatedBotDeps, process: Process): Platform {
  const time = timeOf(deps.time, process);
  const { wrapDialect, abandon } = createFaultyDatabase(async (sql) => {
    if (process.isAlive) deps.beforeStatement(sql);
    if (!process.isAlive) await never();
  }, deps.takeLoss);
  process.abandonDatabase = abandon;
  return {
    network: { ...time, connect: (options) => deps.connect(options) },
    random: deps.random,
    async serve(port, handler) {
      process.handler = handler;
      return { port, stop: async () => void delete process.handler };
    },
    async lockDataDir(dataDir) {
      process.unlock = await lockDataDir(dataDir);
      return process.unlock;
    },
    database: { clock: deps.time.clock, wrapDialect },
  };
}
