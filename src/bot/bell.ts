/** Wakes whoever waits. A ring while nobody waits is not lost: the next wait ends at once. */
export interface Bell {
  ring(): void;
  /** Resolves at the next ring, or after `milliseconds`. */
  wait(milliseconds: number): Promise<void>;
}

export function createBell(): Bell {
  let hasRung = false;
  let wakeUp: (() => void) | undefined;
  return {
    ring() {
      hasRung = true;
      wakeUp?.();
    },
    async wait(milliseconds) {
      if (!hasRung) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, milliseconds);
          wakeUp = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      hasRung = false;
      wakeUp = undefined;
    },
  };
}
