import type { Kysely, Transaction } from "kysely";
import type { Fence, Leases } from "../domain/ports/snapshot.ts";
import { Failure } from "../errors.ts";
import { compiledQuery } from "./compiled.ts";
import type { Tables } from "./schema.ts";

/** Each method is one statement: of several instances that acquire a lease at the same time, one gets it. */
export const createLeases = (db: Kysely<Tables>): Leases => ({
  async acquire(scope, holder, now, leaseMs) {
    const taken = await db
      .insertInto("leases")
      .values({ name: scope, holder, epoch: 1, expiresAt: now + leaseMs })
      .onConflict((conflict) =>
        conflict
          .column("name")
          .doUpdateSet((is) => ({
            holder,
            expiresAt: now + leaseMs,
            epoch: is
              .case()
              .when("leases.holder", "=", holder)
              .then(is.ref("leases.epoch"))
              .else(is("leases.epoch", "+", 1))
              .end(),
          }))
          .where((is) => is.or([is("leases.holder", "=", holder), is("leases.expiresAt", "<=", now)])),
      )
      .returning("epoch")
      .executeTakeFirst();
    return taken && { scope, holder, epoch: taken.epoch };
  },
  async renew(fence, now, leaseMs) {
    const { numUpdatedRows } = await updateHeldLease(db, fence)
      .set({ expiresAt: now + leaseMs })
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  },
  async release(fence) {
    await updateHeldLease(db, fence).set({ expiresAt: 0 }).execute();
  },
});

const updateHeldLease = (db: Kysely<Tables>, { scope, holder, epoch }: Fence) =>
  db.updateTable("leases").where("name", "=", scope).where("holder", "=", holder).where("epoch", "=", epoch);

export interface FenceDeps {
  readonly db: Kysely<Tables>;
  /** True if only this process uses the database, so that its transactions run one after the other. */
  readonly isSingleInstance: boolean;
}

/**
 * Runs `step` in a transaction that only the holder of the fence may make; throws `store.fenced` for others. The lease
 * stays locked until the transaction ends. Of two steps under one fence, such as those of a sweep and of a quick poll, the
 * second reads what the first wrote.
 */
export function fenced<T>(
  { db, isSingleInstance }: FenceDeps,
  { scope, holder, epoch }: Fence,
  step: (db: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (transaction) => {
    const [lease] = await (isSingleInstance ? heldLease : lockedLease)(transaction, { scope });
    if (lease?.holder !== holder || lease.epoch !== epoch) throw leaseLost();
    return step(transaction);
  });
}

const leaseOf = (db: Kysely<Tables>, scope: string) =>
  db.selectFrom("leases").select(["holder", "epoch"]).where("name", "=", scope);

const heldLease = compiledQuery((db, { scope }: { scope: string }) => leaseOf(db, scope));
const lockedLease = compiledQuery((db, { scope }: { scope: string }) => leaseOf(db, scope).forUpdate());

/**
 * Waits for a reading of the scope that is being written, and keeps others waiting until the transaction ends. A reading
 * writes whole alerts and would overwrite what a person changed in between.
 */
export async function lockScope(
  { tx, isSingleInstance }: { readonly tx: Transaction<Tables>; readonly isSingleInstance: boolean },
  scope: string,
): Promise<void> {
  if (isSingleInstance) return;
  await tx.selectFrom("leases").select("name").where("name", "=", scope).forUpdate().execute();
}

const leaseLost = () =>
  new Failure(
    "store.fenced",
    "Another instance of the bot has taken over reading the customers.",
    "Nothing needs to be done: the other instance continues from there.",
  );
