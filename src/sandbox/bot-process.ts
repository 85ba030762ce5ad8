import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { BotControl } from "./bots.ts";
import type { BotNews } from "./world.ts";

interface BotProcessDeps {
  /** The compiled bot, to be ended with this process: `dist/sandbox/bot.js`. */
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the bot has registered its webhooks. */
  readonly isListening: () => boolean;
  readonly changed: (news: BotNews) => void;
  /** Takes what the bot writes. */
  readonly log: NodeJS.WritableStream;
}

/** A bot that is asked to stop has so long to finish what it began. */
const PATIENCE_MS = 15_000;

/** The real bot as a child process. One that dies is not started again: somebody should see that it died. */
export function createBotProcess(deps: BotProcessDeps): BotControl {
  const { script, env, isListening, changed, log } = deps;
  let child: ChildProcess | undefined;
  let state: BotNews = { state: "stopped", reason: "The bot has not been started yet." };

  function become(next: BotNews): void {
    if (next.state === state.state && next.reason === state.reason) return;
    state = next;
    changed(next);
  }

  function start(): void {
    if (child) return;
    const started = spawn(process.execPath, ["--enable-source-maps", script], {
      env: { ...env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child = started;
    started.stdout?.pipe(log, { end: false });
    started.stderr?.pipe(log, { end: false });
    started.on("error", (error) => ended(`The bot could not be started: ${error.message}`));
    started.on("exit", (code, signal) => ended(reasonOf(code, signal)));
    become({ state: "starting" });
  }

  function ended(reason: string): void {
    child = undefined;
    become({ state: "stopped", reason });
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    if (!ending) return;
    const exit = once(ending, "exit");
    ending.kill(signal);
    const impatience = setTimeout(() => ending.kill("SIGKILL"), PATIENCE_MS);
    await exit;
    clearTimeout(impatience);
  }

  return {
    state: () => state,
    look() {
      if (child && isListening()) become({ state: "ready" });
    },
    start,
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

function reasonOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal) return `The bot was ended by ${signal}.`;
  return code === 0 ? "The bot has stopped." : `The bot died with exit code ${code}; its last lines say why.`;
}
