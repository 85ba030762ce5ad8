import type { Kysely, Transaction } from "kysely";
import type { Timings } from "../domain/alerts/grouping.ts";
import { Failure } from "../errors.ts";
import type { Tables } from "../store/schema.ts";

export interface AlertingDeps {
  readonly db: Kysely<Tables>;
  /** Whether this process alone uses the database; its transactions then come one at a time. */
  readonly isSingleInstance: boolean;
  readonly timings: Timings;
  /** Where the bot reports on itself. */
  readonly opsRoomId?: string | undefined;
}

/** One transaction, and what it goes by. */
export interface TransactionContext extends Omit<AlertingDeps, "db"> {
  readonly tx: Transaction<Tables>;
  readonly now: number;
}

/** Of two transactions that wait for each other the database ends one: nothing of it has happened, and it may try again. */
const MAX_ATTEMPTS = 3;

/** Runs `step` in a transaction of its own. */
export async function inTransaction<T>(
  { db, ...deps }: AlertingDeps,
  now: number,
  step: (step: TransactionContext) => Promise<T>,
): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await db.transaction().execute((tx) => step({ ...deps, tx, now }));
    } catch (error) {
      const mayRetry = error instanceof Failure && error.code === "store.retry" && tried < MAX_ATTEMPTS;
      if (!mayRetry) throw error;
    }
  }
}
