import type { Insertable, Selectable } from "kysely";
import type { Mute } from "../domain/alerts/mute.ts";
import type { NotifiedState, WatchingRoom } from "../domain/alerts/reconcile.ts";
import type { Watch } from "../domain/alerts/watch.ts";
import { type Scope, WHOLE_TOKEN } from "../domain/customers/sweep.ts";
import type { SpaceWatches } from "../domain/ports/alerting.ts";
import { chunksOf, IDS_PER_STATEMENT, ROWS_PER_STATEMENT } from "../store/chunks.ts";
import { compiledQuery } from "../store/compiled.ts";
import { readScope } from "../store/rooms.ts";
import type { Tables } from "../store/schema.ts";
import { inOrder } from "./alert-rows.ts";
import type { Db } from "./transaction.ts";

export async function readRoom(db: Db, roomId: string): Promise<WatchingRoom> {
  const scope = await readScope(db, roomId);
  const watches = await watchesOf(db, { roomId });
  const mutes = await mutesOf(db, { roomId });
  return {
    roomId,
    scope,
    watches: watches.map(parseWatch),
    mutes: mutes.map(({ mute }) => parseMute(mute)),
  };
}

const watchesOf = compiledQuery((db, { roomId }: { roomId: string }) =>
  db.selectFrom("watches").selectAll().where("roomId", "=", roomId).orderBy("number"),
);

const mutesOf = compiledQuery((db, { roomId }: { roomId: string }) =>
  db.selectFrom("mutes").select("mute").where("roomId", "=", roomId).orderBy("number"),
);

/** The watches of every room that has one, in the order of the rooms and their numbers. */
export async function readWatchedSpaces(db: Db): Promise<readonly SpaceWatches[]> {
  const rows = await db.selectFrom("watches").selectAll().orderBy("roomId").orderBy("number").execute();
  const scopes = await db.selectFrom("roomScopes").select(["roomId", "scope"]).execute();
  const suspended = await db
    .selectFrom("recipientQueues")
    .select(["recipient", "suspendedAt"])
    .where("suspendedAt", "is not", null)
    .execute();
  const scopeOf = new Map(scopes.map(({ roomId, scope }) => [roomId, scope]));
  const suspendedAtOf = new Map(suspended.map(({ recipient, suspendedAt }) => [recipient, suspendedAt]));
  const all = rows.map(parseWatch);
  return [...new Set(all.map(({ roomId }) => roomId))].map((roomId) => {
    const watches = all.filter((watch) => watch.roomId === roomId);
    const suspendedAt = suspendedAtOf.get(roomId) ?? undefined;
    const scope = scopeOf.get(roomId) ?? WHOLE_TOKEN;
    return { roomId, scope, watches, ...(suspendedAt !== undefined && { suspendedAt }) };
  });
}

export const parseWatch = ({ filter, options, space, escalates, ...rest }: Selectable<Tables["watches"]>): Watch => ({
  ...rest,
  ...(space !== null && { space }),
  filter: JSON.parse(filter),
  options: JSON.parse(options),
});

const parseMute = (json: string): Mute => JSON.parse(json);

/** The rooms with a watch in this scope, in the order of their ids. */
export async function watchingRooms(db: Db, scope: Scope): Promise<readonly string[]> {
  const rows = await watching(db, { scope });
  return rows.map(({ roomId }) => roomId);
}

const watching = compiledQuery((db, { scope }: { scope: Scope }) =>
  db
    .selectFrom("watches")
    .leftJoin("roomScopes", "roomScopes.roomId", "watches.roomId")
    .select("watches.roomId")
    .distinct()
    .where(({ fn, val }) => fn.coalesce("roomScopes.scope", val(WHOLE_TOKEN)), "=", scope)
    .orderBy("watches.roomId"),
);

export async function readNotifiedStates(
  db: Db,
  roomId: string,
  alertIds: readonly number[],
): Promise<readonly NotifiedState[]> {
  const states: NotifiedState[] = [];
  for (const chunk of chunksOf(inOrder(alertIds), IDS_PER_STATEMENT)) {
    const rows = await db
      .selectFrom("notifiedStates")
      .selectAll()
      .where("roomId", "=", roomId)
      .where("alertId", "in", chunk)
      .orderBy("alertId")
      .execute();
    states.push(...rows.map(parseNotifiedState));
  }
  return states;
}

export function parseNotifiedState({
  escalatedAt,
  storm,
  ...row
}: Selectable<Tables["notifiedStates"]>): NotifiedState {
  return { ...row, ...(escalatedAt !== null && { escalatedAt }), ...(storm !== null && { storm }) };
}

/** The alerts of which the room was last told that they are open or flapping. */
export async function readNotifiedOpenIds(db: Db, roomId: string): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("notifiedStates")
    .select("alertId")
    .where("roomId", "=", roomId)
    .where("state", "!=", "closed")
    .execute();
  return rows.map(({ alertId }) => alertId);
}

export type NotifiedStateRow = Insertable<Tables["notifiedStates"]>;

/** Ignores a row with an older generation (ALERTS e). */
export async function writeNotifiedStates(db: Db, rows: readonly NotifiedStateRow[]): Promise<void> {
  for (const chunk of chunksOf(rows, ROWS_PER_STATEMENT)) {
    await db
      .insertInto("notifiedStates")
      .values(chunk)
      .onConflict((conflict) =>
        conflict
          .columns(["roomId", "alertId"])
          .doUpdateSet(({ ref }) => ({
            state: ref("excluded.state"),
            generation: ref("excluded.generation"),
            failures: ref("excluded.failures"),
            badSince: ref("excluded.badSince"),
            codes: ref("excluded.codes"),
            messageId: ref("excluded.messageId"),
            storm: ref("excluded.storm"),
            notifiedAt: ref("excluded.notifiedAt"),
            escalatedAt: ref("excluded.escalatedAt"),
            reminded: ref("excluded.reminded"),
            remindAt: ref("excluded.remindAt"),
          }))
          .whereRef("excluded.generation", ">=", "notifiedStates.generation"),
      )
      .execute();
  }
}
