import type { Reading } from "../domain/alerts/lifecycle.ts";
import type { Customer } from "../domain/customers/customer.ts";
import type { Clock, Log } from "../domain/ports/messaging.ts";
import type { Fence, SnapshotWriter } from "../domain/ports/snapshot.ts";
import type { WholesaleCrawler } from "../domain/ports/wholesale.ts";
import { Failure } from "../errors.ts";

export interface LookupDeps {
  readonly crawl: WholesaleCrawler;
  readonly writer: SnapshotWriter;
  readonly clock: Clock;
  readonly log: Log;
  readonly fence: Fence;
  readonly signal: AbortSignal;
}

export interface LookupResult {
  readonly calls: number;
  readonly changed: number;
  /** Those that are there. */
  readonly ids: readonly string[];
}

/** How many customers go into the snapshot in one transaction. */
const LOOKUP_BATCH = 50;

/**
 * Asks for customers one by one and takes in those that are there.
 * @param reading the look that it belongs to, or, after two complete sweeps that did not find them, a `look-up`: only then are
 *   those that are not there removed (ALERTS 5, 14)
 */
export async function lookUpCustomers(
  deps: LookupDeps,
  ids: readonly string[],
  reading: Reading,
): Promise<LookupResult> {
  const there: string[] = [];
  let calls = 0;
  let changed = 0;
  for (let from = 0; from < ids.length; from += LOOKUP_BATCH) {
    const some = ids.slice(from, from + LOOKUP_BATCH);
    const found: Customer[] = [];
    const gone: string[] = [];
    for (const id of some) {
      calls += 1;
      const answer = await fetchCustomer(deps, id);
      if (answer === "unknown") continue;
      if (answer === undefined) gone.push(id);
      else found.push(answer);
    }
    const removed = reading.kind === "lookup" ? gone : [];
    changed += await recordLookup(deps, { found, removed, reading });
    there.push(...found.map(({ id }) => id));
  }
  return { calls, changed, ids: there };
}

/** One customer that cannot be read must not keep the others from being asked for. */
async function fetchCustomer(
  { crawl, fence, signal, log }: LookupDeps,
  id: string,
): Promise<Customer | undefined | "unknown"> {
  try {
    return await crawl.customer(id, fence.scope, signal);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "wholesale.unexpected") throw error;
    log.warn("customer.unreadable", { customerId: id, error });
    return "unknown";
  }
}

async function recordLookup(
  { writer, clock, fence }: LookupDeps,
  { found, removed, reading }: { found: readonly Customer[]; removed: readonly string[]; reading: Reading },
): Promise<number> {
  const page = { customers: found, at: clock(), reading };
  const changed = found.length === 0 ? [] : await writer.recordPage(page, fence);
  const gone = removed.length === 0 ? [] : await writer.remove(removed, clock(), fence);
  return changed.length + gone.length;
}
