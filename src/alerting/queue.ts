import type { Insertable, Selectable, Updateable } from "kysely";
import type { Alert } from "../domain/alerts/alert.ts";
import { isRefusedForLong } from "../domain/alerts/delivery-policy.ts";
import { nextDueAt, type RecipientQueue } from "../domain/alerts/grouping.ts";
import {
  isStandalone,
  type Notice,
  type NoticeDetails,
  type NoticeKind,
  type Recipient,
} from "../domain/alerts/notice.ts";
import { shortAlertOf } from "../domain/alerts/short-alerts.ts";
import type { Storm } from "../domain/alerts/storm.ts";
import type { MessageLease } from "../domain/ports/alerting.ts";
import { chunksOf, IDS_PER_STATEMENT, ROWS_PER_STATEMENT } from "../store/chunks.ts";
import { compiledCommand, compiledQuery } from "../store/compiled.ts";
import type { Tables } from "../store/schema.ts";
import { readQueueContents } from "./queue-contents.ts";
import { parseRecipient, recipientKey } from "./recipients.ts";
import type { Db, TransactionContext } from "./transaction.ts";

/** Inserts a notice and makes its queue due; false if the same notice is there already (ALERTS 26). */
export async function enqueue(ctx: TransactionContext, notice: NewNotice): Promise<boolean> {
  await lockQueue(ctx, recipientKey(notice.recipient));
  const isNew = (await insertNotices(ctx, [notice])) > 0;
  if (isNew) await updateDueAt(ctx, recipientKey(notice.recipient));
  return isNew;
}

export interface NewNotice {
  readonly recipient: Recipient;
  readonly kind: NoticeKind;
  /** Absent for a notice that concerns no single alert. */
  readonly alertId?: number;
  /** Distinguishes notices with the same recipient, alert and kind. */
  readonly generation: number;
  readonly details?: NoticeDetails;
}

/** Enqueues a notice even if one of this kind was enqueued in the same millisecond. */
export async function enqueueAlways(ctx: TransactionContext, notice: Omit<NewNotice, "generation">): Promise<void> {
  let generation = ctx.now;
  while (!(await enqueue(ctx, { ...notice, generation }))) generation += 1;
}

/** Does nothing if there is no ops room. */
export async function notifyOps(ctx: TransactionContext, details: NoticeDetails): Promise<void> {
  if (ctx.opsRoomId === undefined) return;
  await enqueueAlways(ctx, { recipient: { roomId: ctx.opsRoomId }, kind: "report", details });
}

/** Inserts notices without making their queues due; returns how many are new or pending again. */
export async function insertNotices({ tx, now }: TransactionContext, notices: readonly NewNotice[]): Promise<number> {
  const rows = notices.map(({ recipient, kind, alertId = 0, generation, details = {} }) =>
    newOutboxRow({
      recipient: recipientKey(recipient),
      kind,
      alertId,
      generation,
      urgent: isStandalone(kind) ? 1 : 0,
      storm: kind === "storm-end" ? 1 : 0,
      queuedAt: now,
      details: JSON.stringify(details),
    }),
  );
  return insertOutboxRows(tx, rows);
}

/**
 * Inserts the rows that are not there yet. A row in one of the states `revived` is pending again. Returns how many are new or
 * pending again.
 */
export async function insertOutboxRows(
  tx: Db,
  rows: readonly NewOutboxRow[],
  revived: readonly OutboxRow["state"][] = ["cancelled"],
): Promise<number> {
  let count = 0;
  for (const chunk of chunksOf(rows, ROWS_PER_STATEMENT)) {
    const { numInsertedOrUpdatedRows = 0n } = await tx
      .insertInto("outbox")
      .values(chunk)
      .onConflict((conflict) =>
        conflict
          .columns(["recipient", "alertId", "generation", "kind"])
          .doUpdateSet((is) => ({
            state: is.ref("excluded.state"),
            storm: is.ref("excluded.storm"),
            queuedAt: is.ref("excluded.queuedAt"),
            details: is.ref("excluded.details"),
          }))
          .where("outbox.state", "in", revived),
      )
      .executeTakeFirstOrThrow();
    count += Number(numInsertedOrUpdatedRows);
  }
  return count;
}

type NewOutboxRow = Insertable<Tables["outbox"]>;

/** A pending row; without `alertId` it concerns no single alert. */
export const newOutboxRow = (
  row: Partial<NewOutboxRow> &
    Pick<NewOutboxRow, "recipient" | "kind" | "generation" | "urgent" | "queuedAt" | "details">,
): NewOutboxRow => ({ alertId: 0, state: "pending", storm: 0, regression: 0, possiblySent: 0, ...row });

/** One more than the last generation of this kind, and not below `now`. The queue must be locked. */
export async function nextGeneration(
  { tx, now }: TransactionContext,
  recipient: string,
  kind: NoticeKind,
): Promise<number> {
  const { last } = await tx
    .selectFrom("outbox")
    .select(({ fn }) => fn.max("generation").as("last"))
    .where("recipient", "=", recipient)
    .where("kind", "=", kind)
    .executeTakeFirstOrThrow();
  return Math.max(now, (last ?? 0) + 1);
}

export type QueueRow = Selectable<Tables["recipientQueues"]>;
export type QueueChange = Partial<QueueRow>;

/**
 * Locks a recipient queue until the transaction ends, and creates it if there is none: changes to the notices of one recipient
 * happen one after the other.
 */
export async function lockQueue({ tx, isSingleInstance }: TransactionContext, recipient: string): Promise<QueueRow> {
  await addQueue(tx, { recipient });
  const [queue] = await (isSingleInstance ? queueOf : lockedQueueOf)(tx, { recipient });
  if (queue === undefined) throw new Error("A queue was deleted while it was locked.");
  return queue;
}

const addQueue = compiledCommand((db, { recipient }: { recipient: string }) =>
  db
    .insertInto("recipientQueues")
    .values({ recipient, priority: 0, attempts: 0 })
    .onConflict((conflict) => conflict.column("recipient").doNothing()),
);

const selectQueue = (db: Db, recipient: string) =>
  db.selectFrom("recipientQueues").selectAll().where("recipient", "=", recipient);

const queueOf = compiledQuery((db, { recipient }: { recipient: string }) => selectQueue(db, recipient));
const lockedQueueOf = compiledQuery((db, { recipient }: { recipient: string }) =>
  selectQueue(db, recipient).forUpdate(),
);

/** Sets when the next message is due, from the notices that wait (ALERTS 20, 27). The queue must be locked. */
export async function updateDueAt({ tx, timings, now }: TransactionContext, recipient: string): Promise<void> {
  const queue = await findQueue(tx, recipient);
  const parsed = parseQueue(queue);
  const { contents, priority } = await readQueueContents(tx, recipient, parsed);
  const due = nextDueAt(parsed, contents, timings, now) ?? null;
  if (queue?.dueAt === due && queue.priority === priority) return;
  await tx.updateTable("recipientQueues").set({ dueAt: due, priority }).where("recipient", "=", recipient).execute();
}

export async function updateQueue({ tx }: TransactionContext, recipient: string, change: QueueChange): Promise<void> {
  await tx.updateTable("recipientQueues").set(change).where("recipient", "=", recipient).execute();
}

export async function findQueue(db: Db, recipient: string): Promise<QueueRow | undefined> {
  const [queue] = await queueOf(db, { recipient });
  return queue;
}

/** A recipient without a row has an empty queue. */
export function parseQueue(
  row: Pick<QueueRow, "lastGroupSentAt" | "retryAt" | "withheldAt" | "storm"> | undefined,
): RecipientQueue {
  if (row === undefined) return {};
  const { lastGroupSentAt, retryAt, withheldAt, storm } = row;
  return {
    ...(lastGroupSentAt !== null && { lastGroupSentAt }),
    ...(retryAt !== null && { retryAt }),
    ...(withheldAt !== null && { withheldAt }),
    ...(storm !== null && { storm: parseStorm(storm) }),
  };
}

export const parseStorm = (json: string): Storm => JSON.parse(json);

/** False once the lease of the claim ran out and the queue was claimed again, by whichever process. */
export function isHeld(
  queue: Pick<Selectable<Tables["recipientQueues"]>, keyof MessageLease>,
  { holder, leasedUntil }: MessageLease,
): boolean {
  // A queue is claimed again only after the end of its lease, so two claims of one process differ in this time.
  return queue.holder === holder && queue.leasedUntil === leasedUntil;
}

/** How long a message or an edit waits that could not be made, so that it holds up no other (ALERTS 27). */
export const POSTPONED_MS = 10_000;

/** The columns of a queue that nobody has claimed. */
export const UNCLAIMED = { holder: null, leasedUntil: null, postingSince: null } as const;

/** The columns of a queue that nobody has claimed and whose last message did not fail. */
export const IDLE = { ...UNCLAIMED, attempts: 0, failingSince: null, retryAt: null } as const;

export type OutboxRow = Selectable<Tables["outbox"]>;

/** In the order in which they were enqueued. @param storm 0 without those that wait for the storm */
export async function readPendingNotices(db: Db, recipient: string, storm?: 0): Promise<readonly Notice[]> {
  const rows = await db
    .selectFrom("outbox")
    .selectAll()
    .where("recipient", "=", recipient)
    .where("state", "=", "pending")
    .$if(storm !== undefined, (query) => query.where("storm", "=", 0))
    .orderBy("id")
    .execute();
  return rows.map(parseNotice);
}

export function parseNotice(row: OutboxRow): Notice {
  const { id, kind, alertId, generation, queuedAt } = row;
  return {
    id,
    recipient: parseRecipient(row.recipient),
    kind,
    alertId,
    generation,
    queuedAt,
    possiblySent: row.possiblySent === 1,
    ...(row.cause === "rejected" && isRefusedForLong(row.givenUp) && { isRefused: true }),
    details: JSON.parse(row.details),
  };
}

/** True if a notice of this kind is pending or claimed. */
export const hasQueuedNotice = (db: Db, recipient: string, kind: NoticeKind): Promise<boolean> =>
  hasNotice(db, { recipient, kind, states: ["pending", "claimed"] });

/** True if a notice of this kind will be told with what is known when it is sent. The text of a claimed one is made already. */
export const hasPendingNotice = (db: Db, recipient: string, kind: NoticeKind): Promise<boolean> =>
  hasNotice(db, { recipient, kind, states: ["pending"] });

interface SoughtNotice {
  readonly recipient: string;
  readonly kind: NoticeKind;
  readonly states: readonly ("pending" | "claimed")[];
}

async function hasNotice(db: Db, { recipient, kind, states }: SoughtNotice): Promise<boolean> {
  const row = await db
    .selectFrom("outbox")
    .select("id")
    .where("recipient", "=", recipient)
    .where("state", "in", states)
    .where("kind", "=", kind)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Changes those of the notices that are still in one of the states `from`. */
export async function updateNotices(
  { tx }: TransactionContext,
  { ids, from }: { readonly ids: readonly number[]; readonly from: readonly OutboxRow["state"][] },
  change: Updateable<Tables["outbox"]>,
): Promise<void> {
  for (const chunk of chunksOf(ids, IDS_PER_STATEMENT)) {
    await tx.updateTable("outbox").set(change).where("id", "in", chunk).where("state", "in", from).execute();
  }
}

/**
 * Gives a waiting notice another kind. Returns it as it waits now; undefined if a notice of that kind is queued or was sent
 * already.
 */
export async function changeNoticeKind(
  { tx }: TransactionContext,
  notice: Notice,
  key: Pick<Notice, "kind" | "generation">,
): Promise<Notice | undefined> {
  if (key.kind === notice.kind) return notice;
  const { queuedAt, possiblySent, details } = notice;
  const row = { ...notice, recipient: recipientKey(notice.recipient) };
  const change = { queuedAt, possiblySent: possiblySent ? 1 : 0, details: JSON.stringify(details) };
  const id = await changeRowKey(tx, row, { ...change, ...key });
  return id === undefined ? undefined : { ...notice, ...key, id };
}

/** A waiting notice whose alert was over before it was sent. */
export interface PassedNotice {
  readonly noticeId: number;
  readonly alert: Alert;
}

/**
 * The next message to the recipient names the alert as one that came and went (ALERTS 20). The row keeps the alert as it was,
 * because the alert may open again. Returns the id of the row that waits for that; undefined if it is told already.
 */
export function convertToCameAndWent(
  { tx, now }: TransactionContext,
  recipient: string,
  { noticeId, alert }: PassedNotice,
): Promise<number | undefined> {
  const details: NoticeDetails = { cameAndWent: shortAlertOf(alert) };
  return changeRowKey(
    tx,
    { id: noticeId, recipient, alertId: alert.id },
    {
      kind: "came-and-went",
      generation: alert.generation,
      storm: 0,
      regression: 0,
      queuedAt: now,
      details: JSON.stringify(details),
    },
  );
}

/**
 * Changes a waiting row and what makes it unique for its recipient and alert (ALERTS 26). There may be such a row already, of an
 * earlier notice: a cancelled one waits in its place then, and one that waits, is dead or was sent tells the same, so that this one
 * is cancelled. Returns the id of the row that waits; undefined if none needs to.
 */
async function changeRowKey(
  tx: Db,
  { id, recipient, alertId }: Pick<OutboxRow, "id" | "recipient" | "alertId">,
  change: Updateable<Tables["outbox"]> & Pick<OutboxRow, "kind" | "generation">,
): Promise<number | undefined> {
  const set = (rowId: number, values: Updateable<Tables["outbox"]>) =>
    tx.updateTable("outbox").set(values).where("id", "=", rowId).execute();
  const same = await tx
    .selectFrom("outbox")
    .select(["id", "state"])
    .where("recipient", "=", recipient)
    .where("alertId", "=", alertId)
    .where("generation", "=", change.generation)
    .where("kind", "=", change.kind)
    .where("id", "!=", id)
    .executeTakeFirst();
  if (same !== undefined) await set(id, { state: "cancelled" });
  const waiting = same === undefined ? id : same.state === "cancelled" ? same.id : undefined;
  if (waiting !== undefined) await set(waiting, { ...change, state: "pending" });
  return waiting;
}
