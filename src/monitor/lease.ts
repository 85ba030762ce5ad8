import type { Scope } from "../domain/customers/sweep.ts";
import { withLeaseRenewal } from "../domain/lease-renewal.ts";
import type { Time } from "../domain/ports/runtime.ts";
import type { Fence, Leases } from "../domain/ports/snapshot.ts";
import { Failure } from "../errors.ts";

export interface LeaseDeps extends Time {
  readonly leases: Leases;
  /** Names this process. It may acquire a lease that it already holds. */
  readonly holder: string;
  /** How many works of this process hold or acquire the lease of a scope at the moment, such as a sweep and a quick poll. */
  readonly users: Map<Scope, number>;
}

/** How long other processes wait after the holder died. A live holder renews the lease three times in this time. */
export const LEASE_MS = 30_000;

/**
 * Runs `work` while holding the lease of a scope's snapshot. Works of one process share the lease; the last one releases it. The
 * lease is renewed meanwhile; when it is lost, the signal given to `work` is aborted. Undefined when another process holds it.
 */
export async function withLease<T>(
  deps: LeaseDeps,
  { scope, signal }: { readonly scope: Scope; readonly signal: AbortSignal },
  work: (fence: Fence, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const { leases, holder, users, clock } = deps;
  let fence: Fence | undefined;
  // Counted before the lease is acquired, because a work that ends meanwhile would release it.
  users.set(scope, (users.get(scope) ?? 0) + 1);
  try {
    fence = await leases.acquire(scope, holder, clock(), LEASE_MS);
    return fence && (await renewDuring(deps, fence, signal, work));
  } finally {
    const others = (users.get(scope) ?? 1) - 1;
    users.set(scope, others);
    // Best effort: the lease runs out by itself.
    if (fence !== undefined && others === 0) await leases.release(fence).catch(() => undefined);
  }
}

async function renewDuring<T>(
  { leases, clock, sleep }: LeaseDeps,
  fence: Fence,
  signal: AbortSignal,
  work: (fence: Fence, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const ending = new AbortController();
  const end = (): void => ending.abort(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  const renew = async (): Promise<void> => {
    // If the database fails, the work fails by itself. Only the answer "not yours" ends it here.
    const isHeld = await leases.renew(fence, clock(), LEASE_MS).catch(() => true);
    if (!isHeld) ending.abort(fencedFailure());
  };
  try {
    return await withLeaseRenewal({ sleep, everyMs: LEASE_MS / 3, renew }, () => work(fence, ending.signal));
  } finally {
    signal.removeEventListener("abort", end);
  }
}

export function isFenced(error: unknown): boolean {
  return error instanceof Failure && error.code === "store.fenced";
}

function fencedFailure(): Failure {
  return new Failure("store.fenced", "Another instance reads the customers now.", "Nothing needs to be done.");
}
