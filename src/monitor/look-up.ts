import type { Reading } from "../domain/alerts/lifecycle.ts";
import type { Clock, FaultLog } from "../domain/ports/runtime.ts";
import type { Fence, SnapshotWriter } from "../domain/ports/snapshot.ts";
import type { ReceivedCustomer, WholesaleCrawler } from "../domain/ports/wholesale.ts";
import { Failure } from "../errors.ts";

export interface LookupDeps {
  readonly crawl: WholesaleCrawler;
  readonly writer: SnapshotWriter;
  readonly clock: Clock;
  readonly log: FaultLog;
  readonly fence: Fence;
  readonly signal: AbortSignal;
}

export interface LookupResult {
  readonly calls: number;
  readonly changed: number;
  readonly ids: readonly string[];
}

/** How many customers go into the snapshot in one transaction. */
const LOOKUP_BATCH = 50;

/**
 * Reads customers one by one and records those that exist.
 * @param reading the quick poll that the look-ups belong to, or a reading of kind `lookup` for customers that two complete
 *   sweeps did not find: only then are customers removed that do not exist (ALERTS 5, 14)
 */
export async function lookUpCustomers(
  deps: LookupDeps,
  ids: readonly string[],
  reading: Reading,
): Promise<LookupResult> {
  const existing: string[] = [];
  let calls = 0;
  let changed = 0;
  for (let from = 0; from < ids.length; from += LOOKUP_BATCH) {
    const found: ReceivedCustomer[] = [];
    const gone: string[] = [];
    for (const id of ids.slice(from, from + LOOKUP_BATCH)) {
      calls += 1;
      const customer = await fetchCustomer(deps, id);
      if (customer === "unreadable") continue;
      if (customer === undefined) gone.push(id);
      else found.push(customer);
    }
    const removed = reading.kind === "lookup" ? gone : [];
    changed += await recordLookup(deps, { found, removed, reading });
    existing.push(...found.map(({ id }) => id));
  }
  return { calls, changed, ids: existing };
}

/** The API’s answers about customers that a sweep did not find. Any answer but a customer and 404 proves nothing (ALERTS 6). */
export async function lookUpSample(deps: LookupDeps, ids: readonly string[], reading: Reading) {
  const found: ReceivedCustomer[] = [];
  let gone = 0;
  for (const id of ids) {
    const customer = await fetchCustomer(deps, id, () => true);
    if (customer === undefined) gone += 1;
    else if (customer !== "unreadable") found.push(customer);
  }
  const changed = await recordLookup(deps, { found, removed: [], reading });
  return { found: found.map(({ id }) => id), gone, changed, calls: ids.length };
}

const ABOUT_ONE_CUSTOMER = ["wholesale.unexpected", "wholesale.too_large", "wholesale.forbidden", "wholesale.locked"];

/** One customer that cannot be parsed or is too large, that the token may not read, or that is locked, does not fail the others. */
function concernsOneCustomer({ code }: Failure): boolean {
  return ABOUT_ONE_CUSTOMER.includes(code);
}

/** Undefined when the customer does not exist. */
async function fetchCustomer(
  { crawl, fence, signal, log }: LookupDeps,
  id: string,
  isTolerated = concernsOneCustomer,
): Promise<ReceivedCustomer | undefined | "unreadable"> {
  try {
    const customer = await crawl.customer(id, fence.scope, signal);
    log.working("customer.unreadable");
    return customer;
  } catch (error) {
    if (signal.aborted || !(error instanceof Failure) || !isTolerated(error)) throw error;
    log.failing("customer.unreadable", { customerId: id, error });
    return "unreadable";
  }
}

async function recordLookup(
  { writer, clock, fence }: LookupDeps,
  { found, removed, reading }: { found: readonly ReceivedCustomer[]; removed: readonly string[]; reading: Reading },
): Promise<number> {
  const page = { customers: found, at: clock(), reading };
  const changed = found.length === 0 ? [] : (await writer.recordPage(page, fence)).transitions;
  const gone = removed.length === 0 ? [] : await writer.remove(removed, clock(), fence);
  return changed.length + gone.length;
}
