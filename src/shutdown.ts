import type { Log } from "./domain/ports/runtime.ts";

/** What has been started, to be stopped in the reverse order; a step that fails to stop does not keep the others from it. */
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
