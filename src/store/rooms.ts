import type { Kysely } from "kysely";
import { type Scope, WHOLE_TOKEN } from "../domain/customers/sweep.ts";
import type { KnownMembers, Rooms } from "../domain/ports/store.ts";
import { writeAudit } from "./audit.ts";
import { compiledQuery } from "./compiled.ts";
import type { Tables } from "./schema.ts";

export interface StoredRooms extends Omit<Rooms, "bind"> {
  /** Deletes member lists read, and denials sent, before these times; returns their number. Decisions of admins stay. */
  tidy(before: { readonly members: number; readonly denials: number }): Promise<number>;
}

export const createRooms = (db: Kysely<Tables>): StoredRooms => ({
  ...members(db),
  ...decisions(db),
  ...bindings(db),
  ...zones(db),
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
  async members(roomId) {
    const [row] = await membersOf(db, { roomId });
    return row && { ...readMembers(row.members), validFrom: row.readAt };
  },
  async saveMembers(roomId, list, askedAt) {
    const content = { members: JSON.stringify({ list, askedAt }), readAt: askedAt };
    await db
      .insertInto("roomMembers")
      .values({ roomId, ...content })
      .onConflict((conflict) =>
        conflict.column("roomId").doUpdateSet(content).where("roomMembers.readAt", "<=", askedAt),
      )
      .execute();
  },
  async forgetMembers(roomId, now) {
    // The list stays, because a guest on it counts until a look-up finds that the guest has left.
    const readAt = now + 1;
    await db
      .insertInto("roomMembers")
      .values({ roomId, members: NEVER_READ, readAt })
      .onConflict((conflict) => conflict.column("roomId").doUpdateSet({ readAt }))
      .execute();
  },
});

const membersOf = compiledQuery((db, { roomId }: { roomId: string }) =>
  db.selectFrom("roomMembers").select(["members", "readAt"]).where("roomId", "=", roomId),
);

const decisions = (db: Kysely<Tables>): Pick<Rooms, "isAllowed" | "allow"> => ({
  async isAllowed(roomId) {
    return (await permissionOf(db, { roomId })).length > 0;
  },
  async allow(roomId, allowed, byPersonId, now, audit) {
    const decision = { allowed: allowed ? 1 : 0, byPersonId, decidedAt: now };
    await db.transaction().execute(async (tx) => {
      await tx
        .insertInto("allowedRooms")
        .values({ roomId, ...decision })
        .onConflict((conflict) => conflict.column("roomId").doUpdateSet(decision))
        .execute();
      if (audit !== undefined) await writeAudit(tx, audit, now);
    });
  },
});

const permissionOf = compiledQuery((db, { roomId }: { roomId: string }) =>
  db.selectFrom("allowedRooms").select("roomId").where("roomId", "=", roomId).where("allowed", "=", 1),
);

const bindings = (db: Kysely<Tables>): Pick<Rooms, "scopeOf" | "scopes"> => ({
  scopeOf: (roomId) => readScope(db, roomId),
  scopes: () => readScopes(db),
});

const zones = (db: Kysely<Tables>): Pick<Rooms, "zoneOf" | "setZone"> => ({
  async zoneOf(roomId) {
    const [row] = await chosenZone(db, { roomId });
    return row?.zone;
  },
  async setZone(roomId, zone, now, audit) {
    await db.transaction().execute(async (tx) => {
      await tx.deleteFrom("roomZones").where("roomId", "=", roomId).execute();
      if (zone !== undefined) await tx.insertInto("roomZones").values({ roomId, zone }).execute();
      if (audit !== undefined) await writeAudit(tx, audit, now);
    });
  },
});

const chosenZone = compiledQuery((db, { roomId }: { roomId: string }) =>
  db.selectFrom("roomZones").select("zone").where("roomId", "=", roomId),
);

/** A room that is bound to no sub-partner has the scope of the whole token. */
export async function readScope(db: Kysely<Tables>, roomId: string): Promise<Scope> {
  const [bound] = await boundScope(db, { roomId });
  return bound?.scope ?? WHOLE_TOKEN;
}

const boundScope = compiledQuery((db, { roomId }: { roomId: string }) =>
  db.selectFrom("roomScopes").select("scope").where("roomId", "=", roomId),
);

/** The whole token and the scopes that rooms are bound to. */
export async function readScopes(db: Kysely<Tables>): Promise<readonly Scope[]> {
  const bound = await boundScopes(db, {});
  return [...new Set([WHOLE_TOKEN, ...bound.map(({ scope }) => scope)])];
}

const boundScopes = compiledQuery((db) => db.selectFrom("roomScopes").select("scope").distinct().orderBy("scope"));

type StoredMembers = Pick<KnownMembers, "list" | "askedAt">;

const NEVER_READ = JSON.stringify({ list: [], askedAt: 0 } satisfies StoredMembers);

/** An earlier version stored a bare list, or nothing, without the ids of the memberships. */
function readMembers(json: string): StoredMembers {
  return JSON.parse(json.startsWith("{") ? json : NEVER_READ);
}
