import { type Alert, isActive } from "../../src/domain/alerts/alert.ts";
import { isUnattended } from "../../src/domain/alerts/due-times.ts";
import { isSummaryNotice } from "../../src/domain/alerts/notice.ts";
import { desiredState, type WatchingRoom } from "../../src/domain/alerts/reconcile.ts";
import { detectOutage, outageAfterNotice } from "../../src/domain/alerts/visibility.ts";
import type { AlertChange } from "../../src/domain/ports/alerting.ts";
import { type AlertModel, alertContext, enqueue, notifiedOf, reconcile } from "./alert-model.ts";
import { MINUTE } from "./time.ts";

type UserCommand = Extract<AlertChange, { kind: "watch" | "unwatch" | "ack" | "mute" | "unmute" }>;

export function applyCommand(model: AlertModel, roomId: string, command: UserCommand): AlertModel {
  const edit = (of: (room: WatchingRoom) => Partial<WatchingRoom>): AlertModel => ({
    ...model,
    rooms: model.rooms.map((room) => (room.roomId === roomId ? { ...room, ...of(room) } : room)),
  });
  switch (command.kind) {
    case "watch": {
      const { kind: _, ...watch } = command;
      const added = edit(({ watches }) => ({
        watches: [...watches, { ...watch, roomId, number: (watches.at(-1)?.number ?? 0) + 1, since: model.now }],
      }));
      return reconcile(enqueue(added, roomId, { kind: "baseline" }));
    }
    case "unwatch":
      return reconcile(
        dropSummaryNotices(
          edit(({ watches }) => ({ watches: watches.filter(({ number }) => number !== command.number) })),
        ),
      );
    case "mute":
      return reconcile(
        edit(({ mutes }) => ({ mutes: [...mutes, { ...command.mute, roomId, number: mutes.length + 1 }] })),
      );
    case "unmute":
      return reconcile(
        edit(({ mutes }) => ({
          mutes: mutes.map((mute) =>
            mute.number === command.number && mute.until > model.now ? { ...mute, until: model.now } : mute,
          ),
        })),
      );
    case "ack":
      return { ...model, alerts: model.alerts.map((alert) => acknowledged(alert, command)) };
  }
}

function acknowledged(alert: Alert, { alerts, ack }: Extract<UserCommand, { kind: "ack" }>): Alert {
  return alerts.includes(alert.id) && isActive(alert) && alert.ack === undefined ? { ...alert, ack } : alert;
}

/** A space without watches gets no baseline. */
function dropSummaryNotices(model: AlertModel): AlertModel {
  const idle = model.rooms.filter(({ watches }) => watches.length === 0).map(({ roomId }) => roomId);
  const isStale = ({ kind, state, possiblySent, roomId }: AlertModel["outbox"][number]) =>
    isSummaryNotice(kind) && state === "pending" && !possiblySent && idle.includes(roomId);
  return { ...model, outbox: model.outbox.filter((row) => !isStale(row)) };
}

const PERIOD_MS = 5 * MINUTE;
/** ALERTS 21. */
const STORM_QUIET_MS = 10 * MINUTE;

/** Does what is due by time alone until `now`: outages, ends of mutes and storms, reminders (ALERTS 21 to 23, 31). */
export function advanceTo(before: AlertModel, now = before.now): AlertModel {
  const model = reconcile(applyOutage({ ...before, now }));
  return model.rooms.reduce<AlertModel>((so, room) => {
    const { storm } = model.queues[room.roomId] ?? {};
    const isOver = storm !== undefined && now - storm.lastAt >= STORM_QUIET_MS;
    const calm = isOver ? enqueue(so, room.roomId, { kind: "storm-end" }) : so;
    return dueReminders(model, room).length > 0 ? enqueue(calm, room.roomId, { kind: "reminder" }) : calm;
  }, model);
}

/** The alerts that a space must be reminded of now (ALERTS 22). */
export function dueReminders(model: AlertModel, room: WatchingRoom): readonly Alert[] {
  return model.alerts.filter((alert) => {
    const known = notifiedOf(model, room.roomId, alert.id);
    if (known?.state !== "open" || known.remindAt > model.now || !isUnattended(alert)) return false;
    return desiredState(alertContext(model, alert), room, model.now) === "open";
  });
}

function applyOutage(model: AlertModel): AlertModel {
  const { now, startedAt: runningSince, visibility } = model;
  const outage = detectOutage(visibility, { now, runningSince, sweepIntervalMs: PERIOD_MS });
  if (outage === undefined || outage.nextNoticeAt > now) return model;
  const known = { ...model, visibility: { ...visibility, outage: outageAfterNotice(outage, now) } };
  const watching = model.rooms.filter(({ watches }) => watches.length > 0);
  return watching.reduce<AlertModel>((so, { roomId }) => enqueue(so, roomId, { kind: "outage" }), known);
}
