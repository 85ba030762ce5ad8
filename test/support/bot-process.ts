import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { until } from "./until.ts";

const MAIN = fileURLToPath(new URL("../../dist/main.js", import.meta.url));

/** The bot as a process of its own, from the build: what can be killed. */
export interface BotProcess {
  readonly child: ChildProcess;
  /** Everything it printed on stderr and stdout so far. */
  output(): string;
  /** Ends it by this signal, and resolves with its exit code. */
  kill(signal: NodeJS.Signals): Promise<number | null>;
  /** Resolves with the exit code once it has ended by itself. */
  exitCode(): Promise<number | null>;
}

/** @param env the whole environment of the process, nothing of this one's beside PATH */
export function spawnBot(env: Readonly<Record<string, string>>): BotProcess {
  const child = spawn(process.execPath, [MAIN], { env: { PATH: process.env.PATH ?? "", ...env } });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += String(chunk)));
  const exit = once(child, "exit").then(([code]) => code as number | null);
  return {
    child,
    output: () => printed,
    exitCode: () => exit,
    async kill(signal) {
      child.kill(signal);
      return exit;
    },
  };
}

/** Waits until the bot on this port says that it is ready. */
export function waitUntilReady(port: number): Promise<void> {
  return until(async () => {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`);
    if (!response.ok) throw new Error(await response.text());
  });
}
