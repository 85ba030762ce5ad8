import type { Clock } from "../domain/ports/messaging.ts";
import type { Subpartner, WholesaleCrawler } from "../domain/ports/wholesale.ts";

interface SubpartnerList {
  readonly list: readonly Subpartner[];
  readonly readAt: number;
}

/** They change seldom, and every card of a bound space names its own. */
const CACHE_MS = 60_000;

/** The sub-partners as read within the last minute; those who come while that is under way share it. */
export function createCachedSubpartners(
  walk: Pick<WholesaleCrawler, "subpartners">,
  clock: Clock,
): () => Promise<SubpartnerList> {
  let kept: { readonly read: Promise<SubpartnerList>; readonly askedAt: number } | undefined;
  const ask = async (): Promise<SubpartnerList> => ({ list: await walk.subpartners(), readAt: clock() });
  return () => {
    if (kept !== undefined && clock() - kept.askedAt < CACHE_MS) return kept.read;
    const read = ask();
    kept = { read, askedAt: clock() };
    read.catch(() => {
      if (kept?.read === read) kept = undefined;
    });
    return read;
  };
}
