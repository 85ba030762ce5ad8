import type { Kysely } from "kysely";
import type { Flush } from "../../domain/alerting.ts";
import { isActive } from "../../domain/alerts/alert.ts";
import { close } from "../../domain/alerts/lifecycle.ts";
import { isCover, isUrgent, type NoticeKind } from "../../domain/notices/outbox.ts";
import { stormAfter } from "../../domain/notices/storm.ts";
import { writeAlerts } from "../alerts/rows.ts";
import { chunksOf, IDS } from "../chunks.ts";
import { lockScope } from "../leases.ts";
import type { Tables } from "../schema.ts";
import { announce, announceGone, countReminder, type Told } from "./announce.ts";
import { AT_REST, lockLine, readLine, writeLine } from "./lines.ts";
import { reschedule } from "./owing.ts";
import { readAlerts } from "./reading.ts";
import { writeNotices } from "./rows.ts";
import { settleRoom } from "./settle.ts";
import type { Step } from "./step.ts";
import { targetText } from "./targets.ts";

/**
 * Announces what a message said, and owes what has changed since it was taken up (ALERTS 28). Of a message that somebody else
 * has taken up meanwhile, theirs counts.
 */
export async function recordDelivery(step: Step, flush: Flush, messageId: string): Promise<void> {
  const { now } = step;
  const target = targetText(flush.target);
  // An acknowledgement writes a drill whole, as its end does. Before the line: whoever writes alerts comes to lines last.
  const drill = flush.alerts.find((alert) => alert.drill !== undefined);
  if (drill !== undefined) await lockScope(step, drill.key.scope);
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
    const rootId = flush.form === "storm" ? (after?.messageId ?? messageId) : messageId;
    await believe(step, { ...flush, roomId: flush.target.roomId, rootId });
  }
  await reschedule(step, target);
}

/** The alerts of a message that was made before somebody took them. */
export async function takenMeanwhile(
  db: Kysely<Tables>,
  { alerts, notices }: Pick<Flush, "alerts" | "notices">,
): Promise<readonly number[]> {
  const told = new Set(notices.map(({ alertId }) => alertId));
  const free = alerts.filter(({ id, ack }) => ack === undefined && told.has(id));
  const taken: number[] = [];
  for (const chunk of chunksOf(free, IDS)) {
    const rows = await db
      .selectFrom("alerts")
      .select("id")
      .where(
        "id",
        "in",
        chunk.map(({ id }) => id),
      )
      .where("acked", "=", 1)
      .orderBy("id")
      .execute();
    taken.push(...rows.map(({ id }) => id));
  }
  return taken;
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

/** A drill is over once it was told: its recovery shows that those arrive as well. */
async function endDrills({ tx, now }: Step, { alerts, notices }: Told): Promise<void> {
  const told = new Set(notices.flatMap(({ kind, alertId }) => (kind === "alert" ? [alertId] : [])));
  const drills = alerts.flatMap(({ id, drill }) => (drill !== undefined && told.has(id) ? [id] : []));
  const ended = (await readAlerts(tx, drills))
    .filter(isActive)
    .map((alert) => close(alert, "recovered", now));
  await writeAlerts(tx, ended, now);
}
