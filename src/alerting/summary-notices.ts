import { type NoticeDetails, SUMMARY_KINDS } from "../domain/alerts/notice.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import { readScope } from "../store/rooms.ts";
import { lockQueue, newOutboxRow, nextGeneration, updateDueAt } from "./queue.ts";
import { watchingRooms } from "./room-state.ts";
import type { TransactionContext } from "./transaction.ts";
import { findVisibility } from "./visibility.ts";

export type SummaryNoticeKind = (typeof SUMMARY_KINDS)[number];

/**
 * Enqueues a baseline or a catch-up (ALERTS 15, 16), which replaces the notices that wait. It is held until the scope has been
 * read completely. A waiting baseline covers what a catch-up would tell, so no second notice is enqueued.
 */
export async function enqueueSummaryNotice(
  ctx: TransactionContext,
  roomId: string,
  kind: SummaryNoticeKind,
  details: NoticeDetails = {},
): Promise<void> {
  const { tx, now } = ctx;
  await lockQueue(ctx, roomId);
  const standing = await tx
    .selectFrom("outbox")
    .select(["id", "kind"])
    .where("recipient", "=", roomId)
    .where("state", "in", ["held", "pending"])
    .where("kind", "in", SUMMARY_KINDS)
    .execute();
  if (standing.length > 0 && kind === "catch-up") return;
  if (standing.some((one) => one.kind === "baseline")) return updateBaselineHold(ctx, roomId);
  await cancelCoveredNotices(ctx, roomId);
  const isHeld = kind === "catch-up" || (await hasNoBaseline(ctx, roomId));
  await tx
    .insertInto("outbox")
    .values(
      newOutboxRow({
        recipient: roomId,
        kind,
        generation: await nextGeneration(ctx, roomId, kind),
        state: isHeld ? "held" : "pending",
        urgent: 1,
        queuedAt: now,
        details: JSON.stringify(details),
      }),
    )
    .execute();
  await updateDueAt(ctx, roomId);
}

async function cancelCoveredNotices({ tx }: TransactionContext, roomId: string): Promise<void> {
  await tx
    .updateTable("outbox")
    .set({ state: "cancelled" })
    .where("recipient", "=", roomId)
    .where("state", "in", ["held", "pending"])
    .where("possiblySent", "=", 0)
    // These stay: no summary notice contains them.
    .where((is) =>
      is.or([
        is.and([is("urgent", "=", 0), is("kind", "not in", ["removals", "came-and-went"])]),
        is("kind", "=", "catch-up"),
      ]),
    )
    .execute();
}

/** The room may have been bound to another scope since. */
async function updateBaselineHold(ctx: TransactionContext, roomId: string): Promise<void> {
  await ctx.tx
    .updateTable("outbox")
    .set({ state: (await hasNoBaseline(ctx, roomId)) ? "held" : "pending" })
    .where("recipient", "=", roomId)
    .where("state", "in", ["held", "pending"])
    .where("kind", "=", "baseline")
    .where("possiblySent", "=", 0)
    .execute();
  await updateDueAt(ctx, roomId);
}

/** For a room that has no watches any more. */
export async function cancelSummaryNotice(ctx: TransactionContext, roomId: string): Promise<void> {
  await lockQueue(ctx, roomId);
  await ctx.tx
    .updateTable("outbox")
    .set({ state: "cancelled" })
    .where("recipient", "=", roomId)
    .where("state", "in", ["held", "pending"])
    .where("kind", "in", SUMMARY_KINDS)
    .where("possiblySent", "=", 0)
    .execute();
  await updateDueAt(ctx, roomId);
}

/** After a complete sweep of the scope the held notices of its rooms can be sent. */
export async function releaseSummaryNotices(ctx: TransactionContext, scope: Scope): Promise<void> {
  const rows = await ctx.tx.selectFrom("outbox").select("recipient").where("state", "=", "held").execute();
  const held = new Set(rows.map(({ recipient }) => recipient));
  for (const roomId of (await watchingRooms(ctx.tx, scope)).filter((id) => held.has(id))) {
    await lockQueue(ctx, roomId);
    await ctx.tx
      .updateTable("outbox")
      .set({ state: "pending", queuedAt: ctx.now })
      .where("recipient", "=", roomId)
      .where("state", "=", "held")
      .where("kind", "in", SUMMARY_KINDS)
      .execute();
    await updateDueAt(ctx, roomId);
  }
}

async function hasNoBaseline({ tx }: TransactionContext, roomId: string): Promise<boolean> {
  return (await findVisibility(tx, await readScope(tx, roomId))).baselineAt === null;
}
