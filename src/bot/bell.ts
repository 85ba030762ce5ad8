import type { Sleep } from "../domain/ports.ts";

/** Wakes whoever waits. A ring while nobody waits is not lost: the next wait ends at once. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, or after `milliseconds`. */
  wait(milliseconds: number): Promise<void>;
}

export function createBell(sleep: Sleep): Bell {
  let hasRung = false;
  let wakeUp: (() => void) | undefined;
  return {
    ring() {
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
