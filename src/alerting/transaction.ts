import type { Kysely, Transaction } from "kysely";
import type { Timings } from "../domain/alerts/grouping.ts";
import type { AuditEntry } from "../domain/audit.ts";
import { Failure } from "../errors.ts";
import { writeAudit } from "../store/audit.ts";
import type { Tables } from "../store/schema.ts";

export type Db = Kysely<Tables>;

export interface AlertingDeps {
  readonly db: Db;
  /** True if no other process uses the database; its transactions then run one at a time, and rows need no locks. */
  readonly isSingleInstance: boolean;
  readonly timings: Timings;
  readonly opsRoomId?: string | undefined;
  /** Called after each transaction that may have made something due. */
  readonly onCommit?: () => void;
}

/** An open transaction, its time in epoch milliseconds, and the settings of the engine. */
export interface TransactionContext extends Omit<AlertingDeps, "db" | "onCommit"> {
  readonly tx: Transaction<Tables>;
  readonly now: number;
}

/** PostgreSQL ends one of two transactions that wait for each other. It is rolled back, so it can be repeated. */
const MAX_ATTEMPTS = 3;

/** Runs `work` in a transaction of its own, with the row of the audit that it belongs to. */
export function inAuditedTransaction(
  deps: AlertingDeps,
  { now, audit }: { readonly now: number; readonly audit: AuditEntry | undefined },
  work: (ctx: TransactionContext) => Promise<void>,
): Promise<void> {
  return inTransaction(deps, now, async (ctx) => {
    await work(ctx);
    if (audit !== undefined) await writeAudit(ctx.tx, audit, now);
  });
}

/** Runs `work` in a transaction of its own, up to three times. */
export async function inTransaction<T>(
  { db, onCommit, ...deps }: AlertingDeps,
  now: number,
  work: (ctx: TransactionContext) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await db.transaction().execute((tx) => work({ ...deps, tx, now }));
      onCommit?.();
      return result;
    } catch (error) {
      const mayRetry = error instanceof Failure && error.code === "store.retry" && attempt < MAX_ATTEMPTS;
      if (!mayRetry) throw error;
    }
  }
}
