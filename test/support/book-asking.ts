import type { AlertChange } from "../../src/domain/alerting.ts";
import { type Alert, isActive } from "../../src/domain/alerts/alert.ts";
import { blindnessOf, toldBlind } from "../../src/domain/alerts/blind.ts";
import { isCover } from "../../src/domain/notices/outbox.ts";
import { desiredOf, type WatchingRoom } from "../../src/domain/notices/reconcile.ts";
import { isUnattended } from "../../src/domain/notices/remind.ts";
import { MINUTE } from "./alerts.ts";
import { type Book, owe, settle, standingOf, told } from "./book.ts";

/** What people arrange in a book, and what time alone brings. */

type Change = Extract<AlertChange, { kind: "watch" | "unwatch" | "ack" | "mute" | "unmute" }>;

export function change(book: Book, roomId: string, asked: Change): Book {
  const edit = (of: (room: WatchingRoom) => Partial<WatchingRoom>): Book => ({
    ...book,
    rooms: book.rooms.map((room) => (room.roomId === roomId ? { ...room, ...of(room) } : room)),
  });
  switch (asked.kind) {
    case "watch": {
      const { kind: _, ...watch } = asked;
      const added = edit(({ watches }) => ({
        watches: [
          ...watches,
          { ...watch, roomId, number: (watches.at(-1)?.number ?? 0) + 1, since: book.now },
        ],
      }));
      return settle(owe(added, roomId, { kind: "baseline" }));
    }
    case "unwatch":
      return settle(
        uncovered(
          edit(({ watches }) => ({ watches: watches.filter(({ number }) => number !== asked.number) })),
        ),
      );
    case "mute":
      return settle(
        edit(({ mutes }) => ({ mutes: [...mutes, { ...asked.mute, roomId, number: mutes.length + 1 }] })),
      );
    case "unmute":
      return settle(
        edit(({ mutes }) => ({
          mutes: mutes.map((mute) =>
            mute.number === asked.number && mute.until > book.now ? { ...mute, until: book.now } : mute,
          ),
        })),
      );
    case "ack":
      return { ...book, alerts: book.alerts.map((alert) => acknowledged(alert, asked)) };
  }
}

/** ALERTS 22: one that is taken already stays with whoever has it. */
function acknowledged(alert: Alert, { alerts, ack }: Extract<Change, { kind: "ack" }>): Alert {
  return alerts.includes(alert.id) && isActive(alert) && alert.ack === undefined ? { ...alert, ack } : alert;
}

/** Who watches nothing any more is not told what is in error. */
function uncovered(book: Book): Book {
  const idle = book.rooms.filter(({ watches }) => watches.length === 0).map(({ roomId }) => roomId);
  const isStale = ({ kind, state, maybeSent, roomId }: Book["outbox"][number]) =>
    isCover(kind) && state === "pending" && !maybeSent && idle.includes(roomId);
  return { ...book, outbox: book.outbox.filter((row) => !isStale(row)) };
}

const PERIOD_MS = 5 * MINUTE;
/** ALERTS 21. */
const STORM_QUIET_MS = 10 * MINUTE;

/** Blindness, the ends of mutes and storms, reminders (ALERTS 21 to 23, 31), as of `now`. */
export function tick(before: Book, now = before.now): Book {
  const book = settle(blinded({ ...before, now }));
  return book.rooms.reduce<Book>((so, room) => {
    const { storm } = book.lines[room.roomId] ?? {};
    const isOver = storm !== undefined && now - storm.lastAt >= STORM_QUIET_MS;
    const calm = isOver ? owe(so, room.roomId, { kind: "storm-end" }) : so;
    return unattended(book, room).length > 0 ? owe(calm, room.roomId, { kind: "reminder" }) : calm;
  }, book);
}

/** What a space is to be reminded of now: nothing that it should not be told. */
export function unattended(book: Book, room: WatchingRoom): readonly Alert[] {
  return book.alerts.filter((alert) => {
    const known = told(book, room.roomId, alert.id);
    if (known === undefined || known.remindAt > book.now || !isUnattended(alert, known)) return false;
    return desiredOf(standingOf(book, alert), room, book.now) === "open";
  });
}

function blinded(book: Book): Book {
  const { now, awakeSince, sight } = book;
  const blind = blindnessOf(sight, { now, awakeSince, periodMs: PERIOD_MS });
  if (blind === undefined || blind.tellAt > now) return book;
  const known = { ...book, sight: { ...sight, blind: toldBlind(blind, now) } };
  const listening = book.rooms.filter(({ watches }) => watches.length > 0);
  return listening.reduce<Book>((so, { roomId }) => owe(so, roomId, { kind: "blind" }), known);
}
