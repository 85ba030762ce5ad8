import { setImmediate } from "node:timers/promises";
import type { Alert } from "../domain/alerts/alert.ts";
import type { WatchingRoom } from "../domain/alerts/reconcile.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import { IDS_PER_STATEMENT } from "../store/chunks.ts";
import { parseAlerts, readAlerts } from "./alert-rows.ts";
import { isQueuedForAlert, readStateComparison, reconcileRoom } from "./reconcile.ts";
import { readRoom, watchingRooms } from "./room-state.ts";
import { type AlertingDeps, type Db, inTransaction } from "./transaction.ts";

/**
 * Compares each room of a scope as a whole with the alerts, after a complete sweep: a difference with whatever cause, such as a
 * lost row, lasts one sweep at most (ALERTS 19). It reads in pieces outside of a transaction, and opens one only for a room that
 * differs, where the difference is looked at again.
 */
export async function reconcileScope(deps: AlertingDeps, scope: Scope, now: number): Promise<void> {
  const rooms = await roomsOfScope(deps.db, scope);
  if (rooms.length === 0) return;
  for await (const alerts of trackedAlerts(deps.db, scope)) {
    for (const room of rooms) await reconcileDifferent(deps, room, alertsForRoom(room, alerts), now);
  }
  // Closed alerts that a room still believes to be open.
  for (const room of rooms) {
    for await (const alerts of untrackedOpenAlerts(deps.db, room)) await reconcileDifferent(deps, room, alerts, now);
  }
}

async function reconcileDifferent(
  deps: AlertingDeps,
  room: WatchingRoom,
  alerts: readonly Alert[],
  now: number,
): Promise<void> {
  const { requiredNotice } = await readStateComparison(deps.db, room, alerts, now);
  const different = alerts.filter((alert) => requiredNotice(alert) !== undefined).map(({ id }) => id);
  const ids = await withoutQueued(deps.db, room, different);
  if (ids.length > 0) await inTransaction(deps, now, (ctx) => reconcileRoom(ctx, room.roomId, ids));
  await setImmediate();
}

const alertsForRoom = ({ roomId }: WatchingRoom, alerts: readonly Alert[]): readonly Alert[] =>
  alerts.filter(({ drill }) => drill === undefined || drill === roomId);

/** The rooms that watch the scope, and those that believe one of its alerts to be open. */
async function roomsOfScope(db: Db, scope: Scope): Promise<readonly WatchingRoom[]> {
  const queues = await db.selectFrom("recipientQueues").select(["recipient", "suspendedAt"]).execute();
  const suspended = new Set(queues.flatMap((one) => (one.suspendedAt === null ? [] : [one.recipient])));
  const watching = new Set(await watchingRooms(db, scope));
  const rooms: WatchingRoom[] = [];
  for (const roomId of new Set([...watching, ...queues.map(({ recipient }) => recipient)])) {
    if (suspended.has(roomId) || !(watching.has(roomId) || (await hasOpen(db, roomId)))) continue;
    const room = await readRoom(db, roomId);
    if (room.scope === scope) rooms.push(room);
  }
  return rooms;
}

async function hasOpen(db: Db, roomId: string): Promise<boolean> {
  const row = await db
    .selectFrom("notifiedStates")
    .select("alertId")
    .where("roomId", "=", roomId)
    .where("state", "in", ["open", "flapping"])
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

async function* trackedAlerts(db: Db, scope: Scope): AsyncGenerator<readonly Alert[]> {
  for (let last: number | undefined = 0; last !== undefined; ) {
    const rows: readonly { readonly id: number; readonly alert: string }[] = await db
      .selectFrom("alerts")
      .select(["id", "alert"])
      .where("scope", "=", scope)
      // A literal: only then the database uses the partial index of tracked alerts.
      .where("tracked", "=", ({ lit }) => lit(1))
      .where("id", ">", last)
      .orderBy("id")
      .limit(IDS_PER_STATEMENT)
      .execute();
    if (rows.length > 0) yield parseAlerts(rows);
    last = rows.length < IDS_PER_STATEMENT ? undefined : rows.at(-1)?.id;
  }
}

async function* untrackedOpenAlerts(db: Db, { roomId }: WatchingRoom): AsyncGenerator<readonly Alert[]> {
  for (let last: number | undefined = 0; last !== undefined; ) {
    const rows: readonly { readonly alertId: number }[] = await db
      .selectFrom("notifiedStates")
      .innerJoin("alerts", "alerts.id", "alertId")
      .select("alertId")
      .where("roomId", "=", roomId)
      .where("notifiedStates.state", "in", ["open", "flapping"])
      .where("alertId", ">", last)
      .where("tracked", "=", 0)
      .orderBy("alertId")
      .limit(IDS_PER_STATEMENT)
      .execute();
    const ids = rows.map(({ alertId }) => alertId);
    if (ids.length > 0) yield await readAlerts(db, ids);
    last = ids.length < IDS_PER_STATEMENT ? undefined : ids.at(-1);
  }
}

/** A queued notice gets its present kind when its message is made; a dead one is tried again at its own time (ALERTS 20, 29). */
async function withoutQueued(db: Db, { roomId }: WatchingRoom, ids: readonly number[]): Promise<readonly number[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("outbox")
    .select(["alertId", "kind", "state", "urgent"])
    .where("recipient", "=", roomId)
    .where("alertId", "in", ids)
    .execute();
  // In SQL, this condition would make the database search all notices of the room.
  const queued = new Set(rows.flatMap((row) => (isQueuedForAlert(row) ? [row.alertId] : [])));
  return ids.filter((id) => !queued.has(id));
}
