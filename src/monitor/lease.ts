import type { Scope } from "../domain/customers/sweep.ts";
import { holdLease, type LeaseDeps } from "../domain/lease.ts";
import type { Fence } from "../domain/ports/snapshot.ts";
import { Failure } from "../errors.ts";

export interface SharedLeaseDeps extends LeaseDeps {
  /** How many works of this process hold or acquire the lease of a scope at the moment, such as a sweep and a quick poll. */
  readonly users: Map<Scope, number>;
}

/**
 * Runs `work` while holding the lease of a scope's snapshot. Works of one process share the lease; the last one releases it. When
 * it is lost, the signal given to `work` is aborted. Undefined when another process holds it.
 */
export async function withLease<T>(
  deps: SharedLeaseDeps,
  { scope, signal }: { readonly scope: Scope; readonly signal: AbortSignal },
  work: (fence: Fence, signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const { users } = deps;
  // Counted before the lease is acquired, because a work that ends meanwhile would release it.
  const count = (by: 1 | -1) => users.set(scope, (users.get(scope) ?? 0) + by);
  count(1);
  const isOnly = (): boolean => users.get(scope) === 1;
  try {
    return await holdLease(deps, { name: scope, signal, onLost: fencedFailure, mayRelease: isOnly }, work);
  } finally {
    count(-1);
  }
}

export function isFenced(error: unknown): boolean {
  return error instanceof Failure && error.code === "store.fenced";
}

function fencedFailure(): Failure {
  return new Failure("store.fenced", "Another instance reads the customers now.", "Nothing needs to be done.");
}
