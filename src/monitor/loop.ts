import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../domain/ports.ts";

export interface LoopDeps {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<void>;
  readonly log: Log;
}

export interface Loop {
  /** Resolves when the run under way is over; there is none after it. */
  stop(): Promise<void>;
}

/** Does something again and again, one run after the other. A failed run is logged, and the next one comes as always. */
export function startLoop({ name, everyMs, run, log }: LoopDeps): Loop {
  const stopping = new AbortController();
  const { signal } = stopping;
  const over = (async () => {
    while (!signal.aborted) {
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (signal.aborted) return;
      await run().catch((error: unknown) => log.error(`${name}.failed`, { error }));
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await over;
    },
  };
}
