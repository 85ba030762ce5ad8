import type { Kysely, Selectable, Transaction } from "kysely";
import type { Scope, SnapshotAge, Sweep } from "../domain/customers/sweep.ts";
import { compiledQuery } from "./compiled.ts";
import type { Tables } from "./schema.ts";

/** A sweep that was saved longer ago than this is not continued. */
const RESUMABLE_MS = 3_600_000;

/** Begins a sweep, or continues the one that another process left. `resumeAt` is the number of rows it has read. */
export async function startSweep(
  db: Transaction<Tables>,
  scope: Scope,
  now: number,
): Promise<{ readonly sweep: Sweep; readonly resumeAt: number }> {
  const left = await db
    .updateTable("sweeps")
    .set({ resumed: 1, savedAt: now })
    .where("scope", "=", scope)
    .where("state", "=", "running")
    .where("savedAt", ">", now - RESUMABLE_MS)
    .returningAll()
    .executeTakeFirst();
  if (left !== undefined) return { sweep: readSweep(left), resumeAt: left.customers + left.unreadable };
  await db
    .updateTable("sweeps")
    .set({ state: "failed", endedAt: now, cause: "sweep.abandoned" })
    .where("scope", "=", scope)
    .where("state", "=", "running")
    .execute();
  const fresh = { state: "running", customers: 0, unreadable: 0, calls: 0, resumed: 0 } as const;
  const begun = await db
    .insertInto("sweeps")
    .values({ scope, startedAt: now, savedAt: now, ...fresh })
    .returningAll()
    .executeTakeFirstOrThrow();
  return { sweep: readSweep(begun), resumeAt: 0 };
}

export async function saveProgress(db: Transaction<Tables>, sweep: Sweep, at: number): Promise<void> {
  const { id, customers, unreadable, calls } = sweep;
  await db
    .updateTable("sweeps")
    .set({ customers, unreadable, calls, savedAt: at })
    .where("id", "=", id)
    .where("state", "=", "running")
    .execute();
}

export async function closeSweep(db: Transaction<Tables>, sweep: Sweep): Promise<void> {
  const { id, state, customers, unreadable, calls, cause = null, resumed } = sweep;
  const endedAt = endOf(sweep);
  await db
    .updateTable("sweeps")
    .set({ state, customers, unreadable, calls, cause, endedAt, savedAt: endedAt, resumed: resumed ? 1 : 0 })
    .where("id", "=", id)
    .execute();
}

export const endOf = ({ endedAt, startedAt }: Sweep): number => endedAt ?? startedAt;

export async function readLastComplete(db: Kysely<Tables>, scope: Scope): Promise<Sweep | undefined> {
  const [row] = await lastComplete(db, { scope });
  return row && readSweep(row);
}

const lastComplete = compiledQuery((db, { scope }: { scope: string }) =>
  latestSweep(db, scope).where("state", "=", "complete"),
);

const customersOf = compiledQuery((db, { scope }: { scope: string }) =>
  db
    .selectFrom("customers")
    .select(({ fn }) => fn.countAll<number>().as("customers"))
    .where("scope", "=", scope),
);

const latest = compiledQuery((db, { scope }: { scope: string }) => latestSweep(db, scope));

const latestSweep = (db: Kysely<Tables>, scope: string) =>
  db.selectFrom("sweeps").selectAll().where("scope", "=", scope).orderBy("id", "desc").limit(1);

export async function readAge(db: Kysely<Tables>, scope: Scope): Promise<SnapshotAge> {
  const complete = await readLastComplete(db, scope);
  const [counted] = await customersOf(db, { scope });
  const [last] = await latest(db, { scope });
  return {
    ...(complete !== undefined && { completeAt: endOf(complete), listed: complete.customers }),
    customers: counted?.customers ?? 0,
    ...(last !== undefined && last.state !== "complete" && { current: readSweep(last) }),
  };
}

function readSweep({ endedAt, cause, resumed, savedAt: _savedAt, ...rest }: Selectable<Tables["sweeps"]>): Sweep {
  return {
    ...rest,
    ...(endedAt !== null && { endedAt }),
    ...(cause !== null && { cause }),
    resumed: resumed === 1,
  };
}
