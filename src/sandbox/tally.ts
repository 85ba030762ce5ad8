/** So many places are counted together: few enough to look at each, many enough that a million make a short list. */
const BLOCK_SIZE = 4_096;

/** How many there are of each kind in each block of places: the way to the nth without counting those before it. */
export function createBlockCounts() {
  /** Kind -> block -> how many. */
  const counts: number[][] = [];

  const inBlock = (kinds: readonly number[], block: number): number =>
    kinds.reduce((sum, kind) => sum + (counts[kind]?.[block] ?? 0), 0);

  return {
    count(kind: number, place: number, by: 1 | -1): void {
      counts[kind] ??= [];
      const blocks = counts[kind];
      const block = Math.floor(place / BLOCK_SIZE);
      blocks[block] = (blocks[block] ?? 0) + by;
    },
    has: (kind: number): boolean => counts[kind] !== undefined,
    total: (kinds: readonly number[]): number =>
      kinds.reduce((sum, kind) => sum + (counts[kind] ?? []).reduce((all, some) => all + some, 0), 0),

    /**
     * The places below `end` whose kind is among these, in order, without the first `offset` of them. The place in hand
     * may change its kind on the way.
     */
    *find(
      kinds: readonly number[],
      { end, offset, kindAt }: { end: number; offset: number; kindAt: (place: number) => number },
    ): Generator<number> {
      const wanted = new Set(kinds);
      const matches = (place: number) => wanted.has(kindAt(place));
      let skip = offset;
      for (let start = 0; start < end; start += BLOCK_SIZE) {
        const here = inBlock(kinds, start / BLOCK_SIZE);
        if (here > skip)
          yield* matchesInBlock({ start, end: Math.min(start + BLOCK_SIZE, end), skip, matches });
        skip = Math.max(0, skip - here);
      }
    },
  };
}

interface BlockRange {
  readonly start: number;
  readonly end: number;
  /** How many of those that fit are left out. */
  readonly skip: number;
  readonly matches: (place: number) => boolean;
}

function* matchesInBlock({ start, end, skip, matches }: BlockRange): Generator<number> {
  let left = skip;
  for (let place = start; place < end; place += 1) {
    if (!matches(place)) continue;
    if (left === 0) yield place;
    else left -= 1;
  }
}
