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
import type { Says } from "../domain/notices/outbox.ts";
import type { Tables } from "../store/schema.ts";
import { isWaiting, lockLine, owe, oweAnew, schedule } from "./queue.ts";
import { watchingRooms } from "./room-state.ts";
import { inStep, type OutboxDeps, type Step } from "./transaction.ts";

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

/** Whoever was told that the bot cannot see is told that it can again; whoever was about to be is not (ALERTS 31). */
export async function tellSight(step: Step, scope: Scope, blind: Blindness, changes: number): Promise<void> {
  const rooms = new Set(await watchingRooms(step.tx, scope));
  if (step.opsRoomId !== undefined) rooms.add(step.opsRoomId);
  const says = { awayMs: step.now - blind.since, since: blind.since, changes, scope };
  for (const roomId of [...rooms].sort()) {
    const { suspendedAt } = await lockLine(step, roomId);
    const wasTold = await forgetBlindness(step, roomId, { scope, since: blind.since });
    if (wasTold && suspendedAt === null) await oweAnew(step, { target: { roomId }, kind: "sight", says });
    await schedule(step.tx, roomId, step.timings);
  }
}

/** Of this scope alone: the ops room hears of all. True when it was told, or may have been. */
export async function forgetBlindness(
  { tx }: Step,
  target: string,
  { scope, since }: { readonly scope: Scope; readonly since: number },
): Promise<boolean> {
  const rows = await tx
    .selectFrom("outbox")
    .select(["id", "state", "maybeSent", "owedAt", "says"])
    .where("target", "=", target)
    .where("kind", "=", "blind")
    .where("state", "in", ["pending", "claimed", "sent"])
    .execute();
  const those = rows.filter(({ says }) => readSays(says).scope === scope);
  const untold = those.filter(({ state, maybeSent }) => state === "pending" && maybeSent === 0);
  for (const { id } of untold)
    await tx.updateTable("outbox").set({ state: "transient" }).where("id", "=", id).execute();
  return those.some((row) => !untold.includes(row) && row.owedAt >= since);
}

const readSays = (json: string): Says => JSON.parse(json);

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
