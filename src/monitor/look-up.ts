import type { Customer } from "../domain/customers/customer.ts";
import type { Clock, Log } from "../domain/ports.ts";
import type { Fence, SnapshotWriter } from "../domain/snapshot.ts";
import type { WholesaleWalk } from "../domain/wholesale.ts";
import { Failure } from "../errors.ts";

export interface LookUpDeps {
  readonly walk: WholesaleWalk;
  readonly writer: SnapshotWriter;
  readonly clock: Clock;
  readonly log: Log;
  readonly fence: Fence;
  readonly signal: AbortSignal;
}

export interface LookedUp {
  readonly calls: number;
  readonly changed: number;
}

/** How many customers go into the snapshot in one transaction. */
const TOGETHER = 50;

/**
 * Asks for customers one by one and takes in those that are there.
 * @param missing what to do with those that are not: only after two complete sweeps may they be removed (ALERTS 5, 14)
 */
export async function lookUp(
  deps: LookUpDeps,
  ids: readonly string[],
  missing: "remove" | "keep",
): Promise<LookedUp> {
  let calls = 0;
  let changed = 0;
  for (let from = 0; from < ids.length; from += TOGETHER) {
    const some = ids.slice(from, from + TOGETHER);
    const found: Customer[] = [];
    const gone: string[] = [];
    for (const id of some) {
      calls += 1;
      const answer = await ask(deps, id);
      if (answer === "unknown") continue;
      if (answer === undefined) gone.push(id);
      else found.push(answer);
    }
    changed += await takeIn(deps, found, missing === "remove" ? gone : []);
  }
  return { calls, changed };
}

/** One customer that cannot be read must not keep the others from being asked for. */
async function ask(
  { walk, fence, signal, log }: LookUpDeps,
  id: string,
): Promise<Customer | undefined | "unknown"> {
  try {
    return await walk.customer(id, fence.scope, signal);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "wholesale.unexpected") throw error;
    log.warn("customer.unreadable", { customerId: id, error });
    return "unknown";
  }
}

async function takeIn(
  { writer, clock, fence }: LookUpDeps,
  customers: readonly Customer[],
  gone: readonly string[],
): Promise<number> {
  const changed = customers.length === 0 ? [] : await writer.recordPage({ customers, at: clock() }, fence);
  const removed = gone.length === 0 ? [] : await writer.remove(gone, clock(), fence);
  return changed.length + removed.length;
}
