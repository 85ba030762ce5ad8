import type { Kysely, Selectable } from "kysely";
import type { Transition } from "../domain/customers/transition.ts";
import type { HistoryQuery } from "../domain/snapshot.ts";
import { chunksOf, ROWS } from "./chunks.ts";
import type { Tables } from "./schema.ts";

export async function writeTransitions(
  db: Kysely<Tables>,
  scope: string,
  transitions: readonly Transition[],
): Promise<void> {
  const rows = transitions.map(({ customerId, title, item, at, from, to, codes }) => ({
    ...{ scope, customerId, title, item, at },
    fromStatus: from ?? null,
    toStatus: to ?? null,
    codes: JSON.stringify(codes),
  }));
  for (const chunk of chunksOf(rows, ROWS)) await db.insertInto("transitions").values(chunk).execute();
}

/** Newest first. */
export async function readHistory(
  db: Kysely<Tables>,
  scope: string,
  { customerId, since, max }: HistoryQuery,
): Promise<readonly Transition[]> {
  const rows = await db
    .selectFrom("transitions")
    .selectAll()
    .where("scope", "=", scope)
    .$if(customerId !== undefined, (query) => query.where("customerId", "=", customerId ?? ""))
    .$if(since !== undefined, (query) => query.where("at", ">=", since ?? 0))
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(max)
    .execute();
  return rows.map(readTransition);
}

function readTransition(row: Selectable<Tables["transitions"]>): Transition {
  const { customerId, title, item, at, fromStatus, toStatus, codes } = row;
  return {
    ...{ customerId, title, item, at },
    ...(fromStatus !== null && { from: fromStatus }),
    ...(toStatus !== null && { to: toStatus }),
    codes: JSON.parse(codes),
  };
}
