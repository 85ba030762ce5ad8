import type { Notice } from "../domain/alerts/notice.ts";
import { codeOf, quietAt, type RecentAlert, SAME_CODE_MS, type Storm } from "../domain/alerts/storm.ts";
import { chunksOf, IDS_PER_STATEMENT } from "../store/chunks.ts";
import { readAlerts } from "./alert-rows.ts";
import type { Db, TransactionContext } from "./transaction.ts";

/** The storms of rooms, as the claim and the scheduler read and change them (ALERTS 21). */

/** True if the storm has had no new alert for two windows, not even one that waits. */
export async function isStormQuiet(
  { tx, timings, now }: Pick<TransactionContext, "timings" | "now"> & { readonly tx: Db },
  roomId: string,
  storm: Storm,
): Promise<boolean> {
  if (quietAt(storm, {}, timings) > now) return false;
  const newest = await tx
    .selectFrom("outbox")
    .select("queuedAt")
    .where("recipient", "=", roomId)
    .where("state", "=", "pending")
    .where("urgent", "=", 0)
    .where("storm", "=", 1)
    .where("kind", "in", ["alert", "reopen"])
    .orderBy("queuedAt", "desc")
    .limit(1)
    .executeTakeFirst();
  return newest === undefined || quietAt(storm, { newestAt: newest.queuedAt }, timings) <= now;
}

/** The alerts that the room was told by name within `SAME_CODE_MS`. */
export async function readRecentAlerts(
  { tx, now }: TransactionContext,
  roomId: string,
): Promise<readonly RecentAlert[]> {
  const rows = await tx
    .selectFrom("outbox")
    .select("alertId")
    .distinct()
    .where("recipient", "=", roomId)
    .where("state", "=", "sent")
    .where("urgent", "=", 0)
    .where("storm", "=", 0)
    .where("queuedAt", ">", now - SAME_CODE_MS)
    .where("kind", "in", ["alert", "reopen"])
    .execute();
  const alerts = await readAlerts(
    tx,
    rows.map(({ alertId }) => alertId),
  );
  return alerts.filter(({ drill }) => drill === undefined).map((alert) => ({ alertId: alert.id, code: codeOf(alert) }));
}

/** Files the notices that stay in the queue under what tells them: a notice may be older than the storm, or its code may have changed. */
export async function fileNotices(
  { tx }: TransactionContext,
  notices: readonly Notice[],
  isToldByStorm: (notice: Notice) => boolean,
): Promise<void> {
  for (const storm of [0, 1] as const) {
    const ids = notices.filter((notice) => isToldByStorm(notice) === (storm === 1)).map(({ id }) => id);
    for (const chunk of chunksOf(ids, IDS_PER_STATEMENT)) {
      await tx.updateTable("outbox").set({ storm }).where("id", "in", chunk).where("storm", "!=", storm).execute();
    }
  }
}

/** These alerts were told by name before the storm: `readRecentAlerts` counts them for one storm only. */
export async function fileAsTold(
  { tx }: TransactionContext,
  roomId: string,
  alertIds: readonly number[],
): Promise<void> {
  if (alertIds.length === 0) return;
  await tx
    .updateTable("outbox")
    .set({ storm: 1 })
    .where("recipient", "=", roomId)
    .where("alertId", "in", alertIds)
    .where("state", "=", "sent")
    .where("kind", "in", ["alert", "reopen"])
    .execute();
}
