import type { Log } from "./domain/ports/runtime.ts";

/** Runs its steps in the reverse order in which they were added. A step that fails is logged, and the others still run. */
export interface Shutdown {
  add(step: () => Promise<void> | void): void;
  run(): Promise<void>;
}

export function createShutdown(log: Log): Shutdown {
  const steps: (() => Promise<void> | void)[] = [];
  return {
    add: (step) => void steps.push(step),
    async run() {
      for (const step of steps.splice(0).reverse()) {
        try {
          await step();
        } catch (error) {
          log.error("shutdown.step_failed", { error });
        }
      }
    },
  };
}
