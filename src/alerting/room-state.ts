import type { Kysely, Selectable } from "kysely";
import type { Alert } from "../domain/alerts/alert.ts";
import type { Mute } from "../domain/alerts/mute.ts";
import type { NotifiedState, WatchingRoom } from "../domain/alerts/reconcile.ts";
import type { Watch } from "../domain/alerts/watch.ts";
import { type Scope, WHOLE_TOKEN } from "../domain/customers/sweep.ts";
import { chunksOf, IDS_PER_STATEMENT } from "../store/chunks.ts";
import type { Tables } from "../store/schema.ts";

type Db = Kysely<Tables>;

export async function readRoom(db: Db, roomId: string): Promise<WatchingRoom> {
  const bound = await db.selectFrom("roomScopes").select("scope").where("roomId", "=", roomId).executeTakeFirst();
  const watches = await db.selectFrom("watches").selectAll().where("roomId", "=", roomId).orderBy("number").execute();
  const mutes = await db.selectFrom("mutes").select("mute").where("roomId", "=", roomId).orderBy("number").execute();
  return {
    roomId,
    scope: bound?.scope ?? WHOLE_TOKEN,
    watches: watches.map(readWatch),
    mutes: mutes.map(({ mute }) => readMute(mute)),
  };
}

export const readWatch = ({ filter, options, space, escalates, ...rest }: Selectable<Tables["watches"]>): Watch => ({
  ...rest,
  ...(space !== null && { space }),
  filter: JSON.parse(filter),
  options: JSON.parse(options),
});

const readMute = (json: string): Mute => JSON.parse(json);
export const readAlert = (json: string): Alert => JSON.parse(json);

/** Oldest first. */
export async function readAlerts(db: Db, ids: readonly number[]): Promise<readonly Alert[]> {
  const alerts: Alert[] = [];
  for (const chunk of chunksOf(ordered(ids), IDS_PER_STATEMENT)) {
    const rows = await db.selectFrom("alerts").select("alert").where("id", "in", chunk).orderBy("id").execute();
    alerts.push(...rows.map(({ alert }) => readAlert(alert)));
  }
  return alerts;
}

/** The alerts that are open, healing or flapping, and those that changed at `since` or later; not other spaces' drills. */
export async function readActiveAlerts(
  db: Db,
  { scope, roomId }: Pick<WatchingRoom, "scope" | "roomId">,
  since?: number,
): Promise<readonly Alert[]> {
  const rows = await db
    .selectFrom("alerts")
    .select("alert")
    .where("scope", "=", scope)
    .where((is) =>
      // A literal, by which the database knows the index that holds these alone.
      is.or([is("active", "=", is.lit(1)), ...(since === undefined ? [] : [is("changedAt", ">=", since)])]),
    )
    .where("drill", "in", ["", roomId])
    .orderBy("id")
    .execute();
  return rows.map(({ alert }) => readAlert(alert));
}

/** What a space was told of these alerts. */
export async function readNotifiedStates(
  db: Db,
  roomId: string,
  ids: readonly number[],
): Promise<readonly NotifiedState[]> {
  const told: NotifiedState[] = [];
  for (const chunk of chunksOf(ordered(ids), IDS_PER_STATEMENT)) {
    const rows = await db
      .selectFrom("notifiedStates")
      .selectAll()
      .where("roomId", "=", roomId)
      .where("alertId", "in", chunk)
      .orderBy("alertId")
      .execute();
    told.push(...rows.map(readNotifiedState));
  }
  return told;
}

export function readNotifiedState({ escalatedAt, ...row }: Selectable<Tables["notifiedStates"]>): NotifiedState {
  return { ...row, ...(escalatedAt !== null && { escalatedAt }) };
}

const ordered = (ids: readonly number[]): readonly number[] => [...new Set(ids)].sort((a, b) => a - b);

/** The spaces that watch something in a scope: those bound to it, or, for the whole token, those bound to none. */
export async function watchingRooms(db: Kysely<Tables>, scope: Scope): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("watches")
    .leftJoin("roomScopes", "roomScopes.roomId", "watches.roomId")
    .select("watches.roomId")
    .distinct()
    .where(({ fn, val }) => fn.coalesce("roomScopes.scope", val(WHOLE_TOKEN)), "=", scope)
    .orderBy("watches.roomId")
    .execute();
  return rows.map(({ roomId }) => roomId);
}

/** The spaces that watch something in whatever scope, but for those that rest because they cannot be reached. */
export async function reachableRooms(db: Kysely<Tables>): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("watches")
    .select("roomId")
    .distinct()
    .where("roomId", "not in", (is) =>
      is.selectFrom("recipientQueues").select("recipient").where("suspendedAt", "is not", null),
    )
    .orderBy("roomId")
    .execute();
  return rows.map(({ roomId }) => roomId);
}
