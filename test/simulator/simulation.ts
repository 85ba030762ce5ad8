import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "../../src/sandbox/world/random.ts";
import { createSimulatedBot, type LogLine } from "./bot.ts";
import { createConnect, handOver } from "./network.ts";
import { createScheduler } from "./scheduler.ts";
import { createSimulatedWorld } from "./simulated-world.ts";

export const START = Date.parse("2026-05-01T00:00:00.000Z");

export interface SimulationOptions {
  readonly seed: number;
  readonly customers: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** One world of one seed: the bot, both APIs, one clock. */
export async function openSimulation({ seed, customers, env = {} }: SimulationOptions) {
  const scheduler = createScheduler(START);
  const random = createRandom(seed, 1);
  const latencies = createRandom(seed, 2);
  const latencyMs = (): number => 5 + Math.floor(latencies() * 200);
  const logs: (LogLine & { readonly at: number })[] = [];
  const dataDir = mkdtempSync(join(tmpdir(), "bot-simulation-"));

  const { world, server, botEnv } = createSimulatedWorld({
    seed,
    customers,
    clock: scheduler.clock,
    async postWebhook(url, { headers, body }) {
      await scheduler.sleep(latencyMs());
      const handler = bot.handler();
      if (handler === undefined) throw new Error("connection refused");
      const { pathname: path, host } = new URL(url);
      return handOver(handler, { method: "POST", path, headers, body: Buffer.from(body) }, host);
    },
  });
  const bot = createSimulatedBot({
    time: scheduler,
    env: { ...botEnv, DATA_DIR: dataDir, ...env },
    random,
    connect: createConnect({
      sleep: scheduler.sleep,
      server,
      fateOf: () => ({ thereMs: latencyMs(), backMs: latencyMs() }),
    }),
    beforeStatement: () => undefined,
    onLog: (line) => logs.push({ ...line, at: scheduler.clock() }),
  });

  return {
    scheduler,
    world,
    bot,
    server,
    logs,
    close: () => {
      bot.crash();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
