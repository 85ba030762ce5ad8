import type { Scope } from "../domain/customers/sweep.ts";
import type { Clock, FaultLog } from "../domain/ports/runtime.ts";
import type { Snapshot, SnapshotWriter } from "../domain/ports/snapshot.ts";
import type { OrganisationName, WholesaleCrawler } from "../domain/ports/wholesale.ts";
import { Failure } from "../errors.ts";

export interface NamesDeps {
  readonly crawl: WholesaleCrawler;
  readonly writer: SnapshotWriter;
  readonly snapshot: Snapshot;
  readonly clock: Clock;
  readonly log: FaultLog;
}

const HOUR_MS = 60 * 60_000;
/** A name, or its absence, is read again after this time. */
const NAME_TTL_MS = 7 * 24 * HOUR_MS;
/** No names are read for this long after a failure of the API. */
const BACKOFF_MS = 5 * 60_000;
/** So many names are not worth the list of all. */
const FEW = 10;
/** The list is asked for no more often, whether it came or not. */
const LIST_INTERVAL_MS = HOUR_MS;

/**
 * Reads names of organisations that are due: if they are many, by the list of all, which is one call; if they are few, or if the list
 * lacks them or does not come, one by one. A token that may not read organisations (403) switches it off.
 */
export function createNameReader(deps: NamesDeps) {
  const { crawl, writer, clock, log } = deps;
  const readListIfDue = createListReader(deps);
  let isForbidden = false;
  let pausedUntil = 0;

  const readDue = async (scopes: readonly Scope[], most: number, signal: AbortSignal): Promise<void> => {
    if ((await findDue(deps, scopes, FEW + 1)).length > FEW) await readListIfDue(signal);
    for (const orgId of await findDue(deps, scopes, most)) {
      const name = await crawl.organisationName(orgId, signal);
      await writer.saveNames([{ orgId, name }], clock());
    }
  };

  const backOff = (error: Failure): void => {
    if (error.code === "wholesale.forbidden") {
      isForbidden = true;
      log.info("names.disabled", { because: "the token may not read organisations" });
      return;
    }
    pausedUntil = clock() + BACKOFF_MS;
    log.failing("names.failed", { cause: error.code, error });
  };

  /** @param most the number of organisations to read one by one, over all scopes */
  return async (scopes: readonly Scope[], most: number, signal: AbortSignal): Promise<void> => {
    if (isForbidden || clock() < pausedUntil) return;
    try {
      await readDue(scopes, most, signal);
      log.working("names.failed");
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Failure)) throw error;
      backOff(error);
    }
  };
}

async function findDue(
  { snapshot, clock }: NamesDeps,
  scopes: readonly Scope[],
  most: number,
): Promise<readonly string[]> {
  const due = new Set<string>();
  for (const scope of scopes) {
    const left = most - due.size;
    for (const orgId of left > 0 ? await snapshot.namesDue(scope, clock() - NAME_TTL_MS, left) : []) due.add(orgId);
  }
  return [...due];
}

/** Reads the list of all names, unless it was asked for within the last hour. */
function createListReader({ crawl, writer, clock, log }: NamesDeps): (signal: AbortSignal) => Promise<void> {
  let dueAt = 0;
  return async (signal) => {
    const startedAt = clock();
    if (startedAt < dueAt) return;
    dueAt = startedAt + LIST_INTERVAL_MS;
    let names = 0;
    const save = async (some: readonly OrganisationName[]): Promise<void> => {
      await writer.saveNames(some, clock());
      names += some.length;
    };
    try {
      await crawl.organisationNames(save, signal);
      log.working("names.list_failed");
      log.info("names.listed", { names, ms: clock() - startedAt });
    } catch (error) {
      if (signal.aborted || !(error instanceof Failure)) throw error;
      log.failing("names.list_failed", { names, error });
    }
  };
}
