import type { Kysely, Selectable } from "kysely";
import type { NoticeDetails } from "../domain/alerts/notice.ts";
import {
  detectOutage,
  type MonitorState,
  type Outage,
  outageAfterNotice,
  type ReadFailure,
  type Visibility,
} from "../domain/alerts/visibility.ts";
import { type Scope, WHOLE_TOKEN } from "../domain/customers/sweep.ts";
import type { Tables } from "../store/schema.ts";
import { enqueue, enqueueAlways, hasQueuedNotice, lockQueue, updateDueAt } from "./queue.ts";
import { watchingRooms } from "./room-state.ts";
import { type AlertingDeps, inTransaction, type TransactionContext } from "./transaction.ts";

type VisibilityRow = Selectable<Tables["visibility"]>;

/** How well a scope is seen; a scope nobody has read yet has a row with nothing in it. */
export async function findVisibility(db: Kysely<Tables>, scope: Scope): Promise<VisibilityRow> {
  const row = await db.selectFrom("visibility").selectAll().where("scope", "=", scope).executeTakeFirst();
  return row ?? { scope, tookMs: 0, ...NEVER_READ };
}

const NEVER_READ = { baselineAt: null, readAt: null, completeAt: null, failure: null, outage: null };

export async function writeVisibility(
  db: Kysely<Tables>,
  scope: Scope,
  change: Partial<Omit<VisibilityRow, "scope">>,
): Promise<void> {
  await db
    .insertInto("visibility")
    .values({ scope, tookMs: 0, ...NEVER_READ, ...change })
    .onConflict((conflict) => conflict.column("scope").doUpdateSet(change))
    .execute();
}

export function readVisibility({ completeAt, tookMs, readAt, failure, outage }: VisibilityRow): Visibility {
  return {
    ...(completeAt !== null && { completeAt }),
    tookMs,
    ...(readAt !== null && { readAt }),
    ...(failure !== null && { failure: JSON.parse(failure) }),
    ...(outage !== null && { outage: JSON.parse(outage) }),
  };
}

/** Whoever was told that the bot cannot see is told that it can again; whoever was about to be is not (ALERTS 31). */
export async function notifyOutageEnd(
  step: TransactionContext,
  scope: Scope,
  outage: Outage,
  changes: number,
): Promise<void> {
  const rooms = new Set(await watchingRooms(step.tx, scope));
  if (step.opsRoomId !== undefined) rooms.add(step.opsRoomId);
  const details = { awayMs: step.now - outage.since, since: outage.since, changes, scope };
  for (const roomId of [...rooms].sort()) {
    const { suspendedAt } = await lockQueue(step, roomId);
    const wasTold = await cancelOutageNotices(step, roomId, { scope, since: outage.since });
    if (wasTold && suspendedAt === null)
      await enqueueAlways(step, { recipient: { roomId }, kind: "outage-end", details });
    await updateDueAt(step.tx, roomId, step.timings);
  }
}

/** Of this scope alone: the ops room hears of all. True when it was told, or may have been. */
export async function cancelOutageNotices(
  { tx }: TransactionContext,
  recipient: string,
  { scope, since }: { readonly scope: Scope; readonly since: number },
): Promise<boolean> {
  const rows = await tx
    .selectFrom("outbox")
    .select(["id", "state", "possiblySent", "queuedAt", "details"])
    .where("recipient", "=", recipient)
    .where("kind", "=", "outage")
    .where("state", "in", ["pending", "claimed", "sent"])
    .execute();
  const those = rows.filter(({ details }) => readDetails(details).scope === scope);
  const untold = those.filter(({ state, possiblySent }) => state === "pending" && possiblySent === 0);
  for (const { id } of untold)
    await tx.updateTable("outbox").set({ state: "cancelled" }).where("id", "=", id).execute();
  return those.some((row) => !untold.includes(row) && row.queuedAt >= since);
}

const readDetails = (json: string): NoticeDetails => JSON.parse(json);

type Db = Kysely<Tables>;

/** Says in which scopes the bot is blind, when that is due (ALERTS 31). */
export async function notifyOutages(deps: AlertingDeps, watching: MonitorState): Promise<void> {
  for (const scope of await readSweptScopes(deps.db)) {
    const sight = readVisibility(await findVisibility(deps.db, scope));
    if (!isNotificationDue(detectOutage(sight, watching), watching.now)) continue;
    await inTransaction(deps, watching.now, (step) => notifyOutage(step, scope, watching));
  }
}

/** Keeps what the last try at reading a scope failed of. */
export async function recordReadFailure({ tx }: TransactionContext, scope: Scope, trouble: ReadFailure): Promise<void> {
  await writeVisibility(tx, scope, { failure: JSON.stringify(trouble) });
}

const isNotificationDue = (outage: Outage | undefined, now: number): outage is Outage =>
  outage !== undefined && outage.nextNoticeAt <= now;

async function notifyOutage(step: TransactionContext, scope: Scope, watching: MonitorState): Promise<void> {
  const { tx, now } = step;
  const outage = detectOutage(readVisibility(await lockVisibility(step, scope)), watching);
  if (!isNotificationDue(outage, now)) return;
  const { since, cause, notifiedCount } = outage;
  const details = { since, cause, scope, isOngoing: notifiedCount > 0 };
  for (const roomId of await withoutSuspended(tx, await watchingRooms(tx, scope))) {
    // One that waits already says, when it gets through, what is so then.
    if (roomId === step.opsRoomId || (await hasQueuedNotice(tx, roomId, "outage"))) continue;
    const generation = since + notifiedCount;
    await enqueue(step, { recipient: { roomId }, kind: "outage", generation, details });
  }
  if (step.opsRoomId !== undefined) {
    await enqueueAlways(step, { recipient: { roomId: step.opsRoomId }, kind: "outage", details });
  }
  await writeVisibility(tx, scope, { outage: JSON.stringify(outageAfterNotice(outage, now)) });
}

/** The scope's row, begun if there is none, and nobody else's until the transaction ends. */
async function lockVisibility({ tx, isSingleInstance }: TransactionContext, scope: Scope) {
  await tx
    .insertInto("visibility")
    .values({ scope, tookMs: 0 })
    .onConflict((conflict) => conflict.column("scope").doNothing())
    .execute();
  return tx
    .selectFrom("visibility")
    .selectAll()
    .where("scope", "=", scope)
    .$if(!isSingleInstance, (query) => query.forUpdate())
    .executeTakeFirstOrThrow();
}

/** What is swept: everything that the token sees, and what spaces are bound to. */
async function readSweptScopes(db: Db): Promise<readonly Scope[]> {
  const rows = await db.selectFrom("roomScopes").select("scope").distinct().orderBy("scope").execute();
  return [...new Set([WHOLE_TOKEN, ...rows.map(({ scope }) => scope)])];
}

async function withoutSuspended(db: Db, roomIds: readonly string[]): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("recipientQueues")
    .select("recipient")
    .where("suspendedAt", "is not", null)
    .execute();
  const suspended = new Set(rows.map(({ recipient }) => recipient));
  return roomIds.filter((roomId) => !suspended.has(roomId));
}
