import { type Alert, isActive, withoutInhibited } from "../alerts/alert.ts";
import { isWatched } from "../alerts/watch.ts";
import type { RoomAlertState } from "../ports/alerting.ts";
import type { ReplyContext } from "./reply.ts";

/** Alerts of the scope of a space, and which of them concern it. */
export interface SpaceAlerts {
  readonly all: readonly Alert[];
  /** The alerts that the space watches or was told of; all, where it watches nothing. */
  readonly own: readonly Alert[];
  readonly room: RoomAlertState;
}

/** The alerts that are open or flap, oldest first: what `alerts` lists, and `ack all` acknowledges. */
export async function openAlerts(context: ReplyContext): Promise<SpaceAlerts> {
  return ofSpace(withoutInhibited(await context.alerts.active(context.scope)), context);
}

/** The alerts that ended at `since` or later, newest first. One that flaps is not over (ALERTS 13). */
export async function endedAlerts(context: ReplyContext, since: number): Promise<SpaceAlerts> {
  const changed = await context.alerts.changedSince(context.scope, since);
  const ended = changed.filter((alert) => !isActive(alert) && endOf(alert) >= since);
  return ofSpace(
    ended.sort((a, b) => endOf(b) - endOf(a) || b.id - a.id),
    context,
  );
}

const endOf = ({ closedAt = 0 }: Alert): number => closedAt;

/** The alerts that changed at `since` or later or are open, oldest first. */
export async function changedOrOpenAlerts(context: ReplyContext, since: number): Promise<SpaceAlerts> {
  const { alerts, scope } = context;
  const candidates = [...(await alerts.changedSince(scope, since)), ...(await alerts.active(scope))];
  const byId = new Map(candidates.map((alert) => [alert.id, alert]));
  return ofSpace(withoutInhibited([...byId.values()].sort((a, b) => a.id - b.id)), context);
}

async function ofSpace(all: readonly Alert[], { alerts, roomId, clock }: ReplyContext): Promise<SpaceAlerts> {
  const now = clock();
  const room = await alerts.roomState(roomId);
  const { watches } = room;
  if (watches.length === 0) return { all, own: all, room };
  const told = new Set(room.notified.map(({ alertId }) => alertId));
  const isOwn = (alert: Alert) => told.has(alert.id) || watches.some((watch) => isWatched(watch, alert, now));
  return { all, own: all.filter(isOwn), room };
}
