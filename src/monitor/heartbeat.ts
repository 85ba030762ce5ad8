import type { Log, Sleep } from "../domain/ports/messaging.ts";
import { type Loop, startLoop } from "./loop.ts";

export interface HeartbeatDeps {
  /** Whether the bot can both see and speak. */
  readonly isHealthy: () => Promise<boolean>;
  /** Calls the address that somebody outside listens at. */
  readonly ping: () => Promise<void>;
  readonly sleep: Sleep;
  readonly log: Log;
}

const PING_INTERVAL_MS = 60_000;

/** The dead man's switch (PRODUCT 6): whoever listens outside hears from the bot only while it can both see and speak. */
export function startHeartbeat({ isHealthy, ping, sleep, log }: HeartbeatDeps): Loop {
  const run = async (): Promise<void> => {
    if (await isHealthy()) await ping();
    else log.warn("heartbeat.skipped");
  };
  return startLoop({ name: "heartbeat", everyMs: PING_INTERVAL_MS, atOnce: true, run, sleep, log });
}
