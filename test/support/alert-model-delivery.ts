import type { Alert } from "../../src/domain/alerts/alert.ts";
import { afterDeliveryFailure, type DeliveryFailure } from "../../src/domain/alerts/delivery-policy.ts";
import { nextReminderAt } from "../../src/domain/alerts/due-times.ts";
import {
  isRegression,
  type MessagePlan,
  nextDueAt,
  planMessage,
  type QueueContents,
} from "../../src/domain/alerts/grouping.ts";
import { isStandalone, isSummaryNotice } from "../../src/domain/alerts/notice.ts";
import { desiredState, type NotifiedState, notifiedStateOf } from "../../src/domain/alerts/reconcile.ts";
import {
  type AlertModel,
  alertContext,
  type ModelNotice,
  type ModelQueue,
  notifiedOf,
  queuedFor,
  reconcile,
} from "./alert-model.ts";
import { dueReminders } from "./alert-model-commands.ts";

/** A claimed message. Any step may come between `claim`, the POST and `delivered` (ALERTS 28). */
export interface OutgoingMessage {
  readonly roomId: string;
  readonly form: MessagePlan["form"];
  readonly notices: readonly ModelNotice[];
  readonly alerts: readonly Alert[];
  /** The states of these alerts that the space was told before. */
  readonly notified: readonly NotifiedState[];
  readonly claimedAt: number;
  /** It was claimed before the next window. */
  readonly skippedWindow: boolean;
}

/** Claims the next message to a space, if one is due, after one more reconcile (ALERTS 20). */
export function claim(
  before: AlertModel,
  roomId: string,
): { readonly model: AlertModel; readonly sending?: OutgoingMessage } {
  const model = reconcile(before);
  const rows = queuedFor(model, roomId);
  if (rows.some(({ state }) => state === "claimed")) return { model };
  // Before the first complete sweep, a baseline cannot name what is in error.
  const ready = rows.filter(({ kind }) => !isSummaryNotice(kind) || model.visibility.completeAt !== undefined);
  const queue = queueOf(model, roomId);
  const due = nextDueAt(queue, waitingSummary(model, roomId, ready), model.timings);
  const plan = planMessage(ready, queue.storm);
  if (due === undefined || due > model.now || plan === undefined) return { model };
  const nextWindow = (queue.lastGroupSentAt ?? Number.NEGATIVE_INFINITY) + model.timings.intervalMs;
  const ids = new Set(plan.notices.map(({ id }) => id));
  const notices = ready.filter(({ id }) => ids.has(id));
  const alerts = alertsInMessage(model, roomId, notices);
  const isTold = (one: NotifiedState) => one.roomId === roomId && alerts.some(({ id }) => id === one.alertId);
  return {
    model: {
      ...model,
      outbox: model.outbox.map((row) => (ids.has(row.id) ? { ...row, state: "claimed" } : row)),
    },
    sending: {
      roomId,
      form: plan.form,
      notices,
      alerts,
      notified: model.notified.filter(isTold),
      claimedAt: model.now,
      skippedWindow: model.now < nextWindow,
    },
  };
}

/** Records a posted message and reconciles again (ALERTS 28). */
export function delivered(model: AlertModel, sending: OutgoingMessage): AlertModel {
  const { roomId, notices, alerts } = sending;
  const states = alerts.map((alert) => notifiedAfter(model, sending, alert));
  const isReplaced = (one: NotifiedState) =>
    states.some(({ alertId }) => one.roomId === roomId && one.alertId === alertId);
  const sentIds = new Set(notices.map(({ id }) => id));
  return reconcile({
    ...model,
    notified: [...model.notified.filter((one) => !isReplaced(one)), ...states],
    outbox: model.outbox.filter(({ id }) => !sentIds.has(id)),
    queues: { ...model.queues, [roomId]: queueAfter(model, sending) },
  });
}

/** ALERTS 29. */
export function deliveryFailed(
  model: AlertModel,
  { roomId, notices }: OutgoingMessage,
  failure: DeliveryFailure,
  jitter: number,
): AlertModel {
  const { attempts, failingSince = model.now, ...queue } = queueOf(model, roomId);
  const tried = attempts + (failure.kind === "retryable" ? 1 : 0);
  const after = afterDeliveryFailure(failure, { attempts: tried, since: failingSince, now: model.now }, jitter);
  const isUnsure = failure.kind === "retryable" && failure.possiblySent;
  const failed = (row: ModelNotice): ModelNotice => ({
    ...row,
    possiblySent: row.possiblySent || isUnsure,
    state: after.next === "dead" ? "dead" : "pending",
  });
  const ids = new Set(notices.map(({ id }) => id));
  const next = after.next === "retry" ? { attempts: tried, failingSince, retryAt: after.at } : { attempts: 0 };
  return reconcile({
    ...model,
    outbox: model.outbox.map((row) => (ids.has(row.id) ? failed(row) : row)),
    queues: { ...model.queues, [roomId]: { ...queue, ...next } },
  });
}

/** A new process: claimed messages may have been posted (ALERTS 28). */
export function restart(model: AlertModel): AlertModel {
  const again = (row: ModelNotice): ModelNotice =>
    row.state === "claimed" ? { ...row, state: "pending", possiblySent: true } : row;
  return { ...model, startedAt: model.now, outbox: model.outbox.map(again) };
}

/** Delivers everything that is due now, without failures. */
export function deliver(before: AlertModel): {
  readonly model: AlertModel;
  readonly sent: readonly OutgoingMessage[];
} {
  const sent: OutgoingMessage[] = [];
  let model = before;
  for (const { roomId } of before.rooms) {
    for (;;) {
      const taken = claim(model, roomId);
      model = taken.model;
      if (taken.sending === undefined) break;
      sent.push(taken.sending);
      model = delivered(model, taken.sending);
    }
  }
  return { model, sent };
}

export function waitingSummary(model: AlertModel, roomId: string, ready: readonly ModelNotice[]): QueueContents {
  const since = (rows: readonly ModelNotice[]) => Math.min(...rows.map(({ queuedAt }) => queuedAt));
  const urgent = ready.filter(({ kind }) => isStandalone(kind));
  const group = ready.filter(({ kind }) => !isStandalone(kind));
  const opensAlert = ({ kind }: ModelNotice) => kind === "alert" || kind === "reopen";
  const isRegressed = (row: ModelNotice) =>
    model.alerts.some((alert) => alert.id === row.alertId && isRegression(alert));
  return {
    ...(urgent.length > 0 && { urgentAt: since(urgent) }),
    ...(group.length > 0 && { groupAt: since(group) }),
    possiblySent: ready.some(({ possiblySent }) => possiblySent),
    hasRegression: group.some((row) => opensAlert(row) && isRegressed(row)),
    isQuiet: !model.notified.some((one) => one.roomId === roomId && one.state === "open"),
  };
}

/** A summary notice and a reminder are about all alerts that they stand for; other messages about those of their notices. */
function alertsInMessage(model: AlertModel, roomId: string, notices: readonly ModelNotice[]): readonly Alert[] {
  const room = model.rooms.find((one) => one.roomId === roomId);
  if (room === undefined) return [];
  if (notices.some(({ kind }) => kind === "reminder")) return dueReminders(model, room);
  const hasSummaryNotice = notices.some(({ kind }) => isSummaryNotice(kind));
  return model.alerts.filter((alert) =>
    hasSummaryNotice
      ? desiredState(alertContext(model, alert), room, model.now) === "open"
      : notices.some(({ alertId }) => alertId === alert.id),
  );
}

/** The state of this alert that the space was told, after the message. */
function notifiedAfter(
  model: AlertModel,
  { roomId, notices, claimedAt }: OutgoingMessage,
  alert: Alert,
): NotifiedState {
  const known = notifiedOf(model, roomId, alert.id);
  const { remindMs } = model.timings;
  const isReminder = notices.some(({ kind }) => kind === "reminder");
  const isOpening = known === undefined || known.state === "closed";
  const reminded = isOpening ? 0 : known.reminded + (isReminder ? 1 : 0);
  const isCounted = isOpening || isReminder;
  return {
    roomId,
    alertId: alert.id,
    state: notifiedStateOf(alert),
    generation: alert.generation,
    failures: alert.failures,
    messageId: known?.messageId ?? `m${claimedAt}`,
    edits: 0,
    notifiedAt: isOpening ? model.now : known.notifiedAt,
    reminded,
    remindAt: isCounted ? nextReminderAt({ at: model.now, reminded }, remindMs) : known.remindAt,
  };
}

function queueAfter(model: AlertModel, { roomId, form, notices }: OutgoingMessage): ModelQueue {
  const { lastGroupSentAt, storm } = queueOf(model, roomId);
  if (notices.every(({ kind }) => isStandalone(kind)))
    return {
      attempts: 0,
      ...(lastGroupSentAt !== undefined && { lastGroupSentAt }),
      ...(storm && { storm }),
    };
  const { now } = model;
  const isOver = notices.some(({ kind }) => kind === "storm-end");
  const begun = storm ?? { since: now, messageId: `m${now}`, lastAt: now };
  const goesOn = form === "storm" ? { ...begun, lastAt: now } : storm;
  return { attempts: 0, lastGroupSentAt: now, ...(goesOn && !isOver && { storm: goesOn }) };
}

function queueOf(model: AlertModel, roomId: string): ModelQueue {
  return model.queues[roomId] ?? { attempts: 0 };
}
