import type { NoticeDetails } from "../domain/alerts/notice.ts";
import type { Unanswered } from "../domain/unanswered.ts";
import { enqueueAlways, lockQueue } from "./queue.ts";
import type { TransactionContext } from "./transaction.ts";

/** Longer than the time between a crash and the next try of the event that was given up. */
const REMEMBERED_MS = 60 * 60_000;

/**
 * Enqueues the note that a question was not answered, or adds the question to the note that waits. A question that a note names
 * already, as after a crash, is not added again.
 */
export async function reportUnanswered(ctx: TransactionContext, roomId: string, question: Unanswered): Promise<void> {
  await lockQueue(ctx, roomId);
  const notes = await readNotes(ctx, roomId);
  if (notes.some(({ questions }) => questions.some(({ eventId }) => eventId === question.eventId))) return;
  const waiting = notes.find(({ state, possiblySent }) => state === "pending" && possiblySent === 0);
  if (waiting === undefined)
    return enqueueAlways(ctx, { recipient: { roomId }, kind: "report", details: { unanswered: [question] } });
  const details = JSON.stringify({ unanswered: [...waiting.questions, question] });
  await ctx.tx.updateTable("outbox").set({ details }).where("id", "=", waiting.id).execute();
}

async function readNotes({ tx, now }: TransactionContext, roomId: string) {
  const rows = await tx
    .selectFrom("outbox")
    .select(["id", "state", "possiblySent", "details"])
    .where("recipient", "=", roomId)
    .where("kind", "=", "report")
    .where("queuedAt", ">", now - REMEMBERED_MS)
    .execute();
  return rows.flatMap(({ details, ...row }) => {
    const { unanswered: questions }: NoticeDetails = JSON.parse(details);
    return questions === undefined ? [] : [{ ...row, questions }];
  });
}
