import { type Alert, hasReturned, isActive } from "../domain/alerts/alert.ts";
import { type Asides, asidesOf } from "../domain/alerts/asides.ts";
import { nextReminderAt } from "../domain/alerts/due-times.ts";
import { codesText } from "../domain/alerts/error-codes.ts";
import { allNotices } from "../domain/alerts/grouping.ts";
import { closeAlert } from "../domain/alerts/lifecycle.ts";
import { activeMute } from "../domain/alerts/mute.ts";
import { isStandalone, isSummaryNotice, type NoticeKind } from "../domain/alerts/notice.ts";
import { type NotifiedState, notifiedStateOf } from "../domain/alerts/reconcile.ts";
import { isOpening, stormAfter } from "../domain/alerts/storm.ts";
import type { OutgoingMessage } from "../domain/ports/alerting.ts";
import type { PostedMessage } from "../domain/ports/messaging.ts";
import { lockScope } from "../store/leases.ts";
import { readAlerts, writeAlerts } from "./alert-rows.ts";
import { insertAlertCard, oweEdits, recordStormCard } from "./card-edits.ts";
import { IDLE, isHeld, lockQueue, parseQueue, updateDueAt, updateNotices, updateQueue } from "./queue.ts";
import { recipientKey } from "./recipients.ts";
import { reconcileRoom } from "./reconcile.ts";
import { type NotifiedStateRow, readNotifiedStates, readRoom, writeNotifiedStates } from "./room-state.ts";
import { fileAsTold } from "./storms.ts";
import type { TransactionContext } from "./transaction.ts";

/**
 * Records a message as sent and what its room now knows, and enqueues what has changed since it was claimed (ALERTS 28). Does
 * nothing if the lease ran out and the message was claimed again.
 */
export async function recordDelivery(
  ctx: TransactionContext,
  message: OutgoingMessage,
  { messageId, threadId }: Pick<PostedMessage, "messageId" | "threadId">,
): Promise<void> {
  const { now } = ctx;
  const recipient = recipientKey(message.recipient);
  // The end of a drill writes its alert, as an acknowledgement does. Lock order: alerts before recipient queues.
  const drill = message.alerts.find((alert) => alert.drill !== undefined);
  if (drill !== undefined) await lockScope(ctx, drill.key.scope);
  const queue = await lockQueue(ctx, recipient);
  if (!isHeld(queue, message)) return;
  const ids = allNotices(message).map(({ id }) => id);
  const filed = message.storm !== undefined && { storm: 1 };
  const sent = { state: "sent", sentAt: now, messageId, cause: null, ...filed } as const;
  await updateNotices(ctx, { ids, from: ["claimed"] }, sent);
  await fileAsTold(ctx, recipient, message.storm?.before ?? []);
  const stormBefore = parseQueue(queue).storm;
  const storm = stormAfter(stormBefore, message, { messageId, now, told: message.alerts.length });
  await updateQueue(ctx, recipient, {
    ...IDLE,
    ...(opensWindow(message) && { lastGroupSentAt: now }),
    storm: storm === undefined ? null : JSON.stringify(storm),
  });
  if ("roomId" in message.recipient) {
    const rootId = message.form === "storm" ? (stormBefore?.messageId ?? messageId) : messageId;
    // Only the first message of a storm is a card of its own.
    const isCard = message.storm === undefined ? threadId === undefined : message.storm.step === "first";
    const { roomId } = message.recipient;
    const asides = asidesOf(allNotices(message));
    await applyDelivery(ctx, { ...message, roomId, messageId, isCard, rootId, asides });
  }
  await updateDueAt(ctx, recipient);
}

/** The next grouped message waits for the next window (ALERTS 20). An edit is no message (ALERTS d). */
const opensWindow = ({ notices, storm }: OutgoingMessage): boolean =>
  storm?.step !== "edit" &&
  notices.some(({ kind, isRefused }) => !isRefused && (!isStandalone(kind) || kind === "came-and-went"));

interface DeliveredMessage extends Pick<OutgoingMessage, "form" | "notices" | "storm" | "room"> {
  readonly roomId: string;
  readonly messageId: string;
  /** It is in no thread, so that it is edited itself (ALERTS 30). */
  readonly isCard: boolean;
  /** In the state that the message shows. */
  readonly alerts: readonly Alert[];
  readonly asides: Asides;
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
  // Later acknowledgements and mutes find the card of the storm themselves.
  if (delivered.storm === undefined || delivered.storm.step === "first") await oweOutdatedMarks(ctx, delivered);
  await endDrills(ctx, delivered);
  // While a summary notice waits, nothing else is enqueued, so all alerts of the room are reconciled after it.
  await reconcileRoom(ctx, roomId, has("baseline", "catch-up") ? undefined : changedAlerts(delivered));
}

/** A storm tells of alerts that none of its notices is about: they have not changed. */
function changedAlerts({ storm, notices, alerts }: DeliveredMessage): readonly number[] {
  return storm === undefined ? alerts.map(({ id }) => id) : notices.map(({ alertId }) => alertId);
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
  const alerts = selectNotified(delivered);
  const ids = alerts.map(({ id }) => id);
  const states = await readNotifiedStates(ctx.tx, roomId, ids);
  const before = new Map(states.map((state) => [state.alertId, state]));
  const opened = new Set(delivered.notices.filter(isOpening).map(({ alertId }) => alertId));
  const stormId = delivered.storm === undefined ? null : rootId;
  const rows = alerts.map((alert) => {
    const last = before.get(alert.id);
    const storm = opened.has(alert.id) ? stormId : (last?.storm ?? null);
    return { ...notifiedStateRow(ctx, alert, last), roomId, storm, messageId: last?.messageId ?? rootId };
  });
  await writeNotifiedStates(ctx.tx, rows);
  const { messageId, isCard } = delivered;
  const isOnCard = (row: NotifiedStateRow) => row.messageId === messageId || row.storm === messageId;
  const rootedElsewhere = rows.filter((row) => !isOnCard(row)).map(({ alertId }) => alertId);
  if (isCard) await insertAlertCard(ctx, { ...delivered, rootedElsewhere });
  await oweEdits(ctx, { roomId, alertIds: ids, shownBy: stormId ?? messageId });
  if (delivered.storm !== undefined) await recordStormCard(ctx, rootId, delivered.storm.step);
}

/** A summary notice tells of all alerts of the message, every other notice of its own alert. */
function selectNotified({ notices, alerts }: DeliveredMessage): readonly Alert[] {
  if (notices.some(({ kind }) => isSummaryNotice(kind))) return alerts;
  const ids = new Set(notices.flatMap(({ alertId, kind }) => (isStandalone(kind) ? [] : [alertId])));
  return alerts.filter(({ id }) => ids.has(id));
}

/**
 * Somebody acknowledged or muted an alert, or took that back, after the message was made, or it was healing and is not any more, so
 * that its card does not show it.
 */
async function oweOutdatedMarks(ctx: TransactionContext, { roomId, alerts, room }: DeliveredMessage): Promise<void> {
  const { tx, now } = ctx;
  const { mutes } = await readRoom(tx, roomId);
  const present = new Map(
    (
      await readAlerts(
        tx,
        alerts.map(({ id }) => id),
      )
    ).map((alert) => [alert.id, alert]),
  );
  const isOutdated = (shown: Alert) =>
    shown.ack?.at !== present.get(shown.id)?.ack?.at ||
    hasReturned({ before: shown, after: present.get(shown.id) ?? shown }) ||
    activeMute(shown, room?.mutes ?? [], now)?.number !== activeMute(shown, mutes, now)?.number;
  await oweEdits(ctx, { roomId, alertIds: alerts.filter(isOutdated).map(({ id }) => id) });
}

function notifiedStateRow(
  { now, timings }: TransactionContext,
  alert: Alert,
  last: NotifiedState | undefined,
): Omit<NotifiedStateRow, "roomId" | "messageId"> {
  const { id: alertId, generation, failures, badSince } = alert;
  const state = { alertId, state: notifiedStateOf(alert), generation, failures, badSince, codes: codesText(alert) };
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
  ctx: TransactionContext,
  { roomId, alerts }: DeliveredMessage,
  claimedAt: number,
): Promise<void> {
  const { tx } = ctx;
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
  await oweEdits(ctx, { roomId, alertIds: [...closed.keys()] });
}

/** A drill recovers when its alert was delivered, so that the room gets a recovery as well. */
async function endDrills({ tx, now }: TransactionContext, { alerts, notices }: DeliveredMessage): Promise<void> {
  const delivered = new Set(notices.flatMap(({ kind, alertId }) => (kind === "alert" ? [alertId] : [])));
  const drills = alerts.flatMap(({ id, drill }) => (drill !== undefined && delivered.has(id) ? [id] : []));
  const ended = (await readAlerts(tx, drills)).filter(isActive).map((alert) => closeAlert(alert, "recovered", now));
  await writeAlerts(tx, ended, now);
}
