import { readScope } from "../store/rooms.ts";
import { allocateNumbers } from "./alert-rows.ts";
import { UNCLAIMED } from "./queue.ts";
import { enqueueSummaryNotice } from "./summary-notices.ts";
import type { TransactionContext } from "./transaction.ts";
import { findVisibility } from "./visibility.ts";

/** More than the alerts that may have opened after the backup: the buttons on their cards must not mean other alerts. */
const SKIPPED_NUMBERS = 1_000;

/**
 * The database is an older state of itself. What waits in it was sent or answered already, so it is dropped; each watching room
 * gets one catch-up, after the next complete sweep (ALERTS 19).
 */
export async function dropRestored(ctx: TransactionContext): Promise<void> {
  const { tx, now } = ctx;
  await tx.deleteFrom("inbox").where("processedAt", "is", null).execute();
  await tx.deleteFrom("outbox").where("state", "in", ["held", "pending", "claimed", "dead"]).execute();
  await tx
    .updateTable("recipientQueues")
    .set({ ...UNCLAIMED, dueAt: null, retryAt: null, attempts: 0, failingSince: null, storm: null })
    .execute();
  await allocateNumbers(tx, "alerts", SKIPPED_NUMBERS);
  const watches = await tx.selectFrom("watches").select("roomId").distinct().orderBy("roomId").execute();
  for (const { roomId } of watches) {
    const { readAt, baselineAt } = await findVisibility(tx, await readScope(tx, roomId));
    const since = readAt ?? now;
    const kind = baselineAt === null ? "baseline" : "catch-up";
    await enqueueSummaryNotice(ctx, roomId, kind, { awayMs: now - since, restoredFrom: since });
  }
}
