import { Failure } from "../errors.ts";
import { CONFLICT } from "../store/database-errors.ts";

/**
 * Takes a step for each item, also after it failed for another one: no room waits for another (ALERTS 27). Throws the first error at
 * the end, but at once when the database does not answer, as no other step would succeed.
 */
export async function eachAlone<T>(items: readonly T[], step: (item: T) => Promise<unknown>): Promise<void> {
  const errors: unknown[] = [];
  for (const item of items) {
    try {
      await step(item);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
}

const isDatabaseAway = (error: unknown): boolean =>
  error instanceof Failure && error.retryable && error.code !== CONFLICT;
