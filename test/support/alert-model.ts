import { type Alert, isActive } from "../../src/domain/alerts/alert.ts";
import type { RecipientQueue, Timings } from "../../src/domain/alerts/grouping.ts";
import { wasMuted } from "../../src/domain/alerts/mute.ts";
import { isSummaryNotice, type Notice, type NoticeKind } from "../../src/domain/alerts/notice.ts";
import {
  desiredState,
  type NotifiedState,
  noticeFor,
  type ReconcileInput,
  type WatchingRoom,
} from "../../src/domain/alerts/reconcile.ts";
import { shortAlertOf } from "../../src/domain/alerts/short-alerts.ts";
import type { Visibility } from "../../src/domain/alerts/visibility.ts";
import { CUSTOMER_ITEM } from "../../src/domain/customers/record.ts";
import { WHOLE_TOKEN } from "../../src/domain/customers/sweep.ts";
import { HOUR, MINUTE } from "./time.ts";

/**
 * A model of the database: all alerts and notices as one value. Each step returns a new model, as each call of the store is one
 * transaction. The steps use the rules of the domain; they are in `alert-model-observing.ts` (the API), `-commands.ts` (people
 * and time) and `-delivery.ts` (messages).
 */
export interface AlertModel {
  readonly now: number;
  readonly timings: Timings;
  /** All alerts, also closed ones, by number from 1. */
  readonly alerts: readonly Alert[];
  /** The status of each item at its last reading. */
  readonly snapshot: CustomerStatuses;
  readonly observationCount: number;
  readonly visibility: Visibility;
  readonly startedAt: number;
  readonly rooms: readonly WatchingRoom[];
  readonly notified: readonly NotifiedState[];
  readonly outbox: readonly ModelNotice[];
  /** The number of rows so far, including deleted ones. */
  readonly noticeCount: number;
  readonly queues: Readonly<Record<string, ModelQueue>>;
  /** The number of notices that were dropped because their difference was gone. */
  readonly cancelled: number;
}

/** By customer id, the status of each item; that of the customer itself is `*`. */
export type CustomerStatuses = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface ModelNotice extends Notice {
  readonly roomId: string;
  /** `held` waits until its alert is not healing any more. */
  readonly state: "held" | "pending" | "claimed" | "dead";
}

export interface ModelQueue extends RecipientQueue {
  /** The failed tries of the next message, and the time of the first one. */
  readonly attempts: number;
  readonly failingSince?: number;
}

const DEFAULT_TIMINGS: Timings = {
  waitMs: MINUTE / 2,
  intervalMs: 5 * MINUTE,
  reopenMs: HOUR / 2,
  remindMs: 4 * HOUR,
};

export function createAlertModel(roomIds: readonly string[], timings: Partial<Timings> = {}): AlertModel {
  return {
    now: 0,
    timings: { ...DEFAULT_TIMINGS, ...timings },
    alerts: [],
    snapshot: {},
    observationCount: 0,
    visibility: { tookMs: 0 },
    startedAt: 0,
    notified: [],
    outbox: [],
    noticeCount: 0,
    cancelled: 0,
    rooms: roomIds.map((roomId) => ({ roomId, scope: WHOLE_TOKEN, watches: [], mutes: [] })),
    queues: Object.fromEntries(roomIds.map((roomId) => [roomId, { attempts: 0 }])),
  };
}

/** Compares desired with notified for each space and alert, and updates the outbox (ALERTS 19). */
export function reconcile(model: AlertModel): AlertModel {
  return model.rooms.reduce(
    (so, room) => model.alerts.reduce((then, alert) => reconcileAlert(then, room, alert), so),
    model,
  );
}

/** At most one notice about an alert waits for a space. */
function reconcileAlert(model: AlertModel, room: WatchingRoom, alert: Alert): AlertModel {
  const row = queuedForAlert(model, room, alert);
  // `delivered` reconciles notices that are claimed or possibly sent.
  if (row?.state === "claimed" || row?.possiblySent) return model;
  const hasSummary = hasPendingSummary(model, room);
  const required = hasSummary ? undefined : requiredNotice(model, room, alert);
  if (row === undefined) return required === undefined ? model : enqueue(model, room.roomId, required);
  if (!hasSummary && hasPassed(row, alert)) {
    const passed = named(model, row, alert);
    return required === undefined ? passed : enqueue(passed, room.roomId, { ...required, queuedAt: row.queuedAt });
  }
  if (required === undefined) return cancelled(model, row);
  return isUnchanged(row, required) ? model : replaceRow(model, row, { ...row, ...required });
}

function queuedForAlert(model: AlertModel, { roomId }: WatchingRoom, { id }: Alert): ModelNotice | undefined {
  return queuedFor(model, roomId).find(({ alertId, kind }) => alertId === id && kind !== "came-and-went");
}

function isUnchanged(row: ModelNotice, required: QueuedNotice): boolean {
  return isSame(row, required) && row.state === required.state;
}

/** The next message names the alert of this row as one that came and went. */
function named(model: AlertModel, row: ModelNotice, alert: Alert): AlertModel {
  const went = { kind: "came-and-went", generation: alert.generation, queuedAt: model.now } as const;
  const details = { cameAndWent: shortAlertOf(alert) };
  return replaceRow(model, row, { ...row, ...went, details, state: "pending" });
}

/** An alert, a re-opening or flapping whose alert was over before it was told: it came and went (ALERTS 20). */
function hasPassed({ kind }: ModelNotice, alert: Alert): boolean {
  return ["alert", "reopen", "flapping"].includes(kind) && !isActive(alert);
}

function replaceRow(model: AlertModel, row: ModelNotice, next: ModelNotice): AlertModel {
  return { ...model, outbox: model.outbox.map((one) => (one === row ? next : one)) };
}

type QueuedNotice = Pick<ModelNotice, "kind" | "alertId" | "generation" | "details" | "state">;

/** The notice that the rules require; none if the same notice is dead (ALERTS 26, 29). */
function requiredNotice(model: AlertModel, room: WatchingRoom, alert: Alert): QueuedNotice | undefined {
  const { roomId, mutes } = room;
  const desired = desiredState(alertContext(model, alert), room, model.now);
  const kind = noticeFor(desired, alert, notifiedOf(model, roomId, alert.id));
  if (kind === undefined) return undefined;
  const isNews = kind === "alert" || kind === "reopen" || kind === "flapping";
  const details = isNews && wasMuted(alert, mutes, model.now) ? { wasMuted: true } : {};
  // A notice that the space did not get yet waits while its alert is healing (ALERTS 20).
  const isHeld = (kind === "alert" || kind === "reopen") && alert.state === "healing";
  const state = isHeld ? ("held" as const) : ("pending" as const);
  const required = { kind, alertId: alert.id, generation: alert.generation, details, state };
  const died = model.outbox.some((row) => row.state === "dead" && row.roomId === roomId && isSame(row, required));
  return died ? undefined : required;
}

type NoticeName = Pick<Notice, "kind" | "alertId" | "generation">;

function isSame(a: NoticeName, b: NoticeName): boolean {
  return a.kind === b.kind && a.alertId === b.alertId && a.generation === b.generation;
}

/** ALERTS 2. */
export function alertContext(model: AlertModel, alert: Alert): ReconcileInput {
  const { customerId, item } = alert.key;
  const isInhibiting = ({ key, state }: Alert) =>
    state !== "closed" && key.customerId === customerId && key.item !== CUSTOMER_ITEM;
  return { alert, inhibited: item === CUSTOMER_ITEM && model.alerts.some(isInhibiting) };
}

export function notifiedOf(model: AlertModel, roomId: string, alertId: number): NotifiedState | undefined {
  return model.notified.find((one) => one.roomId === roomId && one.alertId === alertId);
}

/** The notices of a space, without dead ones. */
export function queuedFor(model: AlertModel, roomId: string): readonly ModelNotice[] {
  return model.outbox.filter((row) => row.roomId === roomId && row.state !== "dead");
}

/** Adds a row. A notice that is not about one alert is added only once (ALERTS 26). */
export function enqueue(
  model: AlertModel,
  roomId: string,
  notice: { readonly kind: NoticeKind } & Partial<
    Pick<ModelNotice, "alertId" | "generation" | "details" | "state" | "queuedAt">
  >,
): AlertModel {
  const isQueued = ({ kind, state }: ModelNotice) => kind === notice.kind && state === "pending";
  if (notice.alertId === undefined && queuedFor(model, roomId).some(isQueued)) return model;
  const id = model.noticeCount + 1;
  const fresh = { alertId: 0, generation: 0, details: {}, possiblySent: false, state: "pending" } as const;
  const row: ModelNotice = { id, roomId, recipient: { roomId }, queuedAt: model.now, ...fresh, ...notice };
  return { ...model, noticeCount: id, outbox: [...model.outbox, row] };
}

/** ALERTS 15. */
function hasPendingSummary(model: AlertModel, { roomId }: WatchingRoom): boolean {
  return queuedFor(model, roomId).some(({ kind }) => isSummaryNotice(kind));
}

function cancelled(model: AlertModel, row: ModelNotice): AlertModel {
  return { ...model, outbox: model.outbox.filter((one) => one !== row), cancelled: model.cancelled + 1 };
}
