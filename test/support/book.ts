import type { Alert } from "../../src/domain/alerts/alert.ts";
import type { Sight } from "../../src/domain/alerts/blind.ts";
import { wasMuted } from "../../src/domain/alerts/mute.ts";
import { WHOLE } from "../../src/domain/customers/record.ts";
import { WHOLE_TOKEN } from "../../src/domain/customers/sweep.ts";
import type { Line, Timings } from "../../src/domain/notices/group.ts";
import { isCover, type Notice, type NoticeKind } from "../../src/domain/notices/outbox.ts";
import {
  type Announced,
  desiredOf,
  owedFor,
  type Standing,
  type WatchingRoom,
} from "../../src/domain/notices/reconcile.ts";
import { HOUR, MINUTE } from "./alerts.ts";

/**
 * All that the store keeps of alerts and notices, as one value. Every step takes a book and gives the next one, as every call
 * of the store is one transaction: whatever falls between two steps, a crash too, finds a book that is whole. The steps are
 * composed of the domain's own functions: `book-seeing.ts` reads, `book-asking.ts` is what people and time change, and
 * `book-telling.ts` sends.
 */
export interface Book {
  readonly now: number;
  readonly timings: Timings;
  /** Every one that ever was, by its number, which counts from 1. */
  readonly alerts: readonly Alert[];
  /** In which status each item of each customer was read last. */
  readonly snapshot: World;
  readonly readings: number;
  readonly sight: Sight;
  readonly awakeSince: number;
  readonly rooms: readonly WatchingRoom[];
  readonly announced: readonly Announced[];
  readonly outbox: readonly Row[];
  /** How many rows there ever were. */
  readonly rows: number;
  readonly lines: Readonly<Record<string, BookLine>>;
  /** How many notices were dropped because they cancelled out. */
  readonly transient: number;
}

/** Customers by id, each by the statuses of its items; its own is `*`. */
export type World = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface Row extends Notice {
  readonly roomId: string;
  readonly state: "pending" | "claimed" | "dead";
}

export interface BookLine extends Line {
  /** How often the next message was tried in vain, and since when. */
  readonly attempts: number;
  readonly triedSince?: number;
}

const USUAL: Timings = {
  waitMs: MINUTE / 2,
  intervalMs: 5 * MINUTE,
  reopenMs: HOUR / 2,
  remindMs: 4 * HOUR,
};

/** A book in which nothing has happened yet: nobody watches, and nothing was read. */
export function openBook(roomIds: readonly string[], timings: Partial<Timings> = {}): Book {
  return {
    now: 0,
    timings: { ...USUAL, ...timings },
    alerts: [],
    snapshot: {},
    readings: 0,
    sight: { tookMs: 0 },
    awakeSince: 0,
    announced: [],
    outbox: [],
    rows: 0,
    transient: 0,
    rooms: roomIds.map((roomId) => ({ roomId, scope: WHOLE_TOKEN, watches: [], mutes: [] })),
    lines: Object.fromEntries(roomIds.map((roomId) => [roomId, { attempts: 0 }])),
  };
}

/** Owes every space the difference between what it should believe and what it was told (ALERTS 19). */
export function settle(book: Book): Book {
  return book.rooms.reduce(
    (so, room) => book.alerts.reduce((then, alert) => settleOne(then, room, alert), so),
    book,
  );
}

/** At most one notice of an alert waits for a space: the one that the present asks for. */
function settleOne(book: Book, room: WatchingRoom, alert: Alert): Book {
  const row = waitingFor(book, room.roomId).find(({ alertId }) => alertId === alert.id);
  // What is under way, or perhaps told already, is settled when it is delivered.
  if (row?.state === "claimed" || row?.maybeSent) return book;
  const owed = isCovered(book, room) ? undefined : owedTo(book, room, alert);
  if (owed === undefined) return row === undefined ? book : cancelled(book, row);
  if (row === undefined) return owe(book, room.roomId, owed);
  if (isSame(row, owed)) return book;
  return { ...book, outbox: book.outbox.map((one) => (one === row ? { ...row, ...owed } : one)) };
}

type Owed = Pick<Notice, "kind" | "alertId" | "generation" | "says">;

/** What the rules say, whatever waits already; but what died is not owed a second time (ALERTS 26). */
function owedTo(book: Book, room: WatchingRoom, alert: Alert): Owed | undefined {
  const { roomId, mutes } = room;
  const desired = desiredOf(standingOf(book, alert), room, book.now);
  const kind = owedFor(desired, alert, told(book, roomId, alert.id));
  if (kind === undefined) return undefined;
  const isNews = kind === "alert" || kind === "reopen";
  const says = isNews && wasMuted(alert, mutes, book.now) ? { wasMuted: true } : {};
  const owed = { kind, alertId: alert.id, generation: alert.generation, says };
  const died = book.outbox.some((row) => row.state === "dead" && row.roomId === roomId && isSame(row, owed));
  return died ? undefined : owed;
}

function isSame(a: Omit<Owed, "says">, b: Omit<Owed, "says">): boolean {
  return a.kind === b.kind && a.alertId === b.alertId && a.generation === b.generation;
}

/** ALERTS 2: the customer itself is held back while one of its packages is open. */
export function standingOf(book: Book, alert: Alert): Standing {
  const { customerId, item } = alert.key;
  const isHeldBack = ({ key, state }: Alert) =>
    state !== "closed" && key.customerId === customerId && key.item !== WHOLE;
  return { alert, heldBack: item === WHOLE && book.alerts.some(isHeldBack) };
}

export function told(book: Book, roomId: string, alertId: number): Announced | undefined {
  return book.announced.find((one) => one.roomId === roomId && one.alertId === alertId);
}

/** What is owed to a space and not given up. */
export function waitingFor(book: Book, roomId: string): readonly Row[] {
  return book.outbox.filter((row) => row.roomId === roomId && row.state !== "dead");
}

/** Writes down what is owed; of what is about no single alert, once (ALERTS 26). */
export function owe(
  book: Book,
  roomId: string,
  notice: { readonly kind: NoticeKind } & Partial<Pick<Notice, "alertId" | "generation" | "says">>,
): Book {
  const isOwed = ({ kind, state }: Row) => kind === notice.kind && state === "pending";
  if (notice.alertId === undefined && waitingFor(book, roomId).some(isOwed)) return book;
  const id = book.rows + 1;
  const fresh = { alertId: 0, generation: 0, says: {}, maybeSent: false, state: "pending" } as const;
  const row: Row = { id, roomId, target: { roomId }, owedAt: book.now, ...fresh, ...notice };
  return { ...book, rows: id, outbox: [...book.outbox, row] };
}

/** While a cover waits, nothing else is owed (ALERTS 15). */
function isCovered(book: Book, { roomId }: WatchingRoom): boolean {
  return waitingFor(book, roomId).some(({ kind }) => isCover(kind));
}

function cancelled(book: Book, row: Row): Book {
  return { ...book, outbox: book.outbox.filter((one) => one !== row), transient: book.transient + 1 };
}
