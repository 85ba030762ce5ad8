import type { Kysely, Selectable, Transaction, Updateable } from "kysely";
import {
  nextDueAt,
  type QueueContents,
  type RecipientQueue,
  type Storm,
  type Timings,
} from "../domain/alerts/grouping.ts";
import {
  type DeliveryFailure,
  isUrgent,
  type Notice,
  type NoticeDetails,
  type NoticeKind,
  type Recipient,
} from "../domain/alerts/notice.ts";
import type { OutgoingMessage } from "../domain/ports/alerting.ts";
import { chunksOf, IDS_PER_STATEMENT, ROWS_PER_STATEMENT } from "../store/chunks.ts";
import type { Tables } from "../store/schema.ts";
import type { TransactionContext } from "./transaction.ts";

type Db = Kysely<Tables>;
type QueueRow = Selectable<Tables["outbox"]>;

/** What waits for a target, in the order in which it was owed. */
export async function readPendingNotices(db: Db, recipient: string): Promise<readonly Notice[]> {
  const rows = await db
    .selectFrom("outbox")
    .selectAll()
    .where("recipient", "=", recipient)
    .where("state", "=", "pending")
    .orderBy("id")
    .execute();
  return rows.map(readNotice);
}

export function readNotice(row: QueueRow): Notice {
  const { id, kind, alertId, generation, queuedAt } = row;
  return {
    id,
    recipient: readRecipient(row.recipient),
    kind,
    alertId,
    generation,
    queuedAt,
    possiblySent: row.possiblySent === 1,
    details: JSON.parse(row.details),
  };
}

/** Changes these rows, as far as they are still in one of the states `from`. */
export async function updateNotices(
  { tx }: TransactionContext,
  { ids, from }: { readonly ids: readonly number[]; readonly from: readonly QueueRow["state"][] },
  change: Updateable<Tables["outbox"]>,
): Promise<void> {
  for (const chunk of chunksOf(ids, IDS_PER_STATEMENT)) {
    await tx.updateTable("outbox").set(change).where("id", "in", chunk).where("state", "in", from).execute();
  }
}

/** Whether something of this kind waits for a target, or is under way to it. */
export async function hasQueuedNotice(db: Db, recipient: string, kind: NoticeKind): Promise<boolean> {
  const row = await db
    .selectFrom("outbox")
    .select("id")
    .where("recipient", "=", recipient)
    .where("state", "in", ["pending", "claimed"])
    .where("kind", "=", kind)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

export interface NewNotice {
  readonly recipient: Recipient;
  readonly kind: NoticeKind;
  /** 0, and absent, where it is about no single alert. */
  readonly alertId?: number;
  /** Tells it from others of its kind to this target. */
  readonly generation: number;
  readonly details?: NoticeDetails;
}

/** Writes down what is owed; false when it was before (ALERTS 26). */
export async function insertNotice(step: TransactionContext, owed: NewNotice): Promise<boolean> {
  return (await insertNotices(step, [owed])) > 0;
}

/** The same for many; how many are new. */
export async function insertNotices({ tx, now }: TransactionContext, owed: readonly NewNotice[]): Promise<number> {
  let count = 0;
  const rows = owed.map(({ recipient, kind, alertId = 0, generation, details = {} }) => ({
    recipient: recipientKey(recipient),
    kind,
    alertId,
    generation,
    state: "pending" as const,
    urgent: isUrgent(kind) ? 1 : 0,
    regression: 0,
    queuedAt: now,
    possiblySent: 0,
    details: JSON.stringify(details),
  }));
  for (const chunk of chunksOf(rows, ROWS_PER_STATEMENT)) {
    const { numInsertedOrUpdatedRows = 0n } = await tx
      .insertInto("outbox")
      .values(chunk)
      .onConflict((conflict) => conflict.columns(["recipient", "alertId", "generation", "kind"]).doNothing())
      .executeTakeFirstOrThrow();
    count += Number(numInsertedOrUpdatedRows);
  }
  return count;
}

/**
 * The notice as one of another kind. What cancelled out as that before is taken up again, in its row; undefined when the
 * target was told so, or is to be told so, by another row.
 */
export async function changeNoticeKind(
  { tx }: TransactionContext,
  notice: Notice,
  { kind, generation }: Pick<Notice, "kind" | "generation">,
): Promise<Notice | undefined> {
  if (kind === notice.kind) return notice;
  const { id, alertId, queuedAt, possiblySent, details } = notice;
  const recipient = recipientKey(notice.recipient);
  const other = await tx
    .selectFrom("outbox")
    .select(["id", "state"])
    .where("recipient", "=", recipient)
    .where("alertId", "=", alertId)
    .where("generation", "=", generation)
    .where("kind", "=", kind)
    .executeTakeFirst();
  if (other !== undefined && other.state !== "cancelled") return undefined;
  const row = {
    state: "pending",
    queuedAt: queuedAt,
    possiblySent: possiblySent ? 1 : 0,
    details: JSON.stringify(details),
  } as const;
  await tx
    .updateTable("outbox")
    .set(other === undefined ? { kind, generation } : row)
    .where("id", "=", other?.id ?? id)
    .execute();
  return { ...notice, id: other?.id ?? id, kind, generation };
}

const PERSON_PREFIX = "person:";
const EMAIL_PREFIX = "email:";

/** What targets that are people begin with. */
export const PEOPLE_PREFIXES = [PERSON_PREFIX, EMAIL_PREFIX] as const;

/** A target as one text, as the tables have it. No two share one: Webex's ids have no colon in them. */
export function recipientKey(recipient: Recipient): string {
  if ("roomId" in recipient) return recipient.roomId;
  return "personId" in recipient ? PERSON_PREFIX + recipient.personId : EMAIL_PREFIX + recipient.email;
}

export function readRecipient(text: string): Recipient {
  if (text.startsWith(PERSON_PREFIX)) return { personId: text.slice(PERSON_PREFIX.length) };
  return text.startsWith(EMAIL_PREFIX) ? { email: text.slice(EMAIL_PREFIX.length) } : { roomId: text };
}

/** The space that a target is; undefined for a person. */
export function roomIdOf(text: string): string | undefined {
  const recipient = readRecipient(text);
  return "roomId" in recipient ? recipient.roomId : undefined;
}

type LineRow = Selectable<Tables["recipientQueues"]>;
export type QueueChange = Partial<LineRow>;

/**
 * A target's line, begun if it has none, and nobody else's until the transaction ends: whatever of one target depends on
 * what is there already comes one after the other.
 */
export async function lockQueue({ tx, isSingleInstance }: TransactionContext, recipient: string): Promise<LineRow> {
  await tx
    .insertInto("recipientQueues")
    .values({ recipient, priority: 0, attempts: 0 })
    .onConflict((conflict) => conflict.column("recipient").doNothing())
    .execute();
  return tx
    .selectFrom("recipientQueues")
    .selectAll()
    .where("recipient", "=", recipient)
    .$if(!isSingleInstance, (query) => query.forUpdate())
    .executeTakeFirstOrThrow();
}

export async function updateQueue({ tx }: TransactionContext, recipient: string, change: QueueChange): Promise<void> {
  await tx.updateTable("recipientQueues").set(change).where("recipient", "=", recipient).execute();
}

export async function findQueue(db: Kysely<Tables>, recipient: string): Promise<LineRow | undefined> {
  return db.selectFrom("recipientQueues").selectAll().where("recipient", "=", recipient).executeTakeFirst();
}

export function readQueue({
  lastGroupSentAt,
  retryAt,
  storm,
}: Pick<LineRow, "lastGroupSentAt" | "retryAt" | "storm">): RecipientQueue {
  return {
    ...(lastGroupSentAt !== null && { lastGroupSentAt }),
    ...(retryAt !== null && { retryAt }),
    ...(storm !== null && { storm: readStorm(storm) }),
  };
}

export const readStorm = (json: string): Storm => JSON.parse(json);

/** Nobody has taken up a message of the line. */
export const UNCLAIMED = { holder: null, leasedUntil: null } as const;

/** Nor has one failed. */
export const IDLE = { ...UNCLAIMED, attempts: 0, failingSince: null, retryAt: null } as const;

/** When the next message to a target is due, from what waits for it now (ALERTS 20, 27). Its line is locked already. */
export async function updateDueAt(tx: Transaction<Tables>, recipient: string, timings: Timings): Promise<void> {
  const line = await findQueue(tx, recipient);
  const lanes = await tx
    .selectFrom("outbox")
    .select(({ fn, eb }) => [
      "urgent",
      fn.min("queuedAt").as("queuedAt"),
      fn.max("possiblySent").as("possiblySent"),
      fn.max("regression").as("regression"),
      fn.max(eb.case().when("kind", "=", "outage").then(1).else(0).end()).as("outage"),
    ])
    .where("recipient", "=", recipient)
    .where("state", "=", "pending")
    .groupBy("urgent")
    .execute();
  const urgent = lanes.find((lane) => lane.urgent === 1);
  const group = lanes.find((lane) => lane.urgent === 0);
  const waiting: QueueContents = {
    ...(urgent && { urgentAt: urgent.queuedAt }),
    ...(group && { groupAt: group.queuedAt }),
    possiblySent: lanes.some(({ possiblySent }) => possiblySent === 1),
    hasRegression: group?.regression === 1,
    isQuiet: group?.regression === 1 && (await isQuiet(tx, recipient)),
  };
  const due = nextDueAt(line === undefined ? {} : readQueue(line), waiting, timings) ?? null;
  const priority = urgent?.outage === 1 ? 1 : 0;
  // Most of what is settled changes nothing of this.
  if (line?.dueAt === due && line.priority === priority) return;
  await tx.updateTable("recipientQueues").set({ dueAt: due, priority }).where("recipient", "=", recipient).execute();
}

/** Whether nothing that this space was told of is open. */
async function isQuiet(tx: Transaction<Tables>, roomId: string): Promise<boolean> {
  const open = await tx
    .selectFrom("notifiedStates")
    .select("alertId")
    .where("roomId", "=", roomId)
    .where("state", "=", "open")
    .limit(1)
    .executeTakeFirst();
  return open === undefined;
}

/** Says anew when the next message to a target is due. */
export const reschedule = ({ tx, timings }: TransactionContext, recipient: string): Promise<void> =>
  updateDueAt(tx, recipient, timings);

/** Owes this once, and sees to it that it goes out; false when it was owed before. */
export async function enqueue(step: TransactionContext, owed: NewNotice): Promise<boolean> {
  await lockQueue(step, recipientKey(owed.recipient));
  const isNew = await insertNotice(step, owed);
  if (isNew) await reschedule(step, recipientKey(owed.recipient));
  return isNew;
}

/** Owes it whatever was owed before: several spaces may be lost, or scopes unseen, in one millisecond. */
export async function enqueueAlways(step: TransactionContext, owed: Omit<NewNotice, "generation">): Promise<void> {
  let generation = step.now;
  while (!(await enqueue(step, { ...owed, generation }))) generation += 1;
}

/** Tells the ops room, if there is one. */
export async function notifyOps(step: TransactionContext, details: NoticeDetails): Promise<void> {
  if (step.opsRoomId === undefined) return;
  await enqueueAlways(step, { recipient: { roomId: step.opsRoomId }, kind: "report", details });
}

const DEAD_LETTER_REASONS: Readonly<Record<DeliveryFailure["kind"], string>> = {
  busy: "Webex was too busy for it.",
  retryable: "Webex did not take it for 24 hours.",
  refused: "Webex refused it, as a card and as plain text.",
  unauthorized: "Webex refused the bot's token.",
  gone: "Webex says that there is no such space or person, or that the bot is not in it.",
};

/** A message that was given up. About one to the ops room itself, the ops room is not told: that would be given up as well. */
export async function reportDeadLetter(
  step: TransactionContext,
  flush: OutgoingMessage,
  why: DeliveryFailure["kind"],
): Promise<void> {
  const { recipient, notices } = flush;
  const roomId = "roomId" in recipient ? recipient.roomId : undefined;
  if (roomId !== undefined && roomId === step.opsRoomId) return;
  const kinds = [...new Set(notices.map(({ kind }) => kind))].join(", ");
  const numbers = notices.flatMap(({ alertId }) => (alertId === 0 ? [] : [`#${alertId}`]));
  await notifyOps(step, {
    lines: [
      "A message was given up",
      roomId === undefined ? "It was for a person." : `It was for the space ${roomId}.`,
      `It told of: ${[kinds, ...numbers.slice(0, 10)].join(" ")}${numbers.length > 10 ? " and more" : ""}.`,
      DEAD_LETTER_REASONS[why],
    ],
    ...(roomId !== undefined && { roomId }),
  });
}
