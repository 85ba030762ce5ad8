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
  /** Whether the bot has registered its webhooks. */
  readonly hasWebhooks: () => boolean;
  readonly onChange: (news: BotState) => void;
  /** How the sandbox's time goes at the moment. */
  readonly clockMode: () => ClockMode;
  /** Takes what the bot writes. */
  readonly log: NodeJS.WritableStream;
}

/** A bot that is asked to stop has so long to finish what it began. */
const STOP_TIMEOUT_MS = 15_000;
/** A bot that does not say that it follows the sandbox's time has so long to. */
const CLOCK_REPLY_TIMEOUT_MS = 2_000;

/** The bot gets a debugger where the sandbox has one, on the port after Node's usual one. */
const BOT_DEBUG_PORT = 9230;

/** The real bot as a child process. One that dies is not started again: somebody should see that it died. */
export function createBotProcess(deps: BotProcessDeps): BotControl {
  const { script, env, hasWebhooks, onChange, clockMode, log } = deps;
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
    const started = spawn(process.execPath, ["--enable-source-maps", ...debug, script], {
      env: { ...env },
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    child = started;
    started.stdout?.pipe(log, { end: false });
    started.stderr?.pipe(log, { end: false });
    started.on("error", (error) => ended(`The bot could not be started: ${error.message}`));
    started.on("exit", (code, signal) => ended(exitReason(code, signal)));
    sendClockMode(started, clockMode());
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
    const impatience = setTimeout(() => ending.kill("SIGKILL"), STOP_TIMEOUT_MS);
    await exit;
    clearTimeout(impatience);
  }

  return {
    state: () => state,
    checkReady() {
      if (child && hasWebhooks()) become({ state: "ready" });
    },
    start,
    setClockMode: async (course) => {
      if (child?.connected) await sendClockModeAndConfirm(child, course);
    },
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

/** That it cannot be told any more is told by its exit. */
function sendClockMode(child: ChildProcess, course: ClockMode): void {
  child.send(course, () => undefined);
}

/** Tells it, and waits until it says the same. */
async function sendClockModeAndConfirm(child: ChildProcess, course: ClockMode): Promise<void> {
  const patience = new AbortController();
  const limit = setTimeout(() => patience.abort(), CLOCK_REPLY_TIMEOUT_MS);
  const giveUp = (): void => patience.abort();
  child.once("exit", giveUp);
  const answers = on(child, "message", { signal: patience.signal });
  sendClockMode(child, course);
  try {
    for await (const [said] of answers) if (JSON.stringify(said) === JSON.stringify(course)) break;
  } catch {
    // It is gone, or busy with something else: it follows as soon as it can.
  } finally {
    clearTimeout(limit);
    child.off("exit", giveUp);
  }
}

function exitReason(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal) return `The bot was ended by ${signal}.`;
  return code === 0 ? "The bot has stopped." : `The bot died with exit code ${code}; its last lines say why.`;
}
