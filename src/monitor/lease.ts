import type { Scope } from "../domain/customers/sweep.ts";
import { withLeaseRenewal } from "../domain/lease-renewal.ts";
import type { Time } from "../domain/ports/runtime.ts";
import type { Fence, Leases } from "../domain/ports/snapshot.ts";
import { Failure } from "../errors.ts";

export interface LeaseDeps extends Time {
  readonly leases: Leases;
  /** Names this process; the same name may take its own lease again. */
  readonly holder: string;
}

/** How long the others wait for a process that died; one that lives renews its lease three times as often. */
export const LEASE_MS = 30_000;

/**
 * Works with the right to write a scope's snapshot, and gives it back. The right is kept up while a page is waited for, however
 * long that takes; the work's signal ends it when the right was lost. Undefined when somebody else has it.
 */
export async function withLease<T>(
  { leases, holder, clock, sleep }: LeaseDeps,
  { scope, signal }: { readonly scope: Scope; readonly signal: AbortSignal },
  work: (fence: Fence, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const fence = await leases.acquire(scope, holder, clock(), LEASE_MS);
  if (fence === undefined) return undefined;
  const ending = new AbortController();
  const end = (): void => ending.abort(signal.reason);
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  const renew = async (): Promise<void> => {
    // A database in trouble says so to the work as well; only a clear "no" ends it.
    const held = await leases.renew(fence, clock(), LEASE_MS).catch(() => true);
    if (!held) ending.abort(fencedFailure());
  };
  try {
    return await withLeaseRenewal({ sleep, everyMs: LEASE_MS / 3, renew }, () => work(fence, ending.signal));
  } finally {
    signal.removeEventListener("abort", end);
    // Best effort: it runs out by itself.
    await leases.release(fence).catch(() => undefined);
  }
}

export function isFenced(error: unknown): boolean {
  return error instanceof Failure && error.code === "store.fenced";
}

function fencedFailure(): Failure {
  return new Failure("store.fenced", "Another instance reads the customers now.", "Nothing is to be done.");
}
