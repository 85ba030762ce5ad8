import type { Kysely } from "kysely";
import {
  type Blindness,
  blindnessOf,
  type Trouble,
  toldBlind,
  type Watching,
} from "../../domain/alerts/blind.ts";
import { type Scope, WHOLE_TOKEN } from "../../domain/customers/sweep.ts";
import { findSight, readSight, writeSight } from "../alerts/sights.ts";
import type { Tables } from "../schema.ts";
import { owe, oweAnew } from "./owing.ts";
import { isWaiting } from "./rows.ts";
import { inStep, type OutboxDeps, type Step } from "./step.ts";
import { watchingRooms } from "./watching.ts";

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
  await writeSight(tx, scope, { failure: JSON.stringify(trouble) });
}

const isToTell = (blind: Blindness | undefined, now: number): blind is Blindness =>
  blind !== undefined && blind.tellAt <= now;

async function tellScope(step: Step, scope: Scope, watching: Watching): Promise<void> {
  const { tx, now } = step;
  const blind = blindnessOf(readSight(await lockSight(step, scope)), watching);
  if (!isToTell(blind, now)) return;
  const { since, cause, told } = blind;
  const says = { since, cause, scope, again: told > 0 };
  for (const roomId of await reachable(tx, await watchingRooms(tx, scope))) {
    // One that waits already says, when it gets through, what is so then.
    if (roomId === step.opsRoomId || (await isWaiting(tx, roomId, "blind"))) continue;
    const generation = since + told;
    await owe(step, { target: { roomId }, kind: "blind", generation, says });
  }
  if (step.opsRoomId !== undefined) {
    await oweAnew(step, { target: { roomId: step.opsRoomId }, kind: "blind", says });
  }
  await writeSight(tx, scope, { blind: JSON.stringify(toldBlind(blind, now)) });
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
    .executeTakeFirstOrThrow();
}

/** What is swept: everything that the token sees, and what spaces are bound to. */
async function readScopes(db: Db): Promise<readonly Scope[]> {
  const rows = await db.selectFrom("roomScopes").select("scope").distinct().orderBy("scope").execute();
  return [...new Set([WHOLE_TOKEN, ...rows.map(({ scope }) => scope)])];
}

async function reachable(db: Db, roomIds: readonly string[]): Promise<readonly string[]> {
  const rows = await db.selectFrom("lines").select("target").where("suspendedAt", "is not", null).execute();
  const suspended = new Set(rows.map(({ target }) => target));
  return roomIds.filter((roomId) => !suspended.has(roomId));
}
