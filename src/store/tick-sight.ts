import type { Kysely, Selectable } from "kysely";
import {
  type Blindness,
  blindnessOf,
  type Sight,
  type Trouble,
  toldBlind,
  type Watching,
} from "../domain/alerts/blind.ts";
import { type Scope, WHOLE_TOKEN } from "../domain/customers/sweep.ts";
import { owe, oweAnew } from "./outbox-owing.ts";
import { isWaiting } from "./outbox-rows.ts";
import { inStep, type OutboxDeps, type Step } from "./outbox-step.ts";
import type { Tables } from "./schema.ts";

type Db = Kysely<Tables>;

/** Says in which scopes the bot is blind, when that is due (ALERTS 31). */
export async function tellBlindness(deps: OutboxDeps, watching: Watching): Promise<void> {
  for (const scope of await readScopes(deps.db)) {
    const sight = readSight(await findSight(deps.db, scope));
    if (!isToTell(blindnessOf(sight, watching), watching.now)) continue;
    await inStep(deps, watching.now, (step) => tellScope(step, scope, watching));
  }
}

/** Keeps what the last try at reading a scope failed of. */
export async function noteTrouble({ tx }: Step, scope: Scope, trouble: Trouble): Promise<void> {
  const failure = JSON.stringify(trouble);
  await tx
    .insertInto("sights")
    .values({ scope, tookMs: 0, failure })
    .onConflict((conflict) => conflict.column("scope").doUpdateSet({ failure }))
    .execute();
}

const isToTell = (blind: Blindness | undefined, now: number): blind is Blindness =>
  blind !== undefined && blind.tellAt <= now;

async function tellScope(step: Step, scope: Scope, watching: Watching): Promise<void> {
  const { tx, now } = step;
  const blind = blindnessOf(readSight(await lockSight(step, scope)), watching);
  if (!isToTell(blind, now)) return;
  const { since, cause, told } = blind;
  for (const roomId of await readWatchingRooms(tx, scope)) {
    // One that waits already says, when it gets through, what is so then.
    if (roomId === step.opsRoomId || (await isWaiting(tx, roomId, "blind"))) continue;
    const generation = since + told;
    await owe(step, { target: { roomId }, kind: "blind", generation, says: { since, cause } });
  }
  if (step.opsRoomId !== undefined) {
    const says = { since, cause, ...(scope !== WHOLE_TOKEN && { scope }) };
    await oweAnew(step, { target: { roomId: step.opsRoomId }, kind: "blind", says });
  }
  await tx
    .updateTable("sights")
    .set({ blind: JSON.stringify(toldBlind(blind, now)) })
    .where("scope", "=", scope)
    .execute();
}

/** The scope's row, begun if there is none, and nobody else's until the transaction ends. */
async function lockSight({ tx, alone }: Step, scope: Scope) {
  await tx
    .insertInto("sights")
    .values({ scope, tookMs: 0 })
    .onConflict((conflict) => conflict.column("scope").doNothing())
    .execute();
  return tx
    .selectFrom("sights")
    .selectAll()
    .where("scope", "=", scope)
    .$if(!alone, (query) => query.forUpdate())
    .executeTakeFirst();
}

const findSight = (db: Db, scope: Scope) =>
  db.selectFrom("sights").selectAll().where("scope", "=", scope).executeTakeFirst();

function readSight(row: Selectable<Tables["sights"]> | undefined): Sight {
  if (row === undefined) return { tookMs: 0 };
  const { completeAt, readAt, tookMs, failure, blind } = row;
  return {
    tookMs,
    ...(completeAt !== null && { completeAt }),
    ...(readAt !== null && { readAt }),
    ...(failure !== null && { failure: JSON.parse(failure) }),
    ...(blind !== null && { blind: JSON.parse(blind) }),
  };
}

/** What is swept: everything that the token sees, and what spaces are bound to. */
async function readScopes(db: Db): Promise<readonly Scope[]> {
  const rows = await db.selectFrom("roomScopes").select("scope").distinct().orderBy("scope").execute();
  return [...new Set([WHOLE_TOKEN, ...rows.map(({ scope }) => scope)])];
}

/** The spaces of a scope that watch, and can be reached. */
async function readWatchingRooms(db: Db, scope: Scope): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("watches")
    .leftJoin("roomScopes", "roomScopes.roomId", "watches.roomId")
    .leftJoin("lines", "lines.target", "watches.roomId")
    .select("watches.roomId")
    .distinct()
    .where(({ fn, val }) => fn.coalesce("roomScopes.scope", val(WHOLE_TOKEN)), "=", scope)
    .where("lines.suspendedAt", "is", null)
    .orderBy("watches.roomId")
    .execute();
  return rows.map(({ roomId }) => roomId);
}
