import type { Sleep } from "./ports/runtime.ts";

/** Ends a wait. A signal that comes while nothing waits is kept: the next wait ends at once. */
export interface WakeSignal {
  wake(): void;
  /** Resolves at the next signal, after `milliseconds`, or when `stop` aborts. */
  wait(milliseconds: number, stop?: AbortSignal): Promise<void>;
}

export function createWakeSignal(sleep: Sleep): WakeSignal {
  let isSignalled = false;
  let wakeUp: (() => void) | undefined;
  return {
    wake() {
      isSignalled = true;
      wakeUp?.();
    },
    async wait(milliseconds, stop) {
      if (!isSignalled) {
        const waking = new AbortController();
        wakeUp = () => waking.abort();
        const over = stop === undefined ? waking.signal : AbortSignal.any([waking.signal, stop]);
        await sleep(milliseconds, over).catch(() => undefined);
      }
      isSignalled = false;
      wakeUp = undefined;
    },
  };
}
