import type { Sleep } from "../domain/ports/messaging.ts";

/** Wakes whoever waits. A ring while nobody waits is not lost: the next wait ends at once. */
export interface WakeSignal {
  wake(): void;
  /** Resolves at the next ring, or after `milliseconds`. */
  wait(milliseconds: number): Promise<void>;
}

export function createWakeSignal(sleep: Sleep): WakeSignal {
  let hasRung = false;
  let wakeUp: (() => void) | undefined;
  return {
    wake() {
      hasRung = true;
      wakeUp?.();
    },
    async wait(milliseconds) {
      if (!hasRung) {
        const waking = new AbortController();
        wakeUp = () => waking.abort();
        await sleep(milliseconds, waking.signal).catch(() => undefined);
      }
      hasRung = false;
      wakeUp = undefined;
    },
  };
}
