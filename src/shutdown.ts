import { setTimeout as timer } from "node:timers/promises";
import type { Log } from "./domain/ports/runtime.ts";

/**
 * Runs its steps in the reverse order in which they were added. A step that fails or takes too long is logged, and the others
 * still run: whatever hangs, a stop ends in time.
 */
export interface Shutdown {
  add(step: () => Promise<void> | void): void;
  run(): Promise<void>;
}

/** For all steps together, and for each of them; a step gets its least even when the others took all. */
const LIMITS = { totalMs: 9_000, stepMs: 6_000, leastMs: 200 };

export function createShutdown(log: Log, { totalMs, stepMs, leastMs } = LIMITS): Shutdown {
  const steps: (() => Promise<void> | void)[] = [];
  return {
    add: (step) => void steps.push(step),
    async run() {
      const endsAt = performance.now() + totalMs;
      for (const step of steps.splice(0).reverse()) {
        try {
          const ms = Math.min(stepMs, Math.max(leastMs, endsAt - performance.now()));
          if (!(await isOverWithin(ms, step))) log.error("shutdown.step_slow", { ms });
        } catch (error) {
          log.error("shutdown.step_failed", { error });
        }
      }
    },
  };
}

/** In real time, even when the bot has a simulated clock: somebody waits for the process to end. False if the step is not over. */
async function isOverWithin(ms: number, step: () => Promise<void> | void): Promise<boolean> {
  const over = new AbortController();
  const late = timer(ms, false, { signal: over.signal }).catch(() => true);
  try {
    return await Promise.race([Promise.resolve(step()).then(() => true), late]);
  } finally {
    over.abort();
  }
}
