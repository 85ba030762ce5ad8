import type { Sleep } from "./ports/clock.ts";

export interface Heartbeat {
  readonly sleep: Sleep;
  readonly everyMs: number;
  /** Must not throw. */
  readonly run: () => Promise<void>;
}

/** Takes a step again and again for as long as the work goes on, such as renewing the lease that it is done under. */
export async function withHeartbeat<T>({ sleep, everyMs, run }: Heartbeat, work: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const beat = async (): Promise<void> => {
    while (await slept(sleep(everyMs, over.signal))) await run();
  };
  void beat();
  try {
    return await work();
  } finally {
    over.abort();
  }
}

/** False when the sleep was broken off. */
function slept(sleep: Promise<void>): Promise<boolean> {
  return sleep.then(
    () => true,
    () => false,
  );
}
