import type { Sleep, Time } from "./ports/runtime.ts";
import type { Fence, Leases } from "./ports/snapshot.ts";

/** How long other processes wait after the holder of a lease died. A live holder renews it three times in this time. */
export const LEASE_MS = 30_000;

export interface LeaseDeps extends Time {
  readonly leases: Leases;
  /** Names this process. It may acquire a lease that it already holds. */
  readonly holder: string;
}

interface LeaseUse {
  readonly name: string;
  /** Ends the work. */
  readonly signal?: AbortSignal;
  /** Called when another process has the lease. The work is ended with the result as the reason. */
  readonly onLost?: () => unknown;
  /** False if another work of this process goes on under the lease. Asked when the work ends. */
  readonly mayRelease?: () => boolean;
}

/** Runs `work` while holding a lease, which is renewed meanwhile. Undefined when another process holds it. */
export async function holdLease<T>(
  deps: LeaseDeps,
  { name, mayRelease = () => true, ...use }: LeaseUse,
  work: (fence: Fence, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const { leases, holder, clock } = deps;
  const fence = await leases.acquire(name, holder, clock(), LEASE_MS);
  if (fence === undefined) return undefined;
  try {
    return await renewDuring(deps, { ...use, fence }, work);
  } finally {
    // Best effort: the lease runs out by itself.
    if (mayRelease()) await leases.release(fence).catch(() => undefined);
  }
}

async function renewDuring<T>(
  { leases, clock, sleep }: LeaseDeps,
  { fence, signal, onLost }: Pick<LeaseUse, "signal" | "onLost"> & { readonly fence: Fence },
  work: (fence: Fence, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const end = (): void => ending.abort(signal?.reason);
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  const renew = async (): Promise<void> => {
    // If the database fails, the work fails by itself. Only the answer "not yours" ends it here.
    const isHeld = await leases.renew(fence, clock(), LEASE_MS).catch(() => true);
    if (!isHeld && !ending.signal.aborted) ending.abort(onLost?.());
  };
  try {
    return await withLeaseRenewal({ sleep, everyMs: LEASE_MS / 3, renew }, () => work(fence, ending.signal));
  } finally {
    signal?.removeEventListener("abort", end);
  }
}

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
