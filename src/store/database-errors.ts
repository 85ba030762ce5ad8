import { Failure } from "../errors.ts";

/** What a database may say, and what somebody can do about it. */
export interface DatabaseErrorRule {
  /** The codes it says so by. */
  readonly codes: RegExp;
  /** The code of the failure. */
  readonly code: string;
  /** One sentence; `place` is the file or the server. */
  readonly what: (position: string, code: string) => string;
  readonly hint: string;
  readonly retryable?: boolean;
}

/** The failure by the first cure that knows the code. */
export function failureFor(
  cures: readonly DatabaseErrorRule[],
  code: string,
  position: string,
  cause: unknown,
): Failure {
  const { code: name, what, hint, retryable = false } = cures.find(({ codes }) => codes.test(code)) ?? UNKNOWN_ERROR;
  return new Failure(name, what(position, code), hint, { cause, retryable });
}

/** The code of a failure that says: a row of that key is there already. */
export const CONFLICT = "store.conflict";

export const conflictRule = (codes: RegExp): DatabaseErrorRule => ({
  codes,
  code: CONFLICT,
  what: () => "A row of that key is there already.",
  hint: "Look again: somebody else was quicker.",
  retryable: true,
});

const UNKNOWN_ERROR: DatabaseErrorRule = {
  codes: /^/,
  code: "store.refused",
  what: (position, code) => `The database ${position} refused a step (${code}).`,
  hint: "See the cause; if the database is well, this is a bug: please report it.",
};
