import { Failure } from "../errors.ts";

/** What a database may say, and what somebody can do about it. */
export interface Cure {
  /** The codes it says so by. */
  readonly codes: RegExp;
  /** The code of the failure. */
  readonly code: string;
  /** One sentence; `place` is the file or the server. */
  readonly what: (place: string, code: string) => string;
  readonly fix: string;
  readonly passing?: boolean;
}

/** The failure by the first cure that knows the code. */
export function failureBy(cures: readonly Cure[], code: string, place: string, cause: unknown): Failure {
  const { code: name, what, fix, passing = false } = cures.find(({ codes }) => codes.test(code)) ?? UNKNOWN;
  return new Failure(name, what(place, code), fix, { cause, passing });
}

/** The code of a failure that says: a row of that key is there already. */
export const CONFLICT = "store.conflict";

export const conflictBy = (codes: RegExp): Cure => ({
  codes,
  code: CONFLICT,
  what: () => "A row of that key is there already.",
  fix: "Look again: somebody else was quicker.",
  passing: true,
});

const UNKNOWN: Cure = {
  codes: /^/,
  code: "store.refused",
  what: (place, code) => `The database ${place} refused a step (${code}).`,
  fix: "See the cause; if the database is well, this is a bug: please report it.",
};
