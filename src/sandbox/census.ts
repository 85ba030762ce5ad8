import { createTally } from "./tally.ts";

/** Who may be asked for, told from a customer's place alone. Absent means everybody. */
export interface Sought {
  /** Any of these. */
  readonly statuses?: readonly string[] | undefined;
  /** The number of a sub-partner. */
  readonly partner?: number | undefined;
}

export interface CensusDeps {
  readonly size: number;
  readonly statusAt: (place: number) => string;
  readonly partnerAt: (place: number) => number | undefined;
}

/** Wide enough for the sub-partners and for the partner's own customers, which are 0. */
const PARTNERS = 16;
const WHOSE: readonly number[] = Array.from({ length: PARTNERS }, (_, at) => at);
const NOBODY = 0xffff;

/** Who is in which status and whose, in two bytes a customer: a status together with a partner is one kind. */
export function createCensus({ size, statusAt, partnerAt }: CensusDeps) {
  const statuses: string[] = [];
  const codes = new Map<string, number>();
  const tally = createTally();
  let kinds = new Uint16Array(size).fill(NOBODY);
  let places = 0;
  const kindAt = (place: number): number => kinds[place] ?? NOBODY;

  for (let place = 0; place < size; place += 1) put(place, statusAt(place));

  function codeOf(status: string): number {
    const code = codes.get(status) ?? statuses.push(status) - 1;
    codes.set(status, code);
    return code;
  }

  function clear(place: number): void {
    if (kindAt(place) === NOBODY) return;
    tally.count(kindAt(place), place, -1);
    kinds[place] = NOBODY;
  }

  function put(place: number, status: string): void {
    if (place >= kinds.length) grow();
    clear(place);
    const kind = codeOf(status) * PARTNERS + 1 + (partnerAt(place) ?? -1);
    kinds[place] = kind;
    tally.count(kind, place, 1);
    places = Math.max(places, place + 1);
  }

  function grow(): void {
    const wider = new Uint16Array(2 * kinds.length + PARTNERS).fill(NOBODY);
    wider.set(kinds);
    kinds = wider;
  }

  function kindsOf({ statuses: wanted = statuses, partner }: Sought): readonly number[] {
    const whose = partner === undefined ? WHOSE : [partner + 1];
    const known = new Set(wanted.flatMap((status) => codes.get(status) ?? []));
    return [...known].flatMap((code) => whose.map((at) => code * PARTNERS + at)).filter(tally.has);
  }

  const total = (sought: Sought): number => tally.total(kindsOf(sought));

  return {
    put,
    clear,
    total,
    /** Including the places of those who are gone. */
    places: () => places,
    /** Undefined where nobody is. */
    status: (place: number): string | undefined => statuses[Math.floor(kindAt(place) / PARTNERS)],
    fits: (place: number, sought: Sought): boolean => kindsOf(sought).includes(kindAt(place)),
    /** The places of those who are sought, in order, without the first `offset` of them, in this share of the world. */
    find: (sought: Sought, offset = 0, share = 1): Iterable<number> =>
      tally.find(kindsOf(sought), { end: Math.ceil(places * share), offset, kindAt }),
    byStatus: (): Readonly<Record<string, number>> => {
      const counted = statuses.map((status) => [status, total({ statuses: [status] })] as const);
      return Object.fromEntries(counted.filter(([, customers]) => customers > 0));
    },
  };
}
