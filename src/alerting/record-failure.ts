import {
  afterDeliveryFailure,
  countGivenUp,
  type DeliveryFailure,
  isForPeople,
  nextTryOfDead,
} from "../domain/alerts/delivery-policy.ts";
import { allNotices } from "../domain/alerts/grouping.ts";
import { isSummaryNotice, type Notice } from "../domain/alerts/notice.ts";
import { withoutEdits } from "../domain/alerts/storm.ts";
import type { FailureOutcome, OutgoingMessage } from "../domain/ports/alerting.ts";
import { chunksOf, IDS_PER_STATEMENT } from "../store/chunks.ts";
import {
  IDLE,
  isHeld,
  lockQueue,
  notifyOps,
  parseQueue,
  type QueueChange,
  UNCLAIMED,
  updateDueAt,
  updateNotices,
  updateQueue,
} from "./queue.ts";
import { recipientKey } from "./recipients.ts";
import { reconcileRoom } from "./reconcile.ts";
import { suspendRoom } from "./room-suspension.ts";
import type { TransactionContext } from "./transaction.ts";

/** Queues a message again, gives it up, or suspends its room (ALERTS 29). @param jitter from 0 to 1 */
export async function recordDeliveryFailure(
  ctx: TransactionContext,
  message: OutgoingMessage,
  { failure, jitter }: { readonly failure: DeliveryFailure; readonly jitter: number },
): Promise<FailureOutcome> {
  const { now } = ctx;
  const queue = await lockQueue(ctx, recipientKey(message.recipient));
  if (!isHeld(queue, message)) return "lease lost";
  const tried = { attempts: queue.attempts + 1, since: queue.failingSince ?? now };
  const after = afterDeliveryFailure(failure, { ...tried, now }, jitter);
  if (after.next === "retry") {
    // Only these count as tries: with 429 and 401 the cause is not the message.
    const counted = failure.kind === "retryable" && { attempts: tried.attempts, failingSince: tried.since };
    const storm = failure.kind === "edit rejected" && parseQueue(queue).storm;
    const change = { retryAt: after.at, ...counted, ...(storm && { storm: JSON.stringify(withoutEdits(storm)) }) };
    await requeue(ctx, message, {
      change,
      possiblySent: failure.kind === "retryable" && failure.possiblySent,
    });
    return "retry";
  }
  const isSuspended =
    after.next === "suspend" &&
    "roomId" in message.recipient &&
    (await suspendRoom(ctx, message.recipient.roomId, "unreachable"));
  if (isSuspended) return "suspended";
  await deadLetter(ctx, message, failure);
  return "dead";
}

interface RequeueOptions {
  readonly change: QueueChange;
  readonly possiblySent: boolean;
}

/** The message waits again. */
export async function requeue(
  ctx: TransactionContext,
  message: OutgoingMessage,
  { change, possiblySent }: RequeueOptions,
): Promise<void> {
  const recipient = recipientKey(message.recipient);
  const ids = allNotices(message).map(({ id }) => id);
  await updateNotices(
    ctx,
    { ids, from: ["claimed"] },
    { state: "pending", claimedAt: null, ...(possiblySent && { possiblySent: 1 }) },
  );
  await updateQueue(ctx, recipient, { ...UNCLAIMED, ...change });
  await updateDueAt(ctx, recipient);
}

async function deadLetter(ctx: TransactionContext, message: OutgoingMessage, { kind }: DeliveryFailure): Promise<void> {
  const recipient = recipientKey(message.recipient);
  const isNews = await buryNotices(ctx, allNotices(message), kind);
  const endsStorm = message.notices.some((one) => one.kind === "storm-end");
  await updateQueue(ctx, recipient, { ...IDLE, ...(endsStorm && { storm: null }) });
  // The alerts that a summary notice stood for are enqueued one by one.
  if ("roomId" in message.recipient && message.notices.some((one) => isSummaryNotice(one.kind)))
    await reconcileRoom(ctx, message.recipient.roomId);
  await updateDueAt(ctx, recipient);
  if (isNews) await reportDeadLetter(ctx, message, kind);
}

/** True if people are to be told of one of them, and were not before. */
async function buryNotices(
  ctx: TransactionContext,
  notices: readonly Notice[],
  cause: DeliveryFailure["kind"],
): Promise<boolean> {
  const before = await readGivenUp(ctx, notices);
  let isNews = false;
  for (const times of new Set(before.values())) {
    for (const kind of new Set(notices.map((one) => one.kind))) {
      const ids = notices.filter((one) => one.kind === kind && before.get(one.id) === times).map(({ id }) => id);
      const givenUp = countGivenUp(times, cause);
      const retryAt = nextTryOfDead(kind, givenUp, ctx.now) ?? null;
      const dead = { state: "dead", claimedAt: null, cause, givenUp, retryAt } as const;
      await updateNotices(ctx, { ids, from: ["claimed"] }, dead);
      isNews ||= ids.length > 0 && isForPeople(kind, givenUp) && !isForPeople(kind, times);
    }
  }
  return isNews;
}

async function readGivenUp(
  { tx }: TransactionContext,
  notices: readonly Notice[],
): Promise<ReadonlyMap<number, number>> {
  const givenUp = new Map<number, number>();
  for (const ids of chunksOf(notices, IDS_PER_STATEMENT).map((chunk) => chunk.map(({ id }) => id))) {
    const rows = await tx.selectFrom("outbox").select(["id", "givenUp"]).where("id", "in", ids).execute();
    for (const row of rows) givenUp.set(row.id, row.givenUp);
  }
  return givenUp;
}

const DEAD_LETTER_REASONS: Readonly<Record<DeliveryFailure["kind"], string>> = {
  busy: "Webex was too busy for it.",
  retryable: "Webex did not accept it for 24 hours.",
  rejected: "Webex refused it, as a card and as plain text.",
  "edit rejected": "Webex refused to edit a message.",
  unauthorized: "Webex refused the bot's token.",
  gone: "The space or person does not exist, or the bot is not in the space.",
};

/** A dead message to the ops room itself is not reported, because the report would be dead as well. */
async function reportDeadLetter(
  ctx: TransactionContext,
  message: OutgoingMessage,
  why: DeliveryFailure["kind"],
): Promise<void> {
  const { recipient, notices } = message;
  const roomId = "roomId" in recipient ? recipient.roomId : undefined;
  if (roomId !== undefined && roomId === ctx.opsRoomId) return;
  const kinds = [...new Set(notices.map(({ kind }) => kind))].join(", ");
  const numbers = notices.flatMap(({ alertId }) => (alertId === 0 ? [] : [`#${alertId}`]));
  await notifyOps(ctx, {
    lines: [
      "A message could not be delivered",
      roomId === undefined ? "It was for a person." : `It was for the space ${roomId}.`,
      `It was about: ${[kinds, ...numbers.slice(0, 10)].join(" ")}${numbers.length > 10 ? " and more" : ""}.`,
      DEAD_LETTER_REASONS[why],
      notices.some(({ kind }) => kind !== "outage" && nextTryOfDead(kind, 1, 0) !== undefined)
        ? "It is tried again after 1 h, after 4 h, then daily. “Send again” tries it at once."
        : "It is not tried again: what it was about is told by other messages.",
    ],
    isGivenUp: true,
    ...(roomId !== undefined && { roomId }),
  });
}
