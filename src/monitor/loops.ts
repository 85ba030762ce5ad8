import type { Log, Sleep } from "../domain/ports/runtime.ts";

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

export interface LoopDeps {
  readonly name: string;
  /** From the end of a run to the next one; asked anew each time. */
  readonly everyMs: number | (() => number);
  /** Whether the first run is at once, and not after the first wait. */
  readonly atOnce?: boolean;
  /** Is told by the signal to come to an end. */
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly sleep: Sleep;
  readonly log: Log;
}

export interface Loop {
  /** Resolves when the run under way is over; there is none after it. */
  stop(): Promise<void>;
}

/** Does something again and again, one run after the other. A failed run is logged, and the next one comes as always. */
export function startLoop({ name, everyMs, atOnce = false, run, sleep, log }: LoopDeps): Loop {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = async (): Promise<void> => {
    const ms = typeof everyMs === "number" ? everyMs : everyMs();
    await sleep(ms, signal).catch(() => undefined);
  };
  const over = (async () => {
    if (!atOnce) await pause();
    while (!signal.aborted) {
      await run(signal).catch((error: unknown) => log.error(`${name}.failed`, { error }));
      await pause();
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await over;
    },
  };
}
