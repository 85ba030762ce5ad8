import type { Flush } from "../domain/alerting.ts";
import { isActive } from "../domain/alerts/alert.ts";
import { close } from "../domain/alerts/lifecycle.ts";
import type { Storm } from "../domain/notices/group.ts";
import { isCover, isUrgent, type NoticeKind } from "../domain/notices/outbox.ts";
import { stormAfter } from "../domain/notices/storm.ts";
import { lockAlerts } from "./alert-rows.ts";
import { announce, announceGone, countReminder, type Told } from "./outbox-announce.ts";
import { AT_REST, lockLine, readLine, writeLine } from "./outbox-lines.ts";
import { reschedule, settleRoom } from "./outbox-owing.ts";
import { readAlerts } from "./outbox-reading.ts";
import { writeNotices } from "./outbox-rows.ts";
import type { Step } from "./outbox-step.ts";
import { targetText } from "./targets.ts";

/**
 * Announces what a message said, and owes what has changed since it was taken up (ALERTS 28). Of a message that somebody else
 * has taken up meanwhile, theirs counts.
 */
export async function recordDelivery(step: Step, flush: Flush, messageId: string): Promise<void> {
  const { now } = step;
  const target = targetText(flush.target);
  // One that closed between what is announced and what is then owed would be owed nothing.
  await lockAlerts(
    step,
    flush.alerts.map(({ id }) => id),
  );
  const row = await lockLine(step, target);
  if (row.holder !== flush.holder) return;
  const ids = flush.notices.map(({ id }) => id);
  await writeNotices(step, { ids, from: ["claimed"] }, { state: "sent", sentAt: now, messageId });
  const { storm } = readLine(row);
  const after = stormAfter(storm, flush, { messageId, now });
  await writeLine(step, target, {
    ...{ ...AT_REST, withheldAt: null },
    ...(flush.notices.some(({ kind }) => !isUrgent(kind)) && { flushedAt: now }),
    storm: after === undefined ? null : JSON.stringify(after),
  });
  if ("roomId" in flush.target) {
    const told = { ...flush, roomId: flush.target.roomId, messageId };
    if (storm !== undefined && flush.form === "storm") await moveThread(step, told, storm);
    await believe(step, told);
  }
  await reschedule(step, target);
}

/** What the space believes now, and what it is owed now that it does. */
async function believe(step: Step, told: Told): Promise<void> {
  const { roomId, notices } = told;
  const has = (...kinds: readonly NoticeKind[]) => notices.some(({ kind }) => kinds.includes(kind));
  if (has("reminder")) await countReminder(step, told);
  if (notices.every(({ kind }) => isUrgent(kind) && !isCover(kind))) return;
  await announce(step, told);
  if (has("baseline")) await announceGone(step, told, await takenAt(step, told));
  await endDrills(step, told);
  // While a cover waits, nothing else is owed: now it is, whatever it is of.
  const alertIds = has("baseline", "catch-up") ? undefined : told.alerts.map(({ id }) => id);
  await settleRoom(step, roomId, alertIds);
}

/** When the message was made, and said what was so. */
async function takenAt({ tx, now }: Step, { notices }: Told): Promise<number> {
  const row = await tx
    .selectFrom("outbox")
    .select("claimedAt")
    .where("id", "=", notices[0]?.id ?? 0)
    .executeTakeFirst();
  return row?.claimedAt ?? now;
}

/** The digest of a storm that goes on may have become another message: what it tells of goes along. */
async function moveThread({ tx }: Step, { roomId, messageId }: Told, storm: Storm): Promise<void> {
  if (storm.messageId === messageId) return;
  await tx
    .updateTable("announced")
    .set({ messageId, edits: 0 })
    .where("roomId", "=", roomId)
    .where("messageId", "=", storm.messageId)
    .execute();
}

/** A drill is over once it was told: its recovery shows that those arrive as well. */
async function endDrills({ tx, now }: Step, { alerts, notices }: Told): Promise<void> {
  const told = new Set(notices.flatMap(({ kind, alertId }) => (kind === "alert" ? [alertId] : [])));
  const drills = alerts.flatMap(({ id, drill }) => (drill !== undefined && told.has(id) ? [id] : []));
  for (const alert of (await readAlerts(tx, drills)).filter(isActive)) {
    const ended = close(alert, "recovered", now);
    await tx
      .updateTable("alerts")
      .set({ state: ended.state, active: 0, changedAt: now, alert: JSON.stringify(ended) })
      .where("id", "=", alert.id)
      .execute();
  }
}
