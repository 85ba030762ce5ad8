/** Who may be asked for, told from a customer's place alone. Absent means everybody. */
export interface StatusQuery {
  /** Any of these. */
  readonly statuses?: readonly string[] | undefined;
  /** The number of a sub-partner. */
  readonly partner?: number | undefined;
}

export interface StatusIndexDeps {
  readonly size: number;
  readonly statusOf: (place: number) => string;
  readonly partnerOf: (place: number) => number | undefined;
}

/** Wide enough for the sub-partners and for the partner's own customers, which are 0. */
const MAX_PARTNERS = 16;
const ALL_PARTNERS: readonly number[] = Array.from({ length: MAX_PARTNERS }, (_, at) => at);
const EMPTY_SLOT = 0xffff;

/** Who is in which status and whose, in two bytes a customer: a status together with a partner is one kind. */
export function createStatusIndex({ size, statusOf, partnerOf }: StatusIndexDeps) {
  const statuses: string[] = [];
  const codes = new Map<string, number>();
  const tally = createBlockCounts();
  let kinds = new Uint16Array(size).fill(EMPTY_SLOT);
  let places = 0;
  const kindAt = (place: number): number => kinds[place] ?? EMPTY_SLOT;

  for (let place = 0; place < size; place += 1) put(place, statusOf(place));

  function codeOf(status: string): number {
    const code = codes.get(status) ?? statuses.push(status) - 1;
    codes.set(status, code);
    return code;
  }

  function clear(place: number): void {
    if (kindAt(place) === EMPTY_SLOT) return;
    tally.count(kindAt(place), place, -1);
    kinds[place] = EMPTY_SLOT;
  }

  function put(place: number, status: string): void {
    if (place >= kinds.length) grow();
    clear(place);
    const kind = codeOf(status) * MAX_PARTNERS + 1 + (partnerOf(place) ?? -1);
    kinds[place] = kind;
    tally.count(kind, place, 1);
    places = Math.max(places, place + 1);
  }

  function grow(): void {
    const wider = new Uint16Array(2 * kinds.length + MAX_PARTNERS).fill(EMPTY_SLOT);
    wider.set(kinds);
    kinds = wider;
  }

  function kindsOf({ statuses: wanted = statuses, partner }: StatusQuery): readonly number[] {
    const whose = partner === undefined ? ALL_PARTNERS : [partner + 1];
    const known = new Set(wanted.flatMap((status) => codes.get(status) ?? []));
    return [...known].flatMap((code) => whose.map((at) => code * MAX_PARTNERS + at)).filter(tally.has);
  }

  const total = (sought: StatusQuery): number => tally.total(kindsOf(sought));

  return {
    put,
    clear,
    total,
    /** Including the places of those who are gone. */
    length: () => places,
    /** Undefined where nobody is. */
    status: (place: number): string | undefined => statuses[Math.floor(kindAt(place) / MAX_PARTNERS)],
    matches: (place: number, sought: StatusQuery): boolean => kindsOf(sought).includes(kindAt(place)),
    /** The places of those who are sought, in order, without the first `offset` of them, in this share of the world. */
    find: (sought: StatusQuery, offset = 0, share = 1): Iterable<number> =>
      tally.find(kindsOf(sought), { end: Math.ceil(places * share), offset, kindAt }),
    byStatus: (): Readonly<Record<string, number>> => {
      const counted = statuses.map((status) => [status, total({ statuses: [status] })] as const);
      return Object.fromEntries(counted.filter(([, customers]) => customers > 0));
    },
  };
}

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
        if (here > skip) yield* matchesInBlock({ start, end: Math.min(start + BLOCK_SIZE, end), skip, matches });
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
