import type { Scope } from "../domain/customers/sweep.ts";
import type { Clock, Log } from "../domain/ports/runtime.ts";
import type { Snapshot, SnapshotWriter } from "../domain/ports/snapshot.ts";
import type { WholesaleCrawler } from "../domain/ports/wholesale.ts";
import { Failure } from "../errors.ts";

export interface NamesDeps {
  readonly crawl: WholesaleCrawler;
  readonly writer: SnapshotWriter;
  readonly snapshot: Snapshot;
  readonly clock: Clock;
  readonly log: Log;
}

const DAY_MS = 24 * 60 * 60_000;
/** How long a name is believed, and one that was not to be had. */
const NAME_TTL_MS = 7 * DAY_MS;
/** How long to leave it when the API has trouble. */
const BACKOFF_MS = 5 * 60_000;

/** Reads some of the organisations' names that are due, until the token turns out not to be allowed to. */
export function createNameReader({ crawl, writer, snapshot, clock, log }: NamesDeps) {
  let off = false;
  let restUntil = 0;

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

  const giveWay = (error: Failure): void => {
    if (error.code === "wholesale.forbidden") {
      off = true;
      log.info("names.disabled", { why: "the token may not read organisations" });
      return;
    }
    restUntil = clock() + BACKOFF_MS;
    log.warn("names.failed", { cause: error.code, error });
  };

  /** @param most how many organisations to ask for, at most, over all scopes */
  return async (scopes: readonly Scope[], most: number, signal: AbortSignal): Promise<void> => {
    if (off || clock() < restUntil) return;
    try {
      await readDue(scopes, most, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Failure)) throw error;
      giveWay(error);
    }
  };
}
