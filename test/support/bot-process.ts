import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Call } from "../../src/sandbox/world/call-log.ts";
import { ADDRESS_OF_ALL } from "./by-socket.ts";
import type { DatabaseLocation } from "./databases.ts";
import { addressOnFreePort, environmentOf, type Journey } from "./journey.ts";
import { until } from "./until.ts";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

type Environment = Readonly<Record<string, string>>;

/** The built bot as a process of its own, which can be killed. */
export interface BotProcess {
  readonly child: ChildProcess;
  readonly isRunning: () => boolean;
  /** Everything it printed on stderr and stdout so far. */
  readonly output: () => string;
  /** Ends it by this signal, and resolves with its exit code. */
  readonly kill: (signal: NodeJS.Signals) => Promise<number | null>;
  /** Resolves with the exit code once it has ended by itself. */
  readonly exitCode: () => Promise<number | null>;
}

/** The environment of a bot on these twins and this database, on a port of its own. */
export async function environmentFor(journey: Journey, location: DatabaseLocation, extra: Environment = {}) {
  return { ...journey.env, ...environmentOf(location), ...(await addressOnFreePort()), ...extra, ...ADDRESS_OF_ALL };
}

interface Program {
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly uid?: number;
  readonly gid?: number;
}

/**
 * @param env the whole environment of the process; only PATH is inherited
 * @param program another one than the build of this repository
 */
export function spawnBot(env: Environment, { args = [MAIN], ...options }: Program = {}): BotProcess {
  const child = spawn(process.execPath, args, { ...options, env: { PATH: process.env.PATH ?? "", ...env } });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += String(chunk)));
  const exit = once(child, "exit").then(([code]) => code as number | null);
  return {
    child,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    output: () => printed,
    exitCode: () => exit,
    async kill(signal) {
      child.kill(signal);
      return exit;
    },
  };
}

/** Spawns the bot and waits until it has started: its server is ready earlier, before Webex knows where to send events. */
export async function startBotProcess(env: Environment): Promise<BotProcess> {
  const bot = spawnBot(env);
  await until(async () => {
    if (!bot.output().includes('"app.started"')) throw new Error(bot.output());
    const response = await fetch(`http://127.0.0.1:${env.PORT}/readyz`);
    if (!response.ok) throw new Error(await response.text());
  });
  return bot;
}

/** Resolves once `isEnough` accepts a call to the twins. Throws when the bot ends before. */
export async function waitForCall({ world }: Journey, bot: BotProcess, isEnough: (call: Call) => boolean) {
  let unsubscribe = () => {};
  const called = new Promise<true>((resolve) => {
    unsubscribe = world.events.subscribe((event) => {
      if (event.type === "call" && isEnough(event.data)) resolve(true);
    });
  });
  const first = await Promise.race([called, bot.exitCode()]);
  unsubscribe();
  if (first !== true) throw new Error(`the bot ended by itself: ${bot.output()}`);
}
