import { Failure } from "../errors.ts";

/** Translates error codes of a database into a failure with a hint. */
export interface DatabaseErrorRule {
  readonly codes: RegExp;
  readonly code: string;
  /** One sentence; `place` is the file or the server. */
  readonly what: (place: string, code: string) => string;
  readonly hint: string;
  readonly retryable?: boolean;
}

/** The failure by the first rule that matches the code. */
export function failureFor(rules: readonly DatabaseErrorRule[], code: string, place: string, cause: unknown): Failure {
  const { code: name, what, hint, retryable = false } = rules.find(({ codes }) => codes.test(code)) ?? UNKNOWN_ERROR;
  return new Failure(name, what(place, code), hint, { cause, retryable });
}

/** The failure of an insert whose unique key exists already. */
export const CONFLICT = "store.conflict";

export const conflictRule = (codes: RegExp): DatabaseErrorRule => ({
  codes,
  code: CONFLICT,
  what: () => "A row of that key exists already.",
  hint: "Read it again: another process was faster.",
  retryable: true,
});

const UNKNOWN_ERROR: DatabaseErrorRule = {
  codes: /^/,
  code: "store.rejected",
  what: (place, code) => `The database ${place} refused a statement (${code}).`,
  hint: "See the cause. If the database works otherwise, this is a bug: please report it.",
};
