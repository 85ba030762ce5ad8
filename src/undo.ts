import type { Log } from "./domain/ports.ts";

/** What has been started, to be stopped in the reverse order; a step that fails to stop does not keep the others from it. */
export interface Undo {
  push(step: () => Promise<void> | void): void;
  run(): Promise<void>;
}

export function createUndo(log: Log): Undo {
  const steps: (() => Promise<void> | void)[] = [];
  return {
    push: (step) => void steps.push(step),
    async run() {
      for (const step of steps.splice(0).reverse()) {
        try {
          await step();
        } catch (error) {
          log.error("stop.failed", { error });
        }
      }
    },
  };
}
