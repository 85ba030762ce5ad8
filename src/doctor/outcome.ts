import { Failure } from "../errors.ts";

/** The result of a check. A cure stands beside a finding that is no failure where something could be better. */
export type Outcome =
  | { readonly state: "ok"; readonly finding: string; readonly cure?: string }
  | { readonly state: "failed"; readonly finding: string; readonly cure: string }
  | { readonly state: "skipped"; readonly finding: string };

export interface Result {
  readonly name: string;
  readonly outcome: Outcome;
}

export const ok = (finding: string, cure?: string): Outcome => ({
  state: "ok",
  finding,
  ...(cure !== undefined && { cure }),
});
export const failed = (finding: string, cure: string): Outcome => ({ state: "failed", finding, cure });
export const skipped = (why: string): Outcome => ({ state: "skipped", finding: `not checked, because ${why}` });

/** The outcome of a check that a failure ended. Rethrows any other error: it is a bug. */
export function outcomeOfError(error: unknown): Outcome {
  if (!(error instanceof Failure)) throw error;
  const reference = error.trackingId === undefined ? "" : ` [${error.trackingId}]`;
  return failed(`${error.message}${reference}`, error.hint);
}
