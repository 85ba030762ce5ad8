import type { Selectable } from "kysely";
import { countOpenedOrClosed } from "../domain/alerts/alert.ts";
import type { NoticeDetails } from "../domain/alerts/notice.ts";
import {
  detectOutage,
  immediateOutage,
  type MonitorState,
  type Outage,
  outageAfterNotice,
  type ReadFailure,
  repeatFailure,
  type Visibility,
} from "../domain/alerts/visibility.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import { compiledQuery } from "../store/compiled.ts";
import { readScopes } from "../store/rooms.ts";
import type { Tables } from "../store/schema.ts";
import { parseAlerts } from "./alert-rows.ts";
import { eachAlone } from "./each-alone.ts";
import { enqueue, enqueueAlways, hasPendingNotice, lockQueue, updateDueAt } from "./queue.ts";
import { watchingRooms } from "./room-state.ts";
import { type AlertingDeps, type Db, inTransaction, type TransactionContext } from "./transaction.ts";

type VisibilityRow = Selectable<Tables["visibility"]>;

/** A scope that was never read gets an empty row. */
export async function findVisibility(db: Db, scope: Scope): Promise<VisibilityRow> {
  const [row] = await visibilityOf(db, { scope });
  return row ?? { scope, tookMs: 0, ...NEVER_READ };
}

const visibilityOf = compiledQuery((db, { scope }: { scope: Scope }) =>
  db.selectFrom("visibility").selectAll().where("scope", "=", scope),
);

const NEVER_READ = { baselineAt: null, readAt: null, completeAt: null, failure: null, outage: null, doubt: null };

export async function writeVisibility(
  db: Db,
  scope: Scope,
  change: Partial<Omit<VisibilityRow, "scope">>,
): Promise<void> {
  await db
    .insertInto("visibility")
    .values({ scope, tookMs: 0, ...NEVER_READ, ...change })
    .onConflict((conflict) => conflict.column("scope").doUpdateSet(change))
    .execute();
}

export function parseVisibility({ completeAt, tookMs, readAt, failure, outage, doubt }: VisibilityRow): Visibility {
  return {
    ...(completeAt !== null && { completeAt }),
    tookMs,
    ...(readAt !== null && { readAt }),
    ...(failure !== null && { failure: JSON.parse(failure) }),
    ...(outage !== null && { outage: JSON.parse(outage) }),
    ...(doubt !== null && { doubt: JSON.parse(doubt) }),
  };
}

export async function recordReadFailure(ctx: TransactionContext, scope: Scope, failure: ReadFailure): Promise<void> {
  const before = parseVisibility(await lockVisibility(ctx, scope)).failure;
  await writeVisibility(ctx.tx, scope, { failure: JSON.stringify(repeatFailure(before, failure, ctx.now)) });
}

/** A person says that the customers that a list leaves out are really gone (ALERTS 6). */
export async function confirmAbsence(ctx: TransactionContext, scope: Scope, by: string): Promise<void> {
  const { doubt } = parseVisibility(await lockVisibility(ctx, scope));
  if (!doubt?.mayBeTrue) return;
  await writeVisibility(ctx.tx, scope, { doubt: JSON.stringify({ ...doubt, confirmedBy: by }) });
}

/** Enqueues the outage notices that are due (ALERTS 31); one transaction for each scope. */
export async function notifyOutages(deps: AlertingDeps, monitor: MonitorState): Promise<void> {
  await eachAlone(await readScopes(deps.db), async (scope) => {
    const visibility = parseVisibility(await findVisibility(deps.db, scope));
    if (!isNotificationDue(detectOutage(visibility, monitor), monitor.now)) return;
    await inTransaction(deps, monitor.now, (ctx) =>
      notifyOutage(ctx, scope, (visibility) => detectOutage(visibility, monitor)),
    );
  });
}

const isNotificationDue = (outage: Outage | undefined, now: number): outage is Outage =>
  outage !== undefined && outage.nextNoticeAt <= now;

/** Begins an outage because of the list, or gives the present one this cause (ALERTS 6, 31). */
export async function beginListOutage(ctx: TransactionContext, scope: Scope): Promise<void> {
  const { tx, now } = ctx;
  const outage = immediateOutage(parseVisibility(await lockVisibility(ctx, scope)), now);
  if (isNotificationDue(outage, now)) return notifyOutage(ctx, scope, () => outage);
  if (outage !== undefined) await writeVisibility(tx, scope, { outage: JSON.stringify(outage) });
}

/** @param detect finds the outage again after the row is locked */
async function notifyOutage(
  ctx: TransactionContext,
  scope: Scope,
  detect: (visibility: Visibility) => Outage | undefined,
): Promise<void> {
  const { tx, now } = ctx;
  const outage = detect(parseVisibility(await lockVisibility(ctx, scope)));
  if (!isNotificationDue(outage, now)) return;
  const { since, cause, list, notifiedCount } = outage;
  const details = { since, cause, ...(list !== undefined && { list }), scope, isOngoing: notifiedCount > 0 };
  for (const roomId of await withoutSuspended(tx, await watchingRooms(tx, scope))) {
    // One notice is enough: its message is made when it is sent.
    if (roomId === ctx.opsRoomId || (await hasPendingNotice(tx, roomId, "outage"))) continue;
    const generation = since + notifiedCount;
    await enqueue(ctx, { recipient: { roomId }, kind: "outage", generation, details });
  }
  if (ctx.opsRoomId !== undefined) {
    await enqueueAlways(ctx, { recipient: { roomId: ctx.opsRoomId }, kind: "outage", details });
  }
  await writeVisibility(tx, scope, { outage: JSON.stringify(outageAfterNotice(outage, now)) });
}

/** Locks the row of a scope until the transaction ends, and creates it if there is none. */
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

async function withoutSuspended(db: Db, roomIds: readonly string[]): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("recipientQueues")
    .select("recipient")
    .where("suspendedAt", "is not", null)
    .execute();
  const suspended = new Set(rows.map(({ recipient }) => recipient));
  return roomIds.filter((roomId) => !suspended.has(roomId));
}

/** Notifies the rooms that know of the outage of its end, and cancels the notices that wait (ALERTS 31). */
export async function notifyOutageEnd(ctx: TransactionContext, scope: Scope, outage: Outage): Promise<void> {
  const changes = await countChanges(ctx, scope, outage.since);
  const rooms = new Set(await watchingRooms(ctx.tx, scope));
  if (ctx.opsRoomId !== undefined) rooms.add(ctx.opsRoomId);
  const details = { awayMs: ctx.now - outage.since, since: outage.since, changes, scope };
  for (const roomId of [...rooms].sort()) {
    const { suspendedAt } = await lockQueue(ctx, roomId);
    const wasNotified = await cancelOutageNotices(ctx, roomId, { scope, since: outage.since });
    if (wasNotified && suspendedAt === null)
      await enqueueAlways(ctx, { recipient: { roomId }, kind: "outage-end", details });
    await updateDueAt(ctx, roomId);
  }
}

/** The errors that began or ended since the outage began, whether or not they were told during it. */
async function countChanges({ tx }: TransactionContext, scope: Scope, since: number): Promise<number> {
  const rows = await tx
    .selectFrom("alerts")
    .select("alert")
    .where("scope", "=", scope)
    .where("changedAt", ">=", since)
    .where("kind", "=", "error")
    .where("drill", "=", "")
    .execute();
  return countOpenedOrClosed(parseAlerts(rows), since);
}

/** Cancels the waiting notices of one scope. True if the recipient was told of its outage, or may have been. */
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
    .where("state", "in", ["pending", "claimed", "sent", "dead"])
    .execute();
  const ofScope = rows.filter(({ details }) => parseDetails(details).scope === scope);
  const unsent = ofScope.filter(
    ({ state, possiblySent }) => (state === "pending" || state === "dead") && possiblySent === 0,
  );
  for (const { id } of unsent)
    await tx.updateTable("outbox").set({ state: "cancelled" }).where("id", "=", id).execute();
  return ofScope.some((row) => !unsent.includes(row) && row.queuedAt >= since);
}

const parseDetails = (json: string): NoticeDetails => JSON.parse(json);
