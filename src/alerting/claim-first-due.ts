import { type AlertingDeps, inTransaction, type TransactionContext } from "./transaction.ts";

interface Claiming<T> {
  /** The key of what is due first. */
  readonly findDue: () => Promise<string | undefined>;
  /** Undefined if there is nothing to claim any more; it is not due then. */
  readonly claim: (ctx: TransactionContext, key: string) => Promise<T | undefined>;
  readonly postpone: (key: string) => Promise<void>;
}

/** Claims what is due first. Throws if the claim fails; that is postponed, so it is not the first one of the next call. */
export async function claimFirstDue<T>(
  deps: AlertingDeps,
  now: number,
  { findDue, claim, postpone }: Claiming<T>,
): Promise<T | undefined> {
  // Ends, because what was tried is claimed, or not due any more.
  for (;;) {
    const due = await findDue();
    if (due === undefined) return undefined;
    const claimed = await inTransaction(deps, now, (ctx) => claim(ctx, due)).catch(async (error: unknown) => {
      await postpone(due);
      throw error;
    });
    if (claimed !== undefined) return claimed;
  }
}
