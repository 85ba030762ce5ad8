import type { Alert } from "../../src/domain/alerts/alert.ts";
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
import type { Visibility } from "../../src/domain/alerts/visibility.ts";
import { CUSTOMER_ITEM } from "../../src/domain/customers/record.ts";
import { WHOLE_TOKEN } from "../../src/domain/customers/sweep.ts";
import { HOUR, MINUTE } from "./alert-fixtures.ts";

/**
 * All that the store keeps of alerts and notices, as one value. Every step takes a book and gives the next one, as every call
 * of the store is one transaction: whatever falls between two steps, a crash too, finds a book that is whole. The steps are
 * composed of the domain's own functions: `book-seeing.ts` reads, `book-asking.ts` is what people and time change, and
 * `book-telling.ts` sends.
 */
export interface AlertModel {
  readonly now: number;
  readonly timings: Timings;
  /** Every one that ever was, by its number, which counts from 1. */
  readonly alerts: readonly Alert[];
  /** In which status each item of each customer was read last. */
  readonly snapshot: CustomerStatuses;
  readonly observationCount: number;
  readonly visibility: Visibility;
  readonly startedAt: number;
  readonly rooms: readonly WatchingRoom[];
  readonly notified: readonly NotifiedState[];
  readonly outbox: readonly ModelNotice[];
  /** How many rows there ever were. */
  readonly noticeCount: number;
  readonly queues: Readonly<Record<string, ModelQueue>>;
  /** How many notices were dropped because they cancelled out. */
  readonly cancelled: number;
}

/** Customers by id, each by the statuses of its items; its own is `*`. */
export type CustomerStatuses = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface ModelNotice extends Notice {
  readonly roomId: string;
  readonly state: "pending" | "claimed" | "dead";
}

export interface ModelQueue extends RecipientQueue {
  /** How often the next message was tried in vain, and since when. */
  readonly attempts: number;
  readonly failingSince?: number;
}

const DEFAULT_TIMINGS: Timings = {
  waitMs: MINUTE / 2,
  intervalMs: 5 * MINUTE,
  reopenMs: HOUR / 2,
  remindMs: 4 * HOUR,
};

/** A book in which nothing has happened yet: nobody watches, and nothing was read. */
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

/** Owes every space the difference between what it should believe and what it was told (ALERTS 19). */
export function reconcile(book: AlertModel): AlertModel {
  return book.rooms.reduce(
    (so, room) => book.alerts.reduce((then, alert) => reconcileAlert(then, room, alert), so),
    book,
  );
}

/** At most one notice of an alert waits for a space: the one that the present asks for. */
function reconcileAlert(book: AlertModel, room: WatchingRoom, alert: Alert): AlertModel {
  const row = queuedFor(book, room.roomId).find(({ alertId }) => alertId === alert.id);
  // What is under way, or perhaps told already, is settled when it is delivered.
  if (row?.state === "claimed" || row?.possiblySent) return book;
  const owed = hasPendingSummary(book, room) ? undefined : requiredNotice(book, room, alert);
  if (owed === undefined) return row === undefined ? book : cancelled(book, row);
  if (row === undefined) return enqueue(book, room.roomId, owed);
  if (isSame(row, owed)) return book;
  return { ...book, outbox: book.outbox.map((one) => (one === row ? { ...row, ...owed } : one)) };
}

type QueuedNotice = Pick<Notice, "kind" | "alertId" | "generation" | "details">;

/** What the rules say, whatever waits already; but what died is not owed a second time (ALERTS 26). */
function requiredNotice(book: AlertModel, room: WatchingRoom, alert: Alert): QueuedNotice | undefined {
  const { roomId, mutes } = room;
  const desired = desiredState(alertContext(book, alert), room, book.now);
  const kind = noticeFor(desired, alert, notifiedOf(book, roomId, alert.id));
  if (kind === undefined) return undefined;
  const isNews = kind === "alert" || kind === "reopen";
  const details = isNews && wasMuted(alert, mutes, book.now) ? { wasMuted: true } : {};
  const owed = { kind, alertId: alert.id, generation: alert.generation, details };
  const died = book.outbox.some((row) => row.state === "dead" && row.roomId === roomId && isSame(row, owed));
  return died ? undefined : owed;
}

function isSame(a: Omit<QueuedNotice, "details">, b: Omit<QueuedNotice, "details">): boolean {
  return a.kind === b.kind && a.alertId === b.alertId && a.generation === b.generation;
}

/** ALERTS 2: the customer itself is held back while one of its packages is open. */
export function alertContext(book: AlertModel, alert: Alert): ReconcileInput {
  const { customerId, item } = alert.key;
  const isHeldBack = ({ key, state }: Alert) =>
    state !== "closed" && key.customerId === customerId && key.item !== CUSTOMER_ITEM;
  return { alert, inhibited: item === CUSTOMER_ITEM && book.alerts.some(isHeldBack) };
}

export function notifiedOf(book: AlertModel, roomId: string, alertId: number): NotifiedState | undefined {
  return book.notified.find((one) => one.roomId === roomId && one.alertId === alertId);
}

/** What is owed to a space and not given up. */
export function queuedFor(book: AlertModel, roomId: string): readonly ModelNotice[] {
  return book.outbox.filter((row) => row.roomId === roomId && row.state !== "dead");
}

/** Writes down what is owed; of what is about no single alert, once (ALERTS 26). */
export function enqueue(
  book: AlertModel,
  roomId: string,
  notice: { readonly kind: NoticeKind } & Partial<Pick<Notice, "alertId" | "generation" | "details">>,
): AlertModel {
  const isOwed = ({ kind, state }: ModelNotice) => kind === notice.kind && state === "pending";
  if (notice.alertId === undefined && queuedFor(book, roomId).some(isOwed)) return book;
  const id = book.noticeCount + 1;
  const fresh = { alertId: 0, generation: 0, details: {}, possiblySent: false, state: "pending" } as const;
  const row: ModelNotice = { id, roomId, recipient: { roomId }, queuedAt: book.now, ...fresh, ...notice };
  return { ...book, noticeCount: id, outbox: [...book.outbox, row] };
}

/** While a cover waits, nothing else is owed (ALERTS 15). */
function hasPendingSummary(book: AlertModel, { roomId }: WatchingRoom): boolean {
  return queuedFor(book, roomId).some(({ kind }) => isSummaryNotice(kind));
}

function cancelled(book: AlertModel, row: ModelNotice): AlertModel {
  return { ...book, outbox: book.outbox.filter((one) => one !== row), cancelled: book.cancelled + 1 };
}
