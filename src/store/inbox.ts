import type { ExpressionBuilder, Kysely } from "kysely";
import type { EventEnd, Inbox, InboxEvent, NewInboxEvent, RepeatedFailure } from "../domain/ports/store.ts";
import { GONE } from "../domain/unanswered.ts";
import { Failure } from "../errors.ts";
import { writeAudit } from "./audit.ts";
import { saveCards } from "./cards.ts";
import { compiledCommand, compiledQuery } from "./compiled.ts";
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
    async add({ senderId = "", ...event }, now) {
      const added = await addEvent(db, { ...event, senderId, now });
      // Webex is told 200 after this, so the event must be in a file that the next process will find.
      assertInPlace();
      return added > 0;
    },
    claim: (holder, now, leaseMs) => claimNextEvent(db, { holder, now, leaseMs }),
    renew: async (id, holder, now, leaseMs) => (await renewLease(db, { id, holder, until: now + leaseMs })) > 0,
    done: (id, now, end = {}) => endEvent(db, { id, now, givenUpAt: null, cause: null }, end),
    giveUp: (id, cause, now, audit) => endEvent(db, { id, now, givenUpAt: now, cause }, { audit }),
    postpone: (id, holder, dueAt, failure) => postponeEvent(db, id, { holder, dueAt, failure }),
    recordUnderWay: (id, messageId) => setUnderWay(db, id, messageId),
    underWay: (id) => readUnderWay(db, id),
    endedAt: (senderId, nth, since) => readEndedAt(db, senderId, { nth, since }),
    release: async () => (isSingleInstance ? releaseLeases(db) : 0),
    nextDue: () => readNextDue(db),
    waiting: () => countWaiting(db),
    lastReceivedAt: async () => (await lastEvent(db).select("receivedAt").executeTakeFirst())?.receivedAt,
    tidy: (before) => deleteProcessed(db, before),
  };
}

const addEvent = compiledCommand((db, { idempotencyKey, roomId, senderId, resource, event, body, now }: Added) =>
  db
    .insertInto("inbox")
    .values({ idempotencyKey, roomId, senderId, resource, event, body, receivedAt: now, dueAt: now, attempts: 0 })
    .onConflict((conflict) => conflict.column("idempotencyKey").doNothing()),
);

type Added = Required<NewInboxEvent> & { readonly now: number };

const renewLease = compiledCommand((db, { id, holder, until }: { id: number; holder: string; until: number }) =>
  db.updateTable("inbox").set({ leasedUntil: until }).where("id", "=", id).where("holder", "=", holder),
);

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

async function setUnderWay(db: Db, id: number, messageId: string): Promise<void> {
  await db.updateTable("inbox").set({ underWay: messageId }).where("id", "=", id).execute();
}

async function readUnderWay(db: Db, id: number): Promise<string | undefined> {
  const row = await db.selectFrom("inbox").select("underWay").where("id", "=", id).executeTakeFirst();
  return row?.underWay ?? undefined;
}

async function releaseLeases(db: Db): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("inbox")
    .set({ holder: null, leasedUntil: null })
    .where("processedAt", "is", null)
    .where("holder", "is not", null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

async function readNextDue(db: Db): Promise<number | undefined> {
  const [next] = await nextDue(db, {});
  return next?.at ?? undefined;
}

const nextDue = compiledQuery((db) =>
  nextEvents(db).select(({ fn }) => fn.min(fn.coalesce("head.leasedUntil", "head.dueAt")).as("at")),
);

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
  const [row] = await answeredAt(db, { senderId, nth, since });
  return row?.processedAt ?? undefined;
}

const answeredAt = compiledQuery((db, { senderId, nth, since }: { senderId: string; nth: number; since: number }) =>
  db
    .selectFrom("inbox")
    .select("processedAt")
    .where("senderId", "=", senderId)
    .where("processedAt", ">", since)
    .where("givenUpAt", "is", null)
    .orderBy("processedAt", "desc")
    .offset(nth)
    .limit(1),
);

const lastEvent = (db: Db) => db.selectFrom("inbox").orderBy("id", "desc").limit(1);

/** How much longer an event is kept that was given up. */
const GIVEN_UP_MS = 29 * 24 * 60 * 60_000;

async function deleteProcessed(db: Db, before: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom("inbox")
    .where("processedAt", "is not", null)
    .where("receivedAt", "<", before)
    .where((is) =>
      is.or([
        // The last one says from when on events are missing.
        is.and([is("givenUpAt", "is", null), is("id", "<", lastEvent(db).select("id"))]),
        is("givenUpAt", "<", before - GIVEN_UP_MS),
      ]),
    )
    .executeTakeFirst();
  return Number(numDeletedRows);
}

interface Ending {
  readonly id: number;
  readonly now: number;
  readonly givenUpAt: number | null;
  readonly cause: string | null;
}

/** In one transaction: an event that has ended has its row in the audit and its cards, however the process ends. */
async function endEvent(db: Db, ending: Ending, { audit, cards = [] }: EventEnd): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await markProcessed(tx, ending);
    await saveCards(tx, cards);
    if (audit !== undefined) await writeAudit(tx, audit, ending.now);
  });
}

const markProcessed = compiledCommand((db, { id, now, givenUpAt, cause }: Ending) =>
  db
    .updateTable("inbox")
    .set({ processedAt: now, givenUpAt, cause, holder: null, leasedUntil: null, body: "" })
    .where("id", "=", id)
    .where("processedAt", "is", null),
);

export interface ClaimRequest {
  readonly holder: string;
  readonly now: number;
  readonly leaseMs: number;
}

/**
 * Claims the event whose turn it is. At most one event of a room is claimed: SQLite runs one statement after the other, and of two
 * racing claims PostgreSQL rejects the second by a unique index. That one searches again.
 */
async function claimNextEvent(db: Db, lease: ClaimRequest): Promise<InboxEvent | undefined> {
  // Each further round means that another process claimed an event, so the loop ends.
  for (;;) {
    const [due] = await dueEvent(db, { now: lease.now });
    if (due === undefined) return undefined;
    const event = await claimEvent(db, due.id, lease);
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
    .where((is) =>
      is.not(
        is.exists(
          othersInRoom(is).where((other) =>
            other.or([
              other("other.holder", "is not", null),
              other.and([
                other("head.holder", "is", null),
                other("other.senderId", "=", other.ref("head.senderId")),
                other("other.id", "<", other.ref("head.id")),
                other(other.fn.coalesce("other.cause", other.val("")), "!=", GONE),
              ]),
            ]),
          ),
        ),
      ),
    );

type HeadTables = Tables & { head: Tables["inbox"] };
type Head = ExpressionBuilder<HeadTables, "head">;

/** The other events of its room that have not ended. */
const othersInRoom = ({ selectFrom }: Head) =>
  selectFrom("inbox as other")
    .select("other.id")
    .whereRef("other.roomId", "=", "head.roomId")
    .whereRef("other.id", "!=", "head.id")
    .where("other.processedAt", "is", null);

/** It is due, and nobody holds it any more. */
const isClaimable = (now: number) => (is: Head) =>
  is.and([is("head.dueAt", "<=", now), is.or([is("head.holder", "is", null), is("head.leasedUntil", "<=", now)])]);

const dueEvent = compiledQuery((db, { now }: { now: number }) =>
  nextEvents(db)
    .leftJoin(eventsUnderWay(db), (join) => join.onRef("running.senderId", "=", "head.senderId"))
    .select("head.id")
    .where(isClaimable(now))
    // A stolen webhook secret lets others name messages that do not exist: the tries of these wait for all that may be questions.
    .orderBy((is) => is(is.fn.coalesce("head.cause", is.val("")), "=", GONE))
    // Turns: fewest events under way, then longest without an answer, first of the person, then of the room.
    .orderBy((is) => is.fn.coalesce("running.count", is.lit(0)))
    .orderBy((is) => lastEnd(is, "senderId"))
    .orderBy((is) => lastEnd(is, "roomId"))
    .orderBy("head.dueAt")
    .orderBy("head.id")
    .limit(1),
);

/** How many there are of each person. */
const eventsUnderWay = (db: Db) =>
  db
    .selectFrom("inbox")
    .select(({ fn }) => ["senderId", fn.countAll<number>().as("count")])
    .where("processedAt", "is", null)
    .where("holder", "is not", null)
    .groupBy("senderId")
    .as("running");

/** When the last event of the same person, or room, was answered; 0 if none was. */
const lastEnd = (is: Head, of: "senderId" | "roomId") =>
  is
    .selectFrom("inbox as ended")
    .select(({ fn, lit }) => fn.coalesce(fn.max("ended.processedAt"), lit(0)).as("at"))
    .whereRef(`ended.${of}`, "=", `head.${of}`)
    .where("ended.processedAt", "is not", null)
    .where("ended.givenUpAt", "is", null);

/** Leases the event; undefined when another process claimed it, or one of its room, first. */
async function claimEvent(db: Db, id: number, { holder, now, leaseMs }: ClaimRequest): Promise<InboxEvent | undefined> {
  const [taken] = await takeEvent(db, { id, holder, now, until: now + leaseMs }).catch(noneWhenRoomIsTaken);
  if (taken === undefined) return undefined;
  const { cause, failingSince, senderId, underWay, ...event } = taken;
  const failure = cause === null || failingSince === null ? {} : { failure: { code: cause, since: failingSince } };
  return {
    ...event,
    ...(senderId !== "" && { senderId }),
    ...failure,
    ...(underWay !== null && { underWay }),
    attempts: event.attempts - 1,
  };
}

const takeEvent = compiledQuery(
  (db, { id, holder, now, until }: Taking) =>
    db
      .updateTable("inbox as head")
      .set((is) => ({ holder, leasedUntil: until, attempts: is("attempts", "+", 1) }))
      .where("head.id", "=", id)
      .where("head.processedAt", "is", null)
      .where(isClaimable(now))
      .where((is) => is.not(is.exists(othersInRoom(is).where("other.holder", "is not", null))))
      .returning(["id", "roomId", "senderId", "resource", "event", "body", "receivedAt", "attempts"])
      .returning(["cause", "failingSince", "underWay"]),
  // After a power cut nobody holds an event.
  { mayBeLost: true },
);

interface Taking {
  readonly id: number;
  readonly holder: string;
  readonly now: number;
  readonly until: number;
}

function noneWhenRoomIsTaken(error: unknown): readonly [] {
  if (error instanceof Failure && error.code === CONFLICT) return [];
  throw error;
}
