import { type Alert, isActive } from "../domain/alerts/alert.ts";
import { nextReminderAt } from "../domain/alerts/due-times.ts";
import { stormAfter } from "../domain/alerts/grouping.ts";
import { closeAlert } from "../domain/alerts/lifecycle.ts";
import { isStandalone, isSummaryNotice, type Notice, type NoticeKind } from "../domain/alerts/notice.ts";
import { type NotifiedState, notifiedStateOf } from "../domain/alerts/reconcile.ts";
import type { OutgoingMessage } from "../domain/ports/alerting.ts";
import { chunksOf, IDS_PER_STATEMENT } from "../store/chunks.ts";
import { lockScope } from "../store/leases.ts";
import { readAlerts, writeAlerts } from "./alert-rows.ts";
import { IDLE, isHeld, lockQueue, parseQueue, recipientKey, updateDueAt, updateNotices, updateQueue } from "./queue.ts";
import { reconcileRoom } from "./reconcile.ts";
import { type NotifiedStateRow, readNotifiedStates, writeNotifiedStates } from "./room-state.ts";
import type { Db, TransactionContext } from "./transaction.ts";

/**
 * Records a message as sent and what its room now knows, and enqueues what has changed since it was claimed (ALERTS 28). Does
 * nothing if the lease ran out and the message was claimed again.
 */
export async function recordDelivery(
  ctx: TransactionContext,
  message: OutgoingMessage,
  messageId: string,
): Promise<void> {
  const { now } = ctx;
  const recipient = recipientKey(message.recipient);
  // The end of a drill writes its alert, as an acknowledgement does. Lock order: alerts before recipient queues.
  const drill = message.alerts.find((alert) => alert.drill !== undefined);
  if (drill !== undefined) await lockScope(ctx, drill.key.scope);
  const queue = await lockQueue(ctx, recipient);
  if (!isHeld(queue, message)) return;
  const ids = message.notices.map(({ id }) => id);
  await updateNotices(ctx, { ids, from: ["claimed"] }, { state: "sent", sentAt: now, messageId });
  const storm = stormAfter(parseQueue(queue).storm, message, { messageId, now });
  await updateQueue(ctx, recipient, {
    ...IDLE,
    withheldAt: null,
    ...(message.notices.some(({ kind }) => !isStandalone(kind)) && { lastGroupSentAt: now }),
    storm: storm === undefined ? null : JSON.stringify(storm),
  });
  if ("roomId" in message.recipient) {
    const rootId = message.form === "storm" ? (storm?.messageId ?? messageId) : messageId;
    await applyDelivery(ctx, { ...message, roomId: message.recipient.roomId, rootId });
  }
  await updateDueAt(ctx, recipient);
}

interface DeliveredMessage {
  readonly roomId: string;
  readonly notices: readonly Notice[];
  /** In the state that the message shows. */
  readonly alerts: readonly Alert[];
  /** The root of the thread of new alerts: this message, or the first summary of the storm. */
  readonly rootId: string;
}

/** Records what the room was told, and enqueues what it does not know yet. */
async function applyDelivery(ctx: TransactionContext, delivered: DeliveredMessage): Promise<void> {
  const { roomId, notices } = delivered;
  const has = (...kinds: readonly NoticeKind[]) => notices.some(({ kind }) => kinds.includes(kind));
  if (has("reminder")) await countReminder(ctx, delivered);
  if (notices.every(({ kind }) => isStandalone(kind) && !isSummaryNotice(kind))) return;
  await recordNotifiedStates(ctx, delivered);
  if (has("baseline")) await recordUnlistedAsClosed(ctx, delivered, await readClaimedAt(ctx, delivered));
  await endDrills(ctx, delivered);
  // While a summary notice waits, nothing else is enqueued, so all alerts of the room are reconciled after it.
  const alertIds = has("baseline", "catch-up") ? undefined : delivered.alerts.map(({ id }) => id);
  await reconcileRoom(ctx, roomId, alertIds);
}

async function countReminder(
  { tx, now, timings }: TransactionContext,
  { roomId, alerts }: DeliveredMessage,
): Promise<void> {
  const ids = alerts.map(({ id }) => id);
  const states = await readNotifiedStates(tx, roomId, ids);
  const rows = states.map(({ escalatedAt = null, ...state }) => {
    const reminded = state.reminded + 1;
    return { ...state, escalatedAt, reminded, remindAt: nextReminderAt({ at: now, reminded }, timings.remindMs) };
  });
  await writeNotifiedStates(tx, rows);
}

/** Records the state that the message shows, not the present one, which the room may not have been told (ALERTS 28). */
async function recordNotifiedStates(ctx: TransactionContext, delivered: DeliveredMessage): Promise<void> {
  const { roomId, rootId } = delivered;
  const { alerts, isRoot } = selectNotified(delivered);
  const ids = alerts.map(({ id }) => id);
  const states = await readNotifiedStates(ctx.tx, roomId, ids);
  const before = new Map(states.map((state) => [state.alertId, state]));
  const rows = alerts.map((alert) => {
    const last = before.get(alert.id);
    const messageId = isRoot(alert) ? rootId : (last?.messageId ?? rootId);
    return { ...notifiedStateRow(ctx, alert, last), roomId, messageId };
  });
  await writeNotifiedStates(ctx.tx, rows);
}

interface NotifiedAlerts {
  readonly alerts: readonly Alert[];
  /** True if this message becomes the root of the alert's thread, whether or not the alert has one. */
  readonly isRoot: (alert: Alert) => boolean;
}

/** A summary notice tells of all alerts of the message, every other notice of its own alert. */
function selectNotified({ notices, alerts }: DeliveredMessage): NotifiedAlerts {
  // A baseline begins a room anew. After a catch-up, an alert that was told before keeps its card, which shows its end.
  const summary = notices.find(({ kind }) => isSummaryNotice(kind));
  if (summary !== undefined) return { alerts, isRoot: () => summary.kind === "baseline" };
  const kinds = new Map(notices.filter(({ kind }) => !isStandalone(kind)).map(({ alertId, kind }) => [alertId, kind]));
  return {
    alerts: alerts.filter(({ id }) => kinds.has(id)),
    isRoot: ({ id }) => kinds.get(id) === "alert",
  };
}

function notifiedStateRow(
  { now, timings }: TransactionContext,
  alert: Alert,
  last: NotifiedState | undefined,
): Omit<NotifiedStateRow, "roomId" | "messageId"> {
  const { id: alertId, generation, failures } = alert;
  const state = { alertId, state: notifiedStateOf(alert), generation, failures };
  if (last === undefined || (state.state === "open" && last.state !== "open")) {
    const remindAt = nextReminderAt({ at: now, reminded: 0 }, timings.remindMs);
    return { ...state, notifiedAt: now, reminded: 0, remindAt, escalatedAt: null };
  }
  const { notifiedAt, reminded, remindAt, escalatedAt = null } = last;
  return { ...state, notifiedAt, reminded, remindAt, escalatedAt };
}

/** When the message was made. */
async function readClaimedAt({ tx, now }: TransactionContext, { notices }: DeliveredMessage): Promise<number> {
  const row = await tx
    .selectFrom("outbox")
    .select("claimedAt")
    .where("id", "=", notices[0]?.id ?? 0)
    .executeTakeFirst();
  return row?.claimedAt ?? now;
}

/**
 * A baseline lists every open alert, so a known alert that it does not list is over. It is recorded as closed, unless it closed
 * only after the message was made.
 */
async function recordUnlistedAsClosed(
  { tx }: TransactionContext,
  { roomId, alerts }: DeliveredMessage,
  claimedAt: number,
): Promise<void> {
  const listed = new Set(alerts.map(({ id }) => id));
  const open = await tx
    .selectFrom("notifiedStates")
    .selectAll()
    .where("roomId", "=", roomId)
    .where("state", "!=", "closed")
    .execute();
  const unlisted = open.flatMap(({ alertId }) => (listed.has(alertId) ? [] : [alertId]));
  const closed = new Map(
    (await readAlerts(tx, unlisted))
      .filter((alert) => notifiedStateOf(alert) === "closed" && (alert.closedAt ?? 0) <= claimedAt)
      .map(({ id, generation, failures }) => [id, { state: "closed", generation, failures } as const]),
  );
  const rows = open.flatMap((row) => (closed.has(row.alertId) ? [{ ...row, ...closed.get(row.alertId) }] : []));
  await writeNotifiedStates(tx, rows);
}

/** A drill recovers when its alert was delivered, so that the room gets a recovery as well. */
async function endDrills({ tx, now }: TransactionContext, { alerts, notices }: DeliveredMessage): Promise<void> {
  const delivered = new Set(notices.flatMap(({ kind, alertId }) => (kind === "alert" ? [alertId] : [])));
  const drills = alerts.flatMap(({ id, drill }) => (drill !== undefined && delivered.has(id) ? [id] : []));
  const ended = (await readAlerts(tx, drills)).filter(isActive).map((alert) => closeAlert(alert, "recovered", now));
  await writeAlerts(tx, ended, now);
}

/** The alerts of a message that were acknowledged after it was made, so that its card does not show it. */
export async function readAckedMeanwhile(
  db: Db,
  { alerts, notices }: Pick<OutgoingMessage, "alerts" | "notices">,
): Promise<readonly number[]> {
  const noticed = new Set(notices.map(({ alertId }) => alertId));
  const ids = alerts.flatMap(({ id, ack }) => (ack === undefined && noticed.has(id) ? [id] : []));
  const acked: number[] = [];
  for (const chunk of chunksOf(ids, IDS_PER_STATEMENT)) {
    const rows = await db
      .selectFrom("alerts")
      .select("id")
      .where("id", "in", chunk)
      .where("acked", "=", 1)
      .orderBy("id")
      .execute();
    acked.push(...rows.map(({ id }) => id));
  }
  return acked;
}
