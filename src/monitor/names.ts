import type { Scope } from "../domain/customers/sweep.ts";
import type { Clock, FaultLog } from "../domain/ports/runtime.ts";
import type { Snapshot, SnapshotWriter } from "../domain/ports/snapshot.ts";
import type { WholesaleCrawler } from "../domain/ports/wholesale.ts";
import { Failure } from "../errors.ts";

export interface NamesDeps {
  readonly crawl: WholesaleCrawler;
  readonly writer: SnapshotWriter;
  readonly snapshot: Snapshot;
  readonly clock: Clock;
  readonly log: FaultLog;
}

const DAY_MS = 24 * 60 * 60_000;
/** A name, or its absence, is read again after this time. */
const NAME_TTL_MS = 7 * DAY_MS;
/** No names are read for this long after a failure of the API. */
const BACKOFF_MS = 5 * 60_000;

/** Reads names of organisations that are due. A token that may not read organisations (403) switches it off. */
export function createNameReader({ crawl, writer, snapshot, clock, log }: NamesDeps) {
  let isForbidden = false;
  let pausedUntil = 0;

  const readDue = async (scopes: readonly Scope[], most: number, signal: AbortSignal): Promise<void> => {
    let left = most;
    for (const scope of scopes) {
      const due = left > 0 ? await snapshot.namesDue(scope, clock() - NAME_TTL_MS, left) : [];
      for (const orgId of due) {
        await writer.saveName(orgId, await crawl.organisationName(orgId, signal), clock());
        left -= 1;
      }
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

  /** @param most the number of organisations to read at most, over all scopes */
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
