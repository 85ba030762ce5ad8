import type { Kysely, Transaction } from "kysely";
import type { Fence, Leases } from "../domain/ports/snapshot.ts";
import { Failure } from "../errors.ts";
import type { Tables } from "./schema.ts";

/** Each step is one statement: of several instances that reach for a lease, one gets it. */
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
  /** Whether this process alone uses the database; its transactions then come one at a time. */
  readonly isSingleInstance: boolean;
}

/**
 * Runs `step` in a transaction that only the holder of the fence may make. Nobody else can take the lease before it ends, and
 * of two steps under one fence, such as a sweep's and a look's, the second sees what the first wrote.
 */
export function fenced<T>(
  { db, isSingleInstance }: FenceDeps,
  { scope, holder, epoch }: Fence,
  step: (db: Transaction<Tables>) => Promise<T>,
): Promise<T> {
  return db.transaction().execute(async (transaction) => {
    const lease = await transaction
      .selectFrom("leases")
      .select(["holder", "epoch"])
      .where("name", "=", scope)
      .$if(!isSingleInstance, (query) => query.forUpdate())
      .executeTakeFirst();
    if (lease?.holder !== holder || lease.epoch !== epoch) throw leaseLost();
    return step(transaction);
  });
}

/**
 * Keeps readings of a scope from being written until the transaction ends, and waits for the one that is: they write alerts
 * whole, over whatever a person may have changed meanwhile.
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
    "Nothing is to be done: it goes on from where this one was.",
  );
