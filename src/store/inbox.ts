import type { ExpressionBuilder, Kysely } from "kysely";
import type { AuditEntry } from "../domain/audit.ts";
import type { Inbox, InboxEvent, NewInboxEvent, RepeatedFailure } from "../domain/ports/store.ts";
import { GONE } from "../domain/unanswered.ts";
import { Failure } from "../errors.ts";
import { writeAudit } from "./audit.ts";
import { CONFLICT } from "./database-errors.ts";
import type { Tables } from "./schema.ts";

type Db = Kysely<Tables>;

export interface InboxOptions {
  /** Throws if what was written is gone with this process, because the file of the database was deleted or replaced. */
  readonly assertInPlace: () => void;
  /** True if only this process uses the database, so that every lease at its start belongs to a process that ended. */
  readonly isSingleInstance: boolean;
}

/** Each write is one statement, so that a crash leaves nothing half done. */
export function createInbox(db: Db, { isSingleInstance, assertInPlace }: InboxOptions): Inbox {
  return {
    async add(event, now) {
      const isNew = await addEvent(db, event, now);
      // Webex is told 200 after this, so the event must be in a file that the next process will find.
      assertInPlace();
      return isNew;
    },
    claim: (holder, now, leaseMs) => claimNextEvent(db, { holder, now, leaseMs }),
    renew: (id, holder, now, leaseMs) => renewLease(db, id, { holder, now, leaseMs }),
    done: (id, now, audit) => endEvent(db, id, { processedAt: now }, audit),
    giveUp: (id, cause, now, audit) => endEvent(db, id, { processedAt: now, givenUpAt: now, cause }, audit),
    postpone: (id, holder, dueAt, failure) => postponeEvent(db, id, { holder, dueAt, failure }),
    endedAt: (senderId, nth, since) => readEndedAt(db, senderId, { nth, since }),
    release: async () => (isSingleInstance ? releaseLeases(db) : 0),
    nextDue: () => readNextDue(db),
    waiting: () => countWaiting(db),
    tidy: (before) => deleteProcessed(db, before),
  };
}

async function addEvent(db: Db, event: NewInboxEvent, now: number): Promise<boolean> {
  const { idempotencyKey, roomId, senderId = "", resource, event: name, body } = event;
  const added = await db
    .insertInto("inbox")
    .values({ idempotencyKey, roomId, senderId, resource, event: name, body, receivedAt: now, dueAt: now, attempts: 0 })
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
  { holder, dueAt, failure }: { holder: string; dueAt: number; failure: RepeatedFailure | undefined },
): Promise<void> {
  await db
    .updateTable("inbox")
    .set({ dueAt, holder: null, leasedUntil: null, cause: failure?.code ?? null, failingSince: failure?.since ?? null })
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
  const next = await nextEvents(db)
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

async function readEndedAt(
  db: Db,
  senderId: string,
  { nth, since }: { readonly nth: number; readonly since: number },
): Promise<number | undefined> {
  const row = await db
    .selectFrom("inbox")
    .select("processedAt")
    .where("senderId", "=", senderId)
    .where("processedAt", ">", since)
    .where("givenUpAt", "is", null)
    .orderBy("processedAt", "desc")
    .offset(nth)
    .limit(1)
    .executeTakeFirst();
  return row?.processedAt ?? undefined;
}

/** How much longer an event is kept that was given up. */
const GIVEN_UP_MS = 29 * 24 * 60 * 60_000;

async function deleteProcessed(db: Db, before: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("inbox")
    .where("processedAt", "is not", null)
    .where("receivedAt", "<", before)
    .where((is) => is.or([is("givenUpAt", "is", null), is("givenUpAt", "<", before - GIVEN_UP_MS)]))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

interface Ending {
  readonly processedAt: number;
  readonly givenUpAt?: number;
  readonly cause?: string;
}

/** In one transaction: an event that has ended has its row in the audit, however the process ends. */
async function endEvent(db: Db, id: number, ending: Ending, audit: AuditEntry | undefined): Promise<void> {
  if (audit === undefined) return markProcessed(db, id, ending);
  await db.transaction().execute(async (tx) => {
    await markProcessed(tx, id, ending);
    await writeAudit(tx, audit, ending.processedAt);
  });
}

async function markProcessed(db: Db, id: number, ending: Ending): Promise<void> {
  await db
    .updateTable("inbox")
    .set({ cause: null, ...ending, holder: null, leasedUntil: null, body: "" })
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

/**
 * The events that may be next: of each person in each room the oldest, if no event of the room is claimed, else the claimed one.
 * All others wait for them, but not for a message that Webex does not know: it was deleted, or never was.
 */
const nextEvents = (db: Db) =>
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
                is.and([
                  is("head.holder", "is", null),
                  is("other.senderId", "=", is.ref("head.senderId")),
                  is("other.id", "<", is.ref("head.id")),
                  is(is.fn.coalesce("other.cause", is.val("")), "!=", GONE),
                ]),
              ]),
            ),
        ),
      ),
    );

async function findDueEvent(db: Db, now: number): Promise<number | undefined> {
  const due = await nextEvents(db)
    .select("head.id")
    .where("head.dueAt", "<=", now)
    .where((is) => is.or([is("head.holder", "is", null), is("head.leasedUntil", "<=", now)]))
    // Turns: fewest events under way, then longest without an answer, first of the person, then of the room.
    .orderBy((is) =>
      is
        .selectFrom("inbox as running")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .where("running.holder", "is not", null)
        .whereRef("running.senderId", "=", "head.senderId"),
    )
    .orderBy((is) => lastEnd(is, "senderId"))
    .orderBy((is) => lastEnd(is, "roomId"))
    .orderBy("head.dueAt")
    .orderBy("head.id")
    .limit(1)
    .executeTakeFirst();
  return due?.id;
}

type HeadTables = Tables & { head: Tables["inbox"] };

/** When the last event of the same person, or room, ended; 0 if none has. */
const lastEnd = (is: ExpressionBuilder<HeadTables, "head">, of: "senderId" | "roomId") =>
  is
    .selectFrom("inbox as ended")
    .select(({ fn, lit }) => fn.coalesce(fn.max("ended.processedAt"), lit(0)).as("at"))
    .whereRef(`ended.${of}`, "=", `head.${of}`);

/** Leases the event; undefined when another process claimed it, or one of its room, first. */
async function claimEvent(db: Db, id: number, { holder, now, leaseMs }: ClaimRequest): Promise<InboxEvent | undefined> {
  const taken = await db
    .updateTable("inbox")
    .set((is) => ({ holder, leasedUntil: now + leaseMs, attempts: is("attempts", "+", 1) }))
    .where("id", "=", id)
    .where("processedAt", "is", null)
    .where("dueAt", "<=", now)
    .where((is) => is.or([is("holder", "is", null), is("leasedUntil", "<=", now)]))
    .returning(["id", "roomId", "senderId", "resource", "event", "body", "receivedAt", "attempts"])
    .returning(["cause", "failingSince"])
    .executeTakeFirst()
    .catch(undefinedWhenRoomIsTaken);
  if (taken === undefined) return undefined;
  const { cause, failingSince, senderId, ...event } = taken;
  const failure = cause === null || failingSince === null ? {} : { failure: { code: cause, since: failingSince } };
  return { ...event, ...(senderId !== "" && { senderId }), ...failure, attempts: event.attempts - 1 };
}

function undefinedWhenRoomIsTaken(error: unknown): undefined {
  if (error instanceof Failure && error.code === CONFLICT) return undefined;
  throw error;
}
