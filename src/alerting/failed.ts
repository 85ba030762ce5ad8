import { type DeliveryFailure, decideRetry, isSummaryNotice } from "../domain/alerts/notice.ts";
import { spaceTitleOf } from "../domain/alerts/watch.ts";
import type { OutgoingMessage } from "../domain/ports/alerting.ts";
import {
  enqueueAlways,
  IDLE,
  lockQueue,
  notifyOps,
  type QueueChange,
  recipientKey,
  reportDeadLetter,
  reschedule,
  UNCLAIMED,
  updateNotices,
  updateQueue,
} from "./queue.ts";
import { reconcileRoom } from "./reconcile.ts";
import { readRoom } from "./room-state.ts";
import { enqueueSummaryNotice } from "./summary-notices.ts";
import type { TransactionContext } from "./transaction.ts";

/** For how long a space is left alone that must not hear of customers now. */
const WITHHOLD_MS = 60_000;

/** What becomes of a message that did not get through (ALERTS 29). */
export async function recordDeliveryFailure(
  step: TransactionContext,
  flush: OutgoingMessage,
  { setback, jitter }: { readonly setback: DeliveryFailure; readonly jitter: number },
): Promise<"retry" | "dead" | "suspended"> {
  const { now } = step;
  const line = await lockQueue(step, recipientKey(flush.recipient));
  if (line.holder !== flush.holder) return "retry";
  const tried = { attempts: line.attempts + 1, since: line.failingSince ?? now };
  const after = decideRetry(setback, { ...tried, now }, jitter);
  if (after.next === "retry") {
    // Only a try that failed of itself counts: neither patience nor the bot's own token are the message's fault.
    const counted = setback.kind === "retryable" && { attempts: tried.attempts, failingSince: tried.since };
    const change = { retryAt: after.at, ...counted };
    await requeue(step, flush, {
      change,
      possiblySent: setback.kind === "retryable" && setback.possiblySent,
    });
    return "retry";
  }
  const isSuspended =
    after.next === "suspend" &&
    "roomId" in flush.recipient &&
    (await suspendRoom(step, flush.recipient.roomId, "refused"));
  if (isSuspended) return "suspended";
  await deadLetter(step, flush, setback);
  return "dead";
}

/** Customer data must not go there now. True the first time, until something was delivered. */
export async function recordWithheld(step: TransactionContext, flush: OutgoingMessage): Promise<boolean> {
  const { now } = step;
  const line = await lockQueue(step, recipientKey(flush.recipient));
  if (line.holder !== flush.holder) return false;
  const change = { retryAt: now + WITHHOLD_MS, withheldAt: line.withheldAt ?? now };
  await requeue(step, flush, { change, possiblySent: false });
  return line.withheldAt === null;
}

interface RequeueOptions {
  readonly change: QueueChange;
  /** Whether it may have been posted all the same. */
  readonly possiblySent: boolean;
}

async function requeue(
  step: TransactionContext,
  flush: OutgoingMessage,
  { change, possiblySent }: RequeueOptions,
): Promise<void> {
  const recipient = recipientKey(flush.recipient);
  const ids = flush.notices.map(({ id }) => id);
  await updateNotices(
    step,
    { ids, from: ["claimed"] },
    { state: "pending", claimedAt: null, ...(possiblySent && { possiblySent: 1 }) },
  );
  await updateQueue(step, recipient, { ...UNCLAIMED, ...change });
  await reschedule(step, recipient);
}

/** Given up: the ops room must know, as nobody else will hear of it. */
async function deadLetter(step: TransactionContext, flush: OutgoingMessage, { kind }: DeliveryFailure): Promise<void> {
  const recipient = recipientKey(flush.recipient);
  const ids = flush.notices.map(({ id }) => id);
  await updateNotices(step, { ids, from: ["claimed"] }, { state: "dead" });
  const endsStorm = flush.notices.some(({ kind: owed }) => owed === "storm-end");
  await updateQueue(step, recipient, { ...IDLE, ...(endsStorm && { storm: null }) });
  // What it stood for is told bit by bit.
  if ("roomId" in flush.recipient && flush.notices.some((one) => isSummaryNotice(one.kind)))
    await reconcileRoom(step, flush.recipient.roomId);
  await reschedule(step, recipient);
  await reportDeadLetter(step, flush, kind);
}

const SUSPENSION_REASONS = {
  removed: "The bot was removed from it.",
  refused: "Webex refuses messages to it.",
} as const;

/** Lets a space's watches rest, and tells who set them up, once (ALERTS 29). False when it has none. */
export async function suspendRoom(
  step: TransactionContext,
  roomId: string,
  why: keyof typeof SUSPENSION_REASONS,
): Promise<boolean> {
  const { tx, now } = step;
  const line = await lockQueue(step, roomId);
  const { watches } = await readRoom(tx, roomId);
  if (watches.length === 0) return false;
  // What it is owed by the time it is back, a baseline says.
  await tx
    .deleteFrom("outbox")
    .where("recipient", "=", roomId)
    .where("state", "in", ["held", "pending", "claimed"])
    .execute();
  if (line.suspendedAt !== null) return true;
  await updateQueue(step, roomId, { ...IDLE, dueAt: null, priority: 0, storm: null, suspendedAt: now });
  const owners = [...new Set(watches.map(({ ownerId }) => ownerId))].sort();
  const space = spaceTitleOf(watches);
  const details = { since: now, cause: why, roomId, space };
  for (const personId of owners) await enqueueAlways(step, { recipient: { personId }, kind: "suspended", details });
  const itIs = space !== undefined ? `It is “${space}”, ${roomId}.` : `It is ${roomId}.`;
  await notifyOps(step, {
    lines: ["A space cannot be reached", itIs, SUSPENSION_REASONS[why], suspensionText(watches.length)],
    roomId,
  });
  return true;
}

const suspensionText = (watches: number) =>
  watches === 1
    ? "Its watch rests until the bot is back in it."
    : `Its ${watches} watches rest until the bot is back in it.`;

/** The watches of a space that the bot is back in go on, from what is so now. */
export async function resumeRoom(step: TransactionContext, roomId: string): Promise<void> {
  const { tx } = step;
  const { numUpdatedRows } = await tx
    .updateTable("recipientQueues")
    .set({ ...IDLE, suspendedAt: null, withheldAt: null })
    .where("recipient", "=", roomId)
    .where("suspendedAt", "is not", null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  const watch = await tx
    .selectFrom("watches")
    .select("number")
    .where("roomId", "=", roomId)
    .limit(1)
    .executeTakeFirst();
  if (watch !== undefined) await enqueueSummaryNotice(step, roomId, "baseline");
}
