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
      if (!isSignalled && !stop?.aborted) {
        const waking = new AbortController();
        const end = (): void => waking.abort();
        wakeUp = end;
        // Not `AbortSignal.any`: in Node 20 a signal that lives long keeps every signal that was derived from it.
        stop?.addEventListener("abort", end);
        await sleep(milliseconds, waking.signal).catch(() => undefined);
        stop?.removeEventListener("abort", end);
      }
      isSignalled = false;
      wakeUp = undefined;
    },
  };
}
