import type { Clock } from "../domain/ports.ts";
import type { Subpartner, WholesaleWalk } from "../domain/wholesale.ts";

interface Read {
  readonly list: readonly Subpartner[];
  readonly readAt: number;
}

/** They change seldom, and every card of a bound space names its own. */
const KEEP_MS = 60_000;

/** The sub-partners as read within the last minute; those who come while that is under way share it. */
export function cacheSubpartners(
  walk: Pick<WholesaleWalk, "subpartners">,
  clock: Clock,
): () => Promise<Read> {
  let kept: { readonly read: Promise<Read>; readonly askedAt: number } | undefined;
  const ask = async (): Promise<Read> => ({ list: await walk.subpartners(), readAt: clock() });
  return () => {
    if (kept !== undefined && clock() - kept.askedAt < KEEP_MS) return kept.read;
    const read = ask();
    kept = { read, askedAt: clock() };
    read.catch(() => {
      if (kept?.read === read) kept = undefined;
    });
    return read;
  };
}
