import type { Refusal } from "../domain/access.ts";
import { escalationWaitsLines } from "../domain/alerts/escalation-refusal.ts";
import { allNotices } from "../domain/alerts/grouping.ts";
import type { Recipient } from "../domain/alerts/notice.ts";
import type { OutgoingMessage } from "../domain/ports/alerting.ts";
import { enqueueAlways, isHeld, lockQueue } from "./queue.ts";
import { recipientKey } from "./recipients.ts";
import { requeue } from "./record-failure.ts";
import { readRoom } from "./room-state.ts";
import { enqueueSummaryNotice } from "./summary-notices.ts";
import type { TransactionContext } from "./transaction.ts";

/** Messages that may not be shown to their recipient now (PRODUCT 5). */

/** How long such a message waits for a room. */
const ROOM_WAIT_MS = 60_000;
/** A person is asked about less often: who has left an organisation rarely comes back. */
const LONGEST_PERSON_WAIT_MS = 60 * 60_000;

/** The message waits, uncounted. True if the room is to be told that guests are the reason: once until they are gone. */
export async function recordWithheld(
  ctx: TransactionContext,
  message: OutgoingMessage,
  because: Refusal["because"],
): Promise<boolean> {
  const { now } = ctx;
  const queue = await lockQueue(ctx, recipientKey(message.recipient));
  if (!isHeld(queue, message)) return false;
  const hasGuests = because === "guests";
  const change = { retryAt: now + waitOf(message, now), ...(hasGuests && { withheldAt: queue.withheldAt ?? now }) };
  await requeue(ctx, message, { change, possiblySent: false });
  return hasGuests && queue.withheldAt === null;
}

/**
 * Tells the space that watches, once, that an escalation of it waits: only its people can name somebody else. Not for a look-up
 * that failed, which often passes. A transaction of its own, because it locks the queue of another recipient.
 */
export async function reportWaitingEscalation(
  ctx: TransactionContext,
  { recipient, notices }: Pick<OutgoingMessage, "recipient" | "notices">,
  because: Refusal["because"],
): Promise<void> {
  if (because === "unsure") return;
  const escalations = notices.filter(({ kind }) => kind === "escalation");
  const lines = escalationWaitsLines(recipientName(recipient), because);
  for (const roomId of new Set(escalations.flatMap(({ details }) => details.roomId ?? []))) {
    if (!(await wasReported(ctx, roomId, lines)))
      await enqueueAlways(ctx, { recipient: { roomId }, kind: "report", details: { lines } });
  }
}

function recipientName(recipient: Recipient): string {
  if ("email" in recipient) return recipient.email;
  return "roomId" in recipient ? recipient.roomId : recipient.personId;
}

/** Sent notices are kept for 30 days. */
async function wasReported({ tx }: TransactionContext, roomId: string, lines: readonly string[]): Promise<boolean> {
  const row = await tx
    .selectFrom("outbox")
    .select("id")
    .where("recipient", "=", roomId)
    .where("kind", "=", "report")
    .where("details", "=", JSON.stringify({ lines }))
    .executeTakeFirst();
  return row !== undefined;
}

/** As long as the message has waited already. */
function waitOf(message: OutgoingMessage, now: number): number {
  if ("roomId" in message.recipient) return ROOM_WAIT_MS;
  const waited = now - Math.min(...allNotices(message).map(({ queuedAt }) => queuedAt));
  return Math.min(LONGEST_PERSON_WAIT_MS, Math.max(ROOM_WAIT_MS, waited));
}

/** The room may see customers again. In place of what waited it gets a baseline, if it watches any. */
export async function endWithholding(ctx: TransactionContext, message: OutgoingMessage): Promise<void> {
  const queue = await lockQueue(ctx, recipientKey(message.recipient));
  if (!isHeld(queue, message)) return;
  await requeue(ctx, message, { change: { withheldAt: null, retryAt: null }, possiblySent: false });
  if (!("roomId" in message.recipient)) return;
  const { roomId } = message.recipient;
  if ((await readRoom(ctx.tx, roomId)).watches.length > 0) await enqueueSummaryNotice(ctx, roomId, "baseline");
}
