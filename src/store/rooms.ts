import type { Kysely } from "kysely";
import { WHOLE_TOKEN } from "../domain/customers/sweep.ts";
import type { RoomMember, Rooms } from "../domain/ports/store.ts";
import type { Tables } from "./schema.ts";

export interface StoredRooms extends Omit<Rooms, "bind"> {
  /** Deletes member lists read, and denials sent, before these times; returns their number. Decisions of admins stay. */
  tidy(before: { readonly members: number; readonly denials: number }): Promise<number>;
}

/** Stands in place of a member list that must be read again. */
const INVALIDATED = "";

export const createRooms = (db: Kysely<Tables>): StoredRooms => ({
  ...members(db),
  ...decisions(db),
  ...bindings(db),
  reserveDenial: (roomId, senderId, now, everyMs) => reserve(db, { roomId, senderId, now, everyMs }),
  reserveWaitNote: (senderId, now, everyMs) => reserve(db, { roomId: "", senderId, now, everyMs }),
  async tidy(before) {
    const lists = await db.deleteFrom("roomMembers").where("readAt", "<", before.members).executeTakeFirst();
    const denials = await db.deleteFrom("denials").where("sentAt", "<", before.denials).executeTakeFirst();
    return Number(lists.numDeletedRows + denials.numDeletedRows);
  },
});

interface Reservation {
  /** Empty for a person in all rooms. */
  readonly roomId: string;
  readonly senderId: string;
  readonly now: number;
  readonly everyMs: number;
}

/** One statement: of two instances that ask at the same time, one gets `true`. */
async function reserve(db: Kysely<Tables>, { roomId, senderId, now, everyMs }: Reservation): Promise<boolean> {
  const reserved = await db
    .insertInto("denials")
    .values({ roomId, senderId, sentAt: now })
    .onConflict((conflict) =>
      conflict
        .columns(["roomId", "senderId"])
        .doUpdateSet({ sentAt: now })
        .where("denials.sentAt", "<=", now - everyMs),
    )
    .returning("sentAt")
    .executeTakeFirst();
  return reserved !== undefined;
}

const members = (db: Kysely<Tables>): Pick<Rooms, "members" | "saveMembers" | "forgetMembers"> => ({
  async members(roomId, notBefore) {
    const row = await db
      .selectFrom("roomMembers")
      .select("members")
      .where("roomId", "=", roomId)
      .where("readAt", ">=", notBefore)
      .where("members", "!=", INVALIDATED)
      .executeTakeFirst();
    return row && readMembers(row.members);
  },
  async saveMembers(roomId, list, askedAt) {
    const content = { members: JSON.stringify(list), readAt: askedAt };
    await db
      .insertInto("roomMembers")
      .values({ roomId, ...content })
      .onConflict((conflict) =>
        conflict.column("roomId").doUpdateSet(content).where("roomMembers.readAt", "<", askedAt),
      )
      .execute();
  },
  async forgetMembers(roomId, now) {
    // The row keeps this time, so that a list requested before it, without the newest guest, is not saved.
    const content = { members: INVALIDATED, readAt: now };
    await db
      .insertInto("roomMembers")
      .values({ roomId, ...content })
      .onConflict((conflict) => conflict.column("roomId").doUpdateSet(content))
      .execute();
  },
});

const decisions = (db: Kysely<Tables>): Pick<Rooms, "isAllowed" | "allow"> => ({
  async isAllowed(roomId) {
    const row = await db
      .selectFrom("allowedRooms")
      .select("roomId")
      .where("roomId", "=", roomId)
      .where("allowed", "=", 1)
      .executeTakeFirst();
    return row !== undefined;
  },
  async allow(roomId, allowed, byPersonId, now) {
    const decision = { allowed: allowed ? 1 : 0, byPersonId, decidedAt: now };
    await db
      .insertInto("allowedRooms")
      .values({ roomId, ...decision })
      .onConflict((conflict) => conflict.column("roomId").doUpdateSet(decision))
      .execute();
  },
});

const bindings = (db: Kysely<Tables>): Pick<Rooms, "scopeOf" | "scopes"> => ({
  async scopeOf(roomId) {
    const row = await db.selectFrom("roomScopes").select("scope").where("roomId", "=", roomId).executeTakeFirst();
    return row?.scope ?? WHOLE_TOKEN;
  },
  async scopes() {
    const rows = await db.selectFrom("roomScopes").select("scope").distinct().orderBy("scope").execute();
    return [...new Set([WHOLE_TOKEN, ...rows.map(({ scope }) => scope)])];
  },
});

const readMembers = (json: string): readonly RoomMember[] => JSON.parse(json);
