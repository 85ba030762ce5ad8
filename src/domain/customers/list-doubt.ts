/** The decision if the list of a sweep is believed about the customers that it leaves out (ALERTS 6). Times are epoch milliseconds. */

/** The known customers that a sweep did not find, and the answers to look-ups by id of a sample of them. */
export interface AbsenceSample {
  readonly known: number;
  readonly absent: number;
  readonly lookedUp: number;
  readonly found: number;
  /** The look-ups that the API answered with 404. Any other answer proves nothing. */
  readonly gone: number;
  /** The list was one page at most. Between two pages a customer can slip through, when another one is removed. */
  readonly isSinglePage: boolean;
}

/** Why the list is not believed, and what speaks for it so far. */
export interface ListDoubt {
  /** The end of the first sweep in a row that was suspect. */
  readonly since: number;
  readonly known: number;
  /** How many of the known customers the list has. */
  readonly present: number;
  /** Over half of the known customers are absent, and no look-up has found one of them. */
  readonly mayBeTrue: boolean;
  /** The absent customers of the first such sweep. */
  readonly absent: number;
  /** Sweeps of which every sample was gone, and when the first of them ended. */
  readonly agreeing: number;
  readonly agreeingSince?: number;
  /** The name of the person who said that it is true. */
  readonly confirmedBy?: string;
  /** The list counts as complete again, although over half of the customers are absent. */
  readonly isBelieved: boolean;
}

/** The number of absent customers that are looked up after a sweep. */
export const SAMPLE_SIZE = 10;
/** So many of the sample that exist make the list suspect. */
const FOUND_LIMIT = 3;
/** Up to so many absent customers are believed without a person. */
const FEW = 20;
const HOUR = 3_600_000;
const BELIEVED_AFTER = { sweeps: 3, ms: HOUR, unconfirmedMs: 24 * HOUR };

/** Draws so many at random, each at most once. @param random a number from 0 up to 1 */
export function drawSample<T>(all: readonly T[], size: number, random: () => number): readonly T[] {
  if (all.length <= size) return all;
  const left = [...all];
  return Array.from({ length: size }, () => left.splice(Math.floor(random() * left.length), 1)).flat();
}

/**
 * The doubt about a list after its sweep; undefined when there is none. The sweep is suspect unless the doubt is believed.
 * @param before the doubt after the sweep before it
 */
export function evaluateList(sample: AbsenceSample, before: ListDoubt | undefined, now: number): ListDoubt | undefined {
  const { known, absent, found } = sample;
  const isMass = absent > known / 2;
  if (!isMass && !isContradicted(sample)) return undefined;
  const since = before === undefined || before.isBelieved ? now : before.since;
  const seen = { since, known, present: known - absent };
  if (isMass && found === 0) return { ...seen, ...weighAbsence(sample, before, now) };
  return { ...seen, absent, mayBeTrue: false, agreeing: 0, isBelieved: false };
}

/**
 * The look-ups say that the list leaves customers out. Each removal moves the later rows up by one, so at most one customer slips
 * through between two pages for each that was removed: fewer than were removed prove nothing, except where there is one page.
 */
function isContradicted({ lookedUp, found, gone, isSinglePage }: AbsenceSample): boolean {
  if (isSinglePage) return found >= FOUND_LIMIT || (found > 0 && found === lookedUp);
  return found >= FOUND_LIMIT && found > gone;
}

/** The evidence for the absence of over half of the customers. It begins anew when many more of them are absent than at first. */
function weighAbsence(
  { absent, lookedUp, gone }: AbsenceSample,
  before: ListDoubt | undefined,
  now: number,
): Omit<ListDoubt, "since" | "known" | "present"> {
  const same = before?.mayBeTrue && absent <= before.absent + FEW ? before : undefined;
  const agrees = lookedUp > 0 && gone === lookedUp;
  const agreeingSince = same?.agreeingSince ?? (agrees ? now : undefined);
  const doubt = {
    mayBeTrue: true,
    absent: same?.absent ?? absent,
    agreeing: (same?.agreeing ?? 0) + (agrees ? 1 : 0),
    ...(agreeingSince !== undefined && { agreeingSince }),
    ...(same?.confirmedBy !== undefined && { confirmedBy: same.confirmedBy }),
  };
  return { ...doubt, isBelieved: agrees && isBelievable(doubt, now) };
}

function isBelievable(
  { absent, agreeing, agreeingSince, confirmedBy }: Omit<ListDoubt, "since" | "known" | "present" | "isBelieved">,
  now: number,
): boolean {
  const agreeingMs = now - (agreeingSince ?? now);
  if (agreeing < BELIEVED_AFTER.sweeps || agreeingMs < BELIEVED_AFTER.ms) return false;
  return absent <= FEW || confirmedBy !== undefined || agreeingMs >= BELIEVED_AFTER.unconfirmedMs;
}
