import { type Alert, isActive } from "../../src/domain/alerts/alert.ts";
import { isSummaryNotice } from "../../src/domain/alerts/notice.ts";
import { desiredState, type WatchingRoom } from "../../src/domain/alerts/reconcile.ts";
import { isUnattended } from "../../src/domain/alerts/schedule.ts";
import { detectOutage, outageAfterNotice } from "../../src/domain/alerts/visibility.ts";
import type { AlertChange } from "../../src/domain/ports/alerting.ts";
import { MINUTE } from "./alert-fixtures.ts";
import { type AlertModel, alertContext, enqueue, notifiedOf, reconcile } from "./alert-model.ts";

/** What people arrange in a book, and what time alone brings. */

type UserCommand = Extract<AlertChange, { kind: "watch" | "unwatch" | "ack" | "mute" | "unmute" }>;

export function applyCommand(book: AlertModel, roomId: string, asked: UserCommand): AlertModel {
  const edit = (of: (room: WatchingRoom) => Partial<WatchingRoom>): AlertModel => ({
    ...book,
    rooms: book.rooms.map((room) => (room.roomId === roomId ? { ...room, ...of(room) } : room)),
  });
  switch (asked.kind) {
    case "watch": {
      const { kind: _, ...watch } = asked;
      const added = edit(({ watches }) => ({
        watches: [...watches, { ...watch, roomId, number: (watches.at(-1)?.number ?? 0) + 1, since: book.now }],
      }));
      return reconcile(enqueue(added, roomId, { kind: "baseline" }));
    }
    case "unwatch":
      return reconcile(
        dropSummaryNotices(
          edit(({ watches }) => ({ watches: watches.filter(({ number }) => number !== asked.number) })),
        ),
      );
    case "mute":
      return reconcile(
        edit(({ mutes }) => ({ mutes: [...mutes, { ...asked.mute, roomId, number: mutes.length + 1 }] })),
      );
    case "unmute":
      return reconcile(
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
function acknowledged(alert: Alert, { alerts, ack }: Extract<UserCommand, { kind: "ack" }>): Alert {
  return alerts.includes(alert.id) && isActive(alert) && alert.ack === undefined ? { ...alert, ack } : alert;
}

/** Who watches nothing any more is not told what is in error. */
function dropSummaryNotices(book: AlertModel): AlertModel {
  const idle = book.rooms.filter(({ watches }) => watches.length === 0).map(({ roomId }) => roomId);
  const isStale = ({ kind, state, possiblySent, roomId }: AlertModel["outbox"][number]) =>
    isSummaryNotice(kind) && state === "pending" && !possiblySent && idle.includes(roomId);
  return { ...book, outbox: book.outbox.filter((row) => !isStale(row)) };
}

const PERIOD_MS = 5 * MINUTE;
/** ALERTS 21. */
const STORM_QUIET_MS = 10 * MINUTE;

/** Blindness, the ends of mutes and storms, reminders (ALERTS 21 to 23, 31), as of `now`. */
export function advanceTo(before: AlertModel, now = before.now): AlertModel {
  const book = reconcile(applyOutage({ ...before, now }));
  return book.rooms.reduce<AlertModel>((so, room) => {
    const { storm } = book.queues[room.roomId] ?? {};
    const isOver = storm !== undefined && now - storm.lastAt >= STORM_QUIET_MS;
    const calm = isOver ? enqueue(so, room.roomId, { kind: "storm-end" }) : so;
    return dueReminders(book, room).length > 0 ? enqueue(calm, room.roomId, { kind: "reminder" }) : calm;
  }, book);
}

/** What a space is to be reminded of now: nothing that it should not be told. */
export function dueReminders(book: AlertModel, room: WatchingRoom): readonly Alert[] {
  return book.alerts.filter((alert) => {
    const known = notifiedOf(book, room.roomId, alert.id);
    if (known === undefined || known.remindAt > book.now || !isUnattended(alert, known)) return false;
    return desiredState(alertContext(book, alert), room, book.now) === "open";
  });
}

function applyOutage(book: AlertModel): AlertModel {
  const { now, startedAt: runningSince, visibility } = book;
  const blind = detectOutage(visibility, { now, runningSince, sweepIntervalMs: PERIOD_MS });
  if (blind === undefined || blind.nextNoticeAt > now) return book;
  const known = { ...book, visibility: { ...visibility, outage: outageAfterNotice(blind, now) } };
  const listening = book.rooms.filter(({ watches }) => watches.length > 0);
  return listening.reduce<AlertModel>((so, { roomId }) => enqueue(so, roomId, { kind: "outage" }), known);
}
