import type { Kysely } from "kysely";
import { type Scope, WHOLE_TOKEN } from "../../domain/customers/sweep.ts";
import type { Tables } from "../schema.ts";

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
      is.selectFrom("lines").select("target").where("suspendedAt", "is not", null),
    )
    .orderBy("roomId")
    .execute();
  return rows.map(({ roomId }) => roomId);
}
