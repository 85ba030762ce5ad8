import type { Reading } from "../../src/domain/alerts/lifecycle.ts";
import type { Customer } from "../../src/domain/customers/customer.ts";
import type { Sweep } from "../../src/domain/customers/sweep.ts";
import type { AbsenceFound, Fence } from "../../src/domain/ports/snapshot.ts";
import type { Store } from "../../src/domain/ports/store.ts";
import { bareCustomer } from "../support/customer.ts";
import { received } from "../support/received.ts";
import { MINUTE } from "../support/time.ts";

/** The cast of the snapshot's tests, and whole sweeps in one call. */

export const NOON = Date.UTC(2026, 10, 23, 12);
/** A page of some reading. */
export const PAGE_READING: Reading = { id: 1, kind: "page" };

/** A healthy customer of that name, with one package; `more` says what is different. */
export const customer = (id: string, more: Partial<Customer> = {}): Customer =>
  bareCustomer({
    id,
    orgId: `org-${id}`,
    externalId: `ext-${id}`,
    address: { city: "Milpitas", country: "US" },
    packages: [{ name: "webex_calling", status: "provisioned", problems: [] }],
    ...more,
  });

export function broken(id: string): Customer {
  const problems = [{ level: "warning", code: 2560, text: "Services are unavailable." }] as const;
  const packages = [{ name: "webex_calling", status: "error", problems }];
  return customer(id, { status: "provisioned_with_errors", packages });
}

export async function acquireFence(
  { leases }: Store,
  { scope = "", holder = "ada", now = NOON, leaseMs = 10 * MINUTE } = {},
): Promise<Fence> {
  const fence = await leases.acquire(scope, holder, now, leaseMs);
  if (fence === undefined) throw new Error("Somebody else holds the lease.");
  return fence;
}

/** A page of some reading, outside a sweep. */
export const recordPage = async (
  { writer }: Pick<Store, "writer">,
  fence: Fence,
  customers: readonly Customer[],
  at = NOON,
) => (await writer.recordPage({ reading: PAGE_READING, customers: received(customers), at }, fence)).transitions;

export interface SweepOutcome extends AbsenceFound {
  readonly sweep: Sweep;
}

/** A sweep that finds these customers, in one page. */
export async function runSweep(
  { writer }: Store,
  fence: Fence,
  {
    customers,
    at = NOON,
    ...more
  }: { customers: readonly Customer[]; at?: number } & Partial<Pick<Sweep, "state" | "resumed">>,
): Promise<SweepOutcome> {
  const begun = await writer.beginSweep(fence, at);
  await writer.recordPage({ reading: PAGE_READING, customers: received(customers), at, sweep: begun.sweep }, fence);
  const read = { customers: customers.length, unreadable: 0, calls: 1, endedAt: at };
  const sweep: Sweep = { ...begun.sweep, ...read, state: "complete", ...more };
  const seen = new Set(customers.map(({ id }) => id));
  return { sweep, ...(await writer.endSweep(sweep, { seen }, fence)) };
}
