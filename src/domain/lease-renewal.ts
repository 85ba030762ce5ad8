import type { Sleep } from "./ports/runtime.ts";

export interface LeaseRenewal {
  readonly sleep: Sleep;
  readonly everyMs: number;
  /** Must not throw. */
  readonly renew: () => Promise<void>;
}

/**
 * Runs `work` and, every `everyMs` until it ends, `renew`, so that the lease it is done under does not run out. No renewal is
 * under way when it returns: one that came later would take back a release, or shorten the holder's next lease.
 */
export async function withLeaseRenewal<T>({ sleep, everyMs, renew }: LeaseRenewal, work: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const renewUntilOver = async (): Promise<void> => {
    while (await slept(sleep(everyMs, over.signal))) await renew();
  };
  const renewing = renewUntilOver();
  try {
    return await work();
  } finally {
    over.abort();
    await renewing;
  }
}

/** False when the sleep was aborted. */
function slept(sleep: Promise<void>): Promise<boolean> {
  return sleep.then(
    () => true,
    () => false,
  );
}
