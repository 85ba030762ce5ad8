import type { Kysely, Transaction } from "kysely";
import type { Timings } from "../domain/notices/group.ts";
import type { Tables } from "./schema.ts";

export interface OutboxDeps {
  readonly db: Kysely<Tables>;
  /** Whether this process alone uses the database; its transactions then come one at a time. */
  readonly alone: boolean;
  readonly timings: Timings;
  /** Where the bot reports on itself. */
  readonly opsRoomId?: string | undefined;
}

/** One transaction, and what it goes by. */
export interface Step extends Omit<OutboxDeps, "db"> {
  readonly tx: Transaction<Tables>;
  readonly now: number;
}

/** Runs `step` in a transaction of its own. */
export function inStep<T>(
  { db, ...deps }: OutboxDeps,
  now: number,
  step: (step: Step) => Promise<T>,
): Promise<T> {
  return db.transaction().execute((tx) => step({ ...deps, tx, now }));
}
