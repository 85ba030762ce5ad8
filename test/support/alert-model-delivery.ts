import type { Alert } from "../../src/domain/alerts/alert.ts";
import { afterDeliveryFailure, type DeliveryFailure } from "../../src/domain/alerts/delivery-policy.ts";
import { nextReminderAt } from "../../src/domain/alerts/due-times.ts";
import { codesText } from "../../src/domain/alerts/error-codes.ts";
import {
  allNotices,
  dueContext,
  isRegression,
  isToldByStorm,
  type MessagePlan,
  nextDueAt,
  type PlanContext,
  planMessage,
  type QueueContents,
} from "../../src/domain/alerts/grouping.ts";
import { activeMute } from "../../src/domain/alerts/mute.ts";
import { isStandalone, isSummaryNotice } from "../../src/domain/alerts/notice.ts";
import { desiredState, type NotifiedState, notifiedStateOf } from "../../src/domain/alerts/reconcile.ts";
import { isOpening, type StormLane, type StormPlan, stormAfter } from "../../src/domain/alerts/storm.ts";
import {
  type AlertModel,
  alertContext,
  type ModelNotice,
  type ModelQueue,
  notifiedOf,
  queuedFor,
  reconcile,
} from "./alert-model.ts";
import { dueReminders, isToBeKnown } from "./alert-model-commands.ts";

/** A claimed message. Any step may come between `claim`, the POST and `delivered` (ALERTS 28). */
export interface OutgoingMessage {
  readonly roomId: string;
  readonly form: MessagePlan["form"];
  readonly storm?: StormPlan;
  readonly notices: readonly ModelNotice[];
  /** The alerts that came and went, and that the message names besides (ALERTS 20). */
  readonly cameAndWent: readonly ModelNotice[];
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
  const model = withoutMuted(reconcile(before), roomId);
  const rows = queuedFor(model, roomId);
  if (rows.some(({ state }) => state === "claimed")) return { model };
  // Before the first complete sweep, a baseline cannot name what is in error.
  const ready = rows
    .filter(({ state }) => state !== "held")
    .filter(({ kind }) => !isSummaryNotice(kind) || model.visibility.completeAt !== undefined);
  const queue = queueOf(model, roomId);
  const known = planContext(model, roomId);
  const contents = waitingSummary(model, roomId, ready);
  const due = nextDueAt(queue, contents, model.timings, model.now);
  const plan = planMessage(ready, { ...known, ...dueContext(queue, contents, model.timings, model.now) });
  if (due === undefined || due > model.now || plan === undefined) return { model };
  const nextWindow = (queue.lastGroupSentAt ?? Number.NEGATIVE_INFINITY) + model.timings.intervalMs;
  const named = new Set(plan.notices.map(({ id }) => id));
  const notices = ready.filter(({ id }) => named.has(id));
  const ids = new Set(allNotices(plan).map(({ id }) => id));
  const cameAndWent = ready.filter(({ id }) => ids.has(id) && !named.has(id));
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
      ...(plan.storm && { storm: plan.storm }),
      notices,
      cameAndWent,
      alerts,
      notified: model.notified.filter(isTold),
      claimedAt: model.now,
      skippedWindow: model.now < nextWindow,
    },
  };
}

/** Without the notices of alerts that came and went and are muted now (ALERTS 20). */
function withoutMuted(model: AlertModel, roomId: string): AlertModel {
  const mutes = model.rooms.find((room) => room.roomId === roomId)?.mutes ?? [];
  const isMuted = ({ kind, alertId, possiblySent, ...row }: ModelNotice) =>
    kind === "came-and-went" &&
    !possiblySent &&
    row.roomId === roomId &&
    row.state === "pending" &&
    model.alerts.some((alert) => alert.id === alertId && activeMute(alert, mutes, model.now) !== undefined);
  return { ...model, outbox: model.outbox.filter((row) => !isMuted(row)) };
}

/** Records a posted message and reconciles again (ALERTS 28). */
export function delivered(model: AlertModel, sending: OutgoingMessage): AlertModel {
  const { roomId, alerts } = sending;
  const states = alerts.map((alert) => notifiedAfter(model, sending, alert));
  const isReplaced = (one: NotifiedState) =>
    states.some(({ alertId }) => one.roomId === roomId && one.alertId === alertId);
  const sentIds = new Set(allNotices(sending).map(({ id }) => id));
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
  { roomId, notices, cameAndWent }: OutgoingMessage,
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
  const ids = new Set([...notices, ...cameAndWent].map(({ id }) => id));
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
  const short = ready.filter(({ kind }) => kind === "came-and-went");
  const urgent = ready.filter(({ kind }) => isStandalone(kind) && kind !== "came-and-went");
  const known = planContext(model, roomId);
  const isTold = (row: ModelNotice) => known.storm !== undefined && isToldByStorm(row, known);
  const group = ready.filter((row) => !isStandalone(row.kind) && !isTold(row));
  const ofStorm = ready.filter((row) => !isStandalone(row.kind) && isTold(row));
  const opensAlert = ({ kind }: ModelNotice) => kind === "alert" || kind === "reopen";
  const isRegressed = (row: ModelNotice) =>
    model.alerts.some((alert) => alert.id === row.alertId && isRegression(alert));
  return {
    ...(urgent.length > 0 && { urgentAt: since(urgent) }),
    ...(group.length > 0 && { groupAt: since(group) }),
    ...(ofStorm.length > 0 && { lane: stormLane(ofStorm) }),
    ...(short.length > 0 && { cameAndWentAt: since(short) }),
    hasRepeats: ready.some(({ possiblySent }) => possiblySent),
    hasRegression: group.some((row) => opensAlert(row) && isRegressed(row)),
    isQuiet: !model.notified.some((one) => one.roomId === roomId && one.state === "open"),
  };
}

/** What the space was told decides whether a storm tells a notice (ALERTS 21). The crowd is too small for 20 of one code. */
function planContext(model: AlertModel, roomId: string): PlanContext {
  const { storm } = queueOf(model, roomId);
  return {
    ...(storm && { storm }),
    isGroupDue: true,
    recent: [],
    alertOf: ({ alertId }) => model.alerts.find(({ id }) => id === alertId),
    notifiedOf: ({ alertId }) => notifiedOf(model, roomId, alertId),
  };
}

export function stormLane(rows: readonly ModelNotice[]): StormLane {
  const [newest] = rows.filter(isOpening).toSorted((a, b) => b.queuedAt - a.queuedAt);
  const [oldest] = rows.filter(({ kind }) => kind !== "storm-end").toSorted((a, b) => a.queuedAt - b.queuedAt);
  const end = rows.find(({ kind }) => kind === "storm-end");
  return {
    opened: rows.filter(({ kind }) => kind === "alert").length,
    ...(newest && { newestAt: newest.queuedAt }),
    ...(oldest && { oldestAt: oldest.queuedAt }),
    ...(end && { endQueuedAt: end.queuedAt }),
  };
}

/** A summary notice and a reminder are about all alerts that they stand for; other messages about those of their notices. */
function alertsInMessage(model: AlertModel, roomId: string, notices: readonly ModelNotice[]): readonly Alert[] {
  const room = model.rooms.find((one) => one.roomId === roomId);
  if (room === undefined || notices.some(({ kind }) => kind === "came-and-went")) return [];
  if (notices.some(({ kind }) => kind === "reminder")) return dueReminders(model, room);
  const hasSummaryNotice = notices.some(({ kind }) => isSummaryNotice(kind));
  return model.alerts.filter((alert) =>
    hasSummaryNotice
      ? isToBeKnown(desiredState(alertContext(model, alert), room, model.now))
      : notices.some(({ alertId }) => alertId === alert.id),
  );
}

/** The state of this alert that the space was told, after the message. */
function notifiedAfter(model: AlertModel, sending: OutgoingMessage, alert: Alert): NotifiedState {
  const { roomId, notices } = sending;
  const known = notifiedOf(model, roomId, alert.id);
  const { remindMs } = model.timings;
  const isReminder = notices.some(({ kind }) => kind === "reminder");
  const isNew = known === undefined || known.state === "closed";
  const reminded = isNew ? 0 : known.reminded + (isReminder ? 1 : 0);
  const isCounted = isNew || isReminder;
  const root = rootOf(model, sending);
  const isOpened = notices.some((row) => row.alertId === alert.id && isOpening(row));
  const storm = isOpened ? sending.storm && root : known?.storm;
  return {
    roomId,
    alertId: alert.id,
    state: notifiedStateOf(alert),
    generation: alert.generation,
    failures: alert.failures,
    badSince: alert.badSince,
    codes: codesText(alert),
    messageId: known?.messageId ?? root,
    ...(storm !== undefined && { storm }),
    notifiedAt: isNew ? model.now : known.notifiedAt,
    reminded,
    remindAt: isCounted ? nextReminderAt({ at: model.now, reminded }, remindMs) : known.remindAt,
  };
}

/** The first summary of a storm is the root of everything that the storm tells. */
function rootOf(model: AlertModel, { roomId, claimedAt, storm }: OutgoingMessage): string {
  const { storm: lasting } = queueOf(model, roomId);
  return storm === undefined || lasting === undefined ? `m${claimedAt}` : lasting.messageId;
}

function queueAfter(model: AlertModel, sending: OutgoingMessage): ModelQueue {
  const { roomId, notices, claimedAt } = sending;
  const { lastGroupSentAt, storm } = queueOf(model, roomId);
  if (notices.every(({ kind }) => isStandalone(kind) && kind !== "came-and-went"))
    return {
      attempts: 0,
      ...(lastGroupSentAt !== undefined && { lastGroupSentAt }),
      ...(storm && { storm }),
    };
  const { now } = model;
  const told = new Set([...notices.map(({ alertId }) => alertId), ...stormAlertIds(model, roomId)]).size;
  const next = stormAfter(storm, sending, { messageId: `m${claimedAt}`, now, told });
  const isEdit = sending.storm?.step === "edit";
  const last = isEdit ? lastGroupSentAt : now;
  return { attempts: 0, ...(last !== undefined && { lastGroupSentAt: last }), ...(next && { storm: next }) };
}

function stormAlertIds(model: AlertModel, roomId: string): readonly number[] {
  const { storm } = queueOf(model, roomId);
  return model.notified.flatMap((one) =>
    storm !== undefined && one.roomId === roomId && [one.messageId, one.storm].includes(storm.messageId)
      ? [one.alertId]
      : [],
  );
}

function queueOf(model: AlertModel, roomId: string): ModelQueue {
  return model.queues[roomId] ?? { attempts: 0 };
}
