import type { Kysely, Selectable } from "kysely";
import type { Sight } from "../../domain/alerts/blind.ts";
import type { Scope } from "../../domain/customers/sweep.ts";
import type { Tables } from "../schema.ts";

type Row = Selectable<Tables["sights"]>;

/** How well a scope is seen; a scope nobody has read yet has a row with nothing in it. */
export async function findSight(db: Kysely<Tables>, scope: Scope): Promise<Row> {
  const row = await db.selectFrom("sights").selectAll().where("scope", "=", scope).executeTakeFirst();
  return row ?? { scope, tookMs: 0, ...NOTHING };
}

const NOTHING = { baselineAt: null, readAt: null, completeAt: null, failure: null, blind: null };

export async function writeSight(
  db: Kysely<Tables>,
  scope: Scope,
  change: Partial<Omit<Row, "scope">>,
): Promise<void> {
  await db
    .insertInto("sights")
    .values({ scope, tookMs: 0, ...NOTHING, ...change })
    .onConflict((conflict) => conflict.column("scope").doUpdateSet(change))
    .execute();
}

export function readSight({ completeAt, tookMs, readAt, failure, blind }: Row): Sight {
  return {
    ...(completeAt !== null && { completeAt }),
    tookMs,
    ...(readAt !== null && { readAt }),
    ...(failure !== null && { failure: JSON.parse(failure) }),
    ...(blind !== null && { blind: JSON.parse(blind) }),
  };
}
