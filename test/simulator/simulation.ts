import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WholesaleAuth } from "../../src/sandbox/bot/bot-env.ts";
import { createRandom } from "../../src/sandbox/world/random.ts";
import type { WebexEvent } from "../../src/sandbox/world/webex-records.ts";
import { createSimulatedBot, type LogLine } from "./bot.ts";
import { createNetworkFaults } from "./faults.ts";
import { createStatementFaults } from "./faulty-dialect.ts";
import type { History } from "./history.ts";
import { createConnect, handOver } from "./network.ts";
import { createScheduler } from "./scheduler.ts";
import { createSimulatedWorld } from "./simulated-world.ts";

/** The time at which every simulated world begins. */
export const START = Date.parse("2026-05-01T00:00:00.000Z");

export interface SimulationOptions {
  readonly seed: number;
  readonly customers: number;
  /** Whether Webex takes edits of messages; true when absent. */
  readonly acceptsEdits?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly auth?: WholesaleAuth;
  /** How long a pause of the bot takes, in milliseconds; as long as it says when absent. Longer ones make a quiet world cheap. */
  readonly pauseOf?: (ms: number) => number;
}

export type Simulation = ReturnType<typeof openSimulation>;

/** A history while it is played, or after its end. */
export interface Played extends Simulation {
  readonly history: History;
  /** The ids of the rooms that watch, in the order of `history.watches`. */
  readonly rooms: readonly string[];
}

/** One world of one seed: the bot, both APIs and the people, on one clock. */
export function openSimulation({
  seed,
  customers,
  acceptsEdits = true,
  env = {},
  auth = "token",
  pauseOf,
}: SimulationOptions) {
  const scheduler = createScheduler(START);
  const network = createNetworkFaults({ random: createRandom(seed, 2), acceptsEdits });
  const disk = createStatementFaults();
  const logs: (LogLine & { readonly at: number })[] = [];
  const transcript: string[] = [];
  const dataDir = mkdtempSync(join(tmpdir(), "bot-simulation-"));

  const { world, server, botEnv } = createSimulatedWorld({
    seed,
    customers,
    auth,
    clock: scheduler.clock,
    async postWebhook(url, { headers, body }) {
      await scheduler.sleep(network.latencyMs());
      const handler = bot.handler();
      if (handler === undefined) throw new Error("connection refused");
      const { pathname: path, host } = new URL(url);
      return handOver(handler, { method: "POST", path, headers, body: Buffer.from(body) }, host);
    },
  });
  const bot = createSimulatedBot({
    time: { clock: scheduler.clock, sleep: (ms, signal) => scheduler.sleep(pauseOf?.(ms) ?? ms, signal) },
    env: { ...botEnv, DATA_DIR: dataDir, ...env },
    random: createRandom(seed, 1),
    connect: createConnect({ sleep: scheduler.sleep, server, fateOf: network.fateOf, onAnswer: network.onAnswer }),
    beforeStatement: disk.beforeStatement,
    takeLoss: disk.takeLoss,
    onLog: (line) => logs.push({ ...line, at: scheduler.clock() }),
  });
  world.webexEvents.subscribe((event) => transcript.push(...lineOf(event)));

  return {
    scheduler,
    world,
    server,
    bot,
    network,
    disk,
    logs,
    /** Every message that was posted, edited or deleted in a space, one JSON line each. */
    transcript,
    close() {
      bot.crash();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function lineOf(event: WebexEvent): readonly string[] {
  return event.kind === "message" ? [JSON.stringify({ action: event.action, ...event.message })] : [];
}
