import type { NoticeDetails, NoticeKind } from "../domain/alerts/notice.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import { lockQueue, updateDueAt } from "./queue.ts";
import { watchingRooms } from "./room-state.ts";
import type { TransactionContext } from "./transaction.ts";
import { findVisibility } from "./visibility.ts";

export type SummaryNoticeKind = "baseline" | "catch-up";

/**
 * Owes a space one message that stands for all it would be owed (ALERTS 15, 16), in the place of what waits for it now.
 * Until everything has been read it is held back. A baseline says all that a catch-up would.
 */
export async function enqueueSummaryNotice(
  step: TransactionContext,
  roomId: string,
  kind: SummaryNoticeKind,
  details: NoticeDetails = {},
): Promise<void> {
  const { tx, now } = step;
  await lockQueue(step, roomId);
  const standing = await tx
    .selectFrom("outbox")
    .select(["id", "kind"])
    .where("recipient", "=", roomId)
    .where("state", "in", ["held", "pending"])
    .where("kind", "in", ["baseline", "catch-up"])
    .execute();
  if (standing.length > 0 && kind === "catch-up") return;
  if (standing.some((one) => one.kind === "baseline")) return updateBaselineHold(step, roomId);
  await tx
    .updateTable("outbox")
    .set({ state: "cancelled" })
    .where("recipient", "=", roomId)
    .where("state", "in", ["held", "pending"])
    .where("possiblySent", "=", 0)
    // What was removed is told by no cover.
    .where((is) => is.or([is.and([is("urgent", "=", 0), is("kind", "!=", "report")]), is("kind", "=", "catch-up")]))
    .execute();
  const isHeld = kind === "catch-up" || (await hasNoBaseline(step, roomId));
  await tx
    .insertInto("outbox")
    .values({
      recipient: roomId,
      kind,
      alertId: 0,
      generation: await nextGeneration(step, roomId, kind),
      state: isHeld ? "held" : "pending",
      urgent: 1,
      regression: 0,
      queuedAt: now,
      possiblySent: 0,
      details: JSON.stringify(details),
    })
    .execute();
  await updateDueAt(step.tx, roomId, step.timings);
}

/** The space may see another scope by now, which may or may not have been read. */
async function updateBaselineHold(step: TransactionContext, roomId: string): Promise<void> {
  await step.tx
    .updateTable("outbox")
    .set({ state: (await hasNoBaseline(step, roomId)) ? "held" : "pending" })
    .where("recipient", "=", roomId)
    .where("state", "in", ["held", "pending"])
    .where("kind", "=", "baseline")
    .where("possiblySent", "=", 0)
    .execute();
  await updateDueAt(step.tx, roomId, step.timings);
}

/** A space that watches nothing any more does not want to hear what it would have begun with. */
export async function cancelSummaryNotice(step: TransactionContext, roomId: string): Promise<void> {
  await lockQueue(step, roomId);
  await step.tx
    .updateTable("outbox")
    .set({ state: "cancelled" })
    .where("recipient", "=", roomId)
    .where("state", "in", ["held", "pending"])
    .where("kind", "in", ["baseline", "catch-up"])
    .where("possiblySent", "=", 0)
    .execute();
  await updateDueAt(step.tx, roomId, step.timings);
}

/** Everything has been read: what was held back for that can go. */
export async function releaseSummaryNotices(step: TransactionContext, scope: Scope): Promise<void> {
  const holding = await step.tx.selectFrom("outbox").select("recipient").where("state", "=", "held").execute();
  const held = new Set(holding.map(({ recipient }) => recipient));
  for (const roomId of (await watchingRooms(step.tx, scope)).filter((one) => held.has(one))) {
    await lockQueue(step, roomId);
    await step.tx
      .updateTable("outbox")
      .set({ state: "pending", queuedAt: step.now })
      .where("recipient", "=", roomId)
      .where("state", "=", "held")
      .execute();
    await updateDueAt(step.tx, roomId, step.timings);
  }
}

async function hasNoBaseline({ tx }: TransactionContext, roomId: string): Promise<boolean> {
  const bound = await tx.selectFrom("roomScopes").select("scope").where("roomId", "=", roomId).executeTakeFirst();
  return (await findVisibility(tx, bound?.scope ?? "")).baselineAt === null;
}

/** Two notices of one kind, and of no alert, within a millisecond are two all the same. Their line is locked. */
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
