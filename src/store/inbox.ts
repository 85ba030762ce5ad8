import type { Kysely } from "kysely";
import type { Inbox, InboxEvent } from "../domain/ports/store.ts";
import { Failure } from "../errors.ts";
import { CONFLICT } from "./database-errors.ts";
import type { Tables } from "./schema.ts";

type Db = Kysely<Tables>;

export interface InboxOptions {
  /** True if only this process uses the database, so that every lease at its start belongs to a process that ended. */
  readonly isSingleInstance: boolean;
}

/** Each write is one statement, so that a crash leaves nothing half done. */
export function createInbox(db: Db, { isSingleInstance }: InboxOptions): Inbox {
  return {
    add: (event, now) => addEvent(db, event, now),
    claim: (holder, now, leaseMs) => claimNextEvent(db, { holder, now, leaseMs }),
    renew: (id, holder, now, leaseMs) => renewLease(db, id, { holder, now, leaseMs }),
    done: (id, now) => markProcessed(db, id, now),
    postpone: (id, holder, dueAt) => postponeEvent(db, id, { holder, dueAt }),
    release: async () => (isSingleInstance ? releaseLeases(db) : 0),
    nextDue: () => readNextDue(db),
    waiting: () => countWaiting(db),
    tidy: (before) => deleteProcessed(db, before),
  };
}

async function addEvent(db: Db, event: Parameters<Inbox["add"]>[0], now: number): Promise<boolean> {
  const { idempotencyKey, roomId, resource, event: name, body } = event;
  const added = await db
    .insertInto("inbox")
    .values({ idempotencyKey, roomId, resource, event: name, body, receivedAt: now, dueAt: now, attempts: 0 })
    .onConflict((conflict) => conflict.column("idempotencyKey").doNothing())
    .returning("id")
    .executeTakeFirst();
  return added !== undefined;
}

async function renewLease(db: Db, id: number, { holder, now, leaseMs }: ClaimRequest): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable("inbox")
    .set({ leasedUntil: now + leaseMs })
    .where("id", "=", id)
    .where("holder", "=", holder)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

async function postponeEvent(
  db: Db,
  id: number,
  { holder, dueAt }: { readonly holder: string; readonly dueAt: number },
): Promise<void> {
  await db
    .updateTable("inbox")
    .set({ dueAt, holder: null, leasedUntil: null })
    .where("id", "=", id)
    .where("holder", "=", holder)
    .where("processedAt", "is", null)
    .execute();
}

async function releaseLeases(db: Db): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("inbox")
    .set({ holder: null, leasedUntil: null })
    .where("holder", "is not", null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

async function readNextDue(db: Db): Promise<number | undefined> {
  const next = await nextEventPerRoom(db)
    .select(({ fn }) => fn.min(fn.coalesce("head.leasedUntil", "head.dueAt")).as("at"))
    .executeTakeFirst();
  return next?.at ?? undefined;
}

async function countWaiting(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom("inbox")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("processedAt", "is", null)
    .executeTakeFirstOrThrow();
  return count;
}

async function deleteProcessed(db: Db, before: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("inbox")
    .where("processedAt", "is not", null)
    .where("receivedAt", "<", before)
    .executeTakeFirst();
  return Number(numDeletedRows);
}

async function markProcessed(db: Db, id: number, now: number): Promise<void> {
  await db
    .updateTable("inbox")
    .set({ processedAt: now, holder: null, leasedUntil: null, body: "" })
    .where("id", "=", id)
    .where("processedAt", "is", null)
    .execute();
}

export interface ClaimRequest {
  readonly holder: string;
  readonly now: number;
  readonly leaseMs: number;
}

/**
 * Claims the oldest event that is due. A unique index guarantees one claimed event per room: the database rejects the
 * second of two racing claims, and that one searches again.
 */
async function claimNextEvent(db: Db, lease: ClaimRequest): Promise<InboxEvent | undefined> {
  // Each further round means that another process claimed an event, so the loop ends.
  for (;;) {
    const id = await findDueEvent(db, lease.now);
    if (id === undefined) return undefined;
    const event = await claimEvent(db, id, lease);
    if (event !== undefined) return event;
  }
}

/** The next event of each room: the claimed one, else the oldest. All others of the room wait for it. */
const nextEventPerRoom = (db: Db) =>
  db
    .selectFrom("inbox as head")
    .where("head.processedAt", "is", null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom("inbox as other")
            .select("other.id")
            .whereRef("other.roomId", "=", "head.roomId")
            .whereRef("other.id", "!=", "head.id")
            .where("other.processedAt", "is", null)
            .where((is) =>
              is.or([
                is("other.holder", "is not", null),
                is.and([is("head.holder", "is", null), is("other.id", "<", is.ref("head.id"))]),
              ]),
            ),
        ),
      ),
    );

async function findDueEvent(db: Db, now: number): Promise<number | undefined> {
  const due = await nextEventPerRoom(db)
    .select("head.id")
    .where("head.dueAt", "<=", now)
    .where((is) => is.or([is("head.holder", "is", null), is("head.leasedUntil", "<=", now)]))
    .orderBy("head.dueAt")
    .orderBy("head.id")
    .limit(1)
    .executeTakeFirst();
  return due?.id;
}

/** Leases the event; undefined when another process claimed it, or one of its room, first. */
async function claimEvent(db: Db, id: number, { holder, now, leaseMs }: ClaimRequest): Promise<InboxEvent | undefined> {
  const taken = await db
    .updateTable("inbox")
    .set((is) => ({ holder, leasedUntil: now + leaseMs, attempts: is("attempts", "+", 1) }))
    .where("id", "=", id)
    .where("processedAt", "is", null)
    .where("dueAt", "<=", now)
    .where((is) => is.or([is("holder", "is", null), is("leasedUntil", "<=", now)]))
    .returning(["id", "roomId", "resource", "event", "body", "receivedAt", "attempts"])
    .executeTakeFirst()
    .catch(undefinedWhenRoomIsTaken);
  return taken && { ...taken, attempts: taken.attempts - 1 };
}

function undefinedWhenRoomIsTaken(error: unknown): undefined {
  if (error instanceof Failure && error.code === CONFLICT) return undefined;
  throw error;
}
