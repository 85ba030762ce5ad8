import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { freePort } from "../support/free-port.ts";
import type { Client, Transport } from "./clients.ts";

const TIMEOUT_MS = 45_000;
const POLL_MS = 200;

/** The process of a foreign bot. */
export interface BotRun {
  /** Returns true once it listens. */
  isReady(): true | undefined;
  /** Waits for something that the bot brings about. Throws when it does not come, or when the process has ended. */
  waitFor<T>(what: string, find: () => Promise<T | undefined> | T | undefined): Promise<T>;
  stop(): Promise<void>;
}

interface BotPlace {
  /** The folder where the client is installed, and its bot beside it. */
  readonly folder: string;
  readonly sandbox: Sandbox;
  readonly transport: Transport;
}

/** Starts the bot of a client. */
export async function startForeignBot({ bot, env }: Client, place: BotPlace) {
  const { folder, sandbox, transport } = place;
  const child = spawn(process.execPath, [join(folder, bot)], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      BOT_TOKEN: sandbox.world.people.bot.tokenWithOrg,
      API_URL: `${sandbox.url}/v1`,
      WEBHOOK_SECRET: "a foreign secret",
      ...(transport === "webhooks" && { WEBHOOK_PORT: String(await freePort()) }),
      ...env?.(sandbox.url),
    },
  });
  const output = outputOf(child);
  return {
    /** Returns its output so far. */
    output,
    isReady: () => (output().includes("\nready\n") ? (true as const) : undefined),
    async waitFor<T>(what: string, find: () => Promise<T | undefined> | T | undefined): Promise<T> {
      const end = Date.now() + TIMEOUT_MS;
      while (Date.now() < end) {
        const found = await find();
        if (found !== undefined) return found;
        if (hasEnded(child)) throw new Error(`its process ended: ${errorIn(output())}`);
        await sleep(POLL_MS);
      }
      throw new Error(`${what} did not come`);
    },
    async stop(): Promise<void> {
      if (hasEnded(child)) return;
      const exit = once(child, "exit");
      child.kill("SIGKILL");
      await exit;
    },
  };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

function outputOf(child: ChildProcess): () => string {
  let text = "\n";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      text += chunk;
    });
  }
  return () => text;
}

/** The line that names the error, without the stack. */
function errorIn(output: string): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  return (lines.find((line) => /^\s*\w*Error\b|Error:/.test(line)) ?? lines.at(-1) ?? "it printed nothing").trim();
}
