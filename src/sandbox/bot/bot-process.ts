import { type ChildProcess, spawn } from "node:child_process";
import { on, once } from "node:events";
import inspector from "node:inspector";
import type { ClockMode } from "../clock/clock-mode.ts";
import type { BotState } from "../world/world.ts";
import type { BotControl } from "./bot-status.ts";

interface BotProcessDeps {
  /** The compiled `bot-main.js`, which ends with this process. */
  readonly script: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** True once the bot has registered its webhooks, or listens by a socket. */
  readonly isHearing: () => boolean;
  readonly onChange: (event: BotState) => void;
  readonly clockMode: () => ClockMode;
  readonly log: NodeJS.WritableStream;
}

/** After this time a bot that does not stop is killed. */
const STOP_TIMEOUT_MS = 15_000;
/** After this time the sandbox no longer waits for the bot to confirm a clock mode. */
const CLOCK_REPLY_TIMEOUT_MS = 2_000;

/** The bot gets a debugger where the sandbox has one, on the port after Node's usual one. */
const BOT_DEBUG_PORT = 9230;

/** The real bot as a child process. It is not restarted after a crash, so that the crash is seen. */
export function createBotProcess(deps: BotProcessDeps): BotControl {
  const { script, env, isHearing, onChange, clockMode, log } = deps;
  let child: ChildProcess | undefined;
  let state: BotState = { state: "stopped", reason: "The bot has not been started yet." };

  function become(next: BotState): void {
    if (next.state === state.state && next.reason === state.reason) return;
    state = next;
    onChange(next);
  }

  function start(): void {
    if (child) return;
    const debug = inspector.url() === undefined ? [] : [`--inspect=${BOT_DEBUG_PORT}`];
    const bot = spawn(process.execPath, ["--enable-source-maps", ...debug, script], {
      env: { ...env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child = bot;
    bot.stdout?.pipe(log, { end: false });
    bot.stderr?.pipe(log, { end: false });
    bot.on("error", (error) => ended(`The bot could not be started: ${error.message}`));
    bot.on("exit", (code, signal) => ended(exitReason(code, signal)));
    sendClockMode(bot, clockMode());
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
    const killTimer = setTimeout(() => ending.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await exit;
    clearTimeout(killTimer);
  }

  return {
    state: () => state,
    checkReady() {
      if (child && isHearing()) become({ state: "ready" });
    },
    start,
    setClockMode: async (mode) => {
      if (child?.connected) await sendClockModeAndConfirm(child, mode);
    },
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** Errors are ignored: a process that is gone has its `exit` event. */
function sendClockMode(child: ChildProcess, mode: ClockMode): void {
  child.send(mode, () => undefined);
}

/** Sends the mode and waits until the bot confirms it. */
async function sendClockModeAndConfirm(child: ChildProcess, mode: ClockMode): Promise<void> {
  const timeout = new AbortController();
  const limit = setTimeout(() => timeout.abort(), CLOCK_REPLY_TIMEOUT_MS);
  const abort = (): void => timeout.abort();
  child.once("exit", abort);
  const replies = on(child, "message", { signal: timeout.signal });
  sendClockMode(child, mode);
  try {
    for await (const [reply] of replies) if (JSON.stringify(reply) === JSON.stringify(mode)) break;
  } catch {
    // The bot is gone or busy. A busy one follows as soon as it can.
  } finally {
    clearTimeout(limit);
    child.off("exit", abort);
  }
}

function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal) return `The bot was ended by ${signal}.`;
  return code === 0 ? "The bot has stopped." : `The bot died with exit code ${code}; its last lines say why.`;
}
