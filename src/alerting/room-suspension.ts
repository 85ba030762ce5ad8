import { spaceTitleOf } from "../domain/alerts/watch.ts";
import { compiledQuery } from "../store/compiled.ts";
import { enqueueAlways, IDLE, lockQueue, notifyOps, updateQueue } from "./queue.ts";
import { readRoom } from "./room-state.ts";
import { enqueueSummaryNotice } from "./summary-notices.ts";
import type { Db, TransactionContext } from "./transaction.ts";

/**
 * Suspends the watches of a room and drops its waiting notices; the owners of the watches and the ops room are told, once
 * (ALERTS 29). False if the room has no watches.
 */
export async function suspendRoom(
  ctx: TransactionContext,
  roomId: string,
  why: keyof typeof SUSPENSION_REASONS,
): Promise<boolean> {
  const { tx, now } = ctx;
  const queue = await lockQueue(ctx, roomId);
  const { watches } = await readRoom(tx, roomId);
  if (watches.length === 0) return false;
  // They are not needed: when the bot is back, a baseline lists what is open.
  await tx
    .deleteFrom("outbox")
    .where("recipient", "=", roomId)
    .where("state", "in", ["held", "pending", "claimed"])
    .execute();
  if (queue.suspendedAt !== null) return true;
  await updateQueue(ctx, roomId, { ...IDLE, dueAt: null, priority: 0, storm: null, suspendedAt: now });
  const owners = [...new Set(watches.map(({ ownerId }) => ownerId))].sort();
  const space = spaceTitleOf(watches);
  const details = { since: now, cause: why, roomId, space };
  for (const personId of owners) await enqueueAlways(ctx, { recipient: { personId }, kind: "suspended", details });
  const itIs = space !== undefined ? `It is “${space}”, ${roomId}.` : `It is ${roomId}.`;
  await notifyOps(ctx, {
    lines: ["A space cannot be reached", itIs, SUSPENSION_REASONS[why], suspensionText(watches.length)],
    roomId,
  });
  return true;
}

const SUSPENSION_REASONS = {
  removed: "The bot was removed from it.",
  unreachable: "Webex refuses messages to it.",
} as const;

const suspensionText = (watches: number) =>
  watches === 1
    ? "Its watch is suspended until the bot is added to it again."
    : `Its ${watches} watches are suspended until the bot is added to it again.`;

/** The bot is back in the room: its watches go on, with a baseline. Does nothing if they were not suspended before `now`. */
export async function resumeRoom(ctx: TransactionContext, roomId: string): Promise<void> {
  const { tx, now } = ctx;
  const { numUpdatedRows } = await tx
    .updateTable("recipientQueues")
    .set({ ...IDLE, suspendedAt: null, withheldAt: null })
    .where("recipient", "=", roomId)
    .where("suspendedAt", "<=", now)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return;
  const watch = await tx
    .selectFrom("watches")
    .select("number")
    .where("roomId", "=", roomId)
    .limit(1)
    .executeTakeFirst();
  if (watch !== undefined) await enqueueSummaryNotice(ctx, roomId, "baseline");
}

/** True if the watches of the room are suspended since `now` or earlier. */
export async function isSuspended(db: Db, roomId: string, now: number): Promise<boolean> {
  return (await suspension(db, { roomId, now })).length > 0;
}

const suspension = compiledQuery((db, { roomId, now }: { roomId: string; now: number }) =>
  db.selectFrom("recipientQueues").select("recipient").where("recipient", "=", roomId).where("suspendedAt", "<=", now),
);

/** The rooms with watches in any scope that are suspended, in the order of their ids. */
export const suspendedRooms = (db: Db): Promise<readonly string[]> =>
  readWatchedRooms(db, "in", Number.MAX_SAFE_INTEGER);

/** The others, and those suspended at `suspendedSince` or later: Webex may have changed their id (ALERTS 29). */
export const migrationCandidates = (db: Db, suspendedSince: number): Promise<readonly string[]> =>
  readWatchedRooms(db, "not in", suspendedSince);

async function readWatchedRooms(db: Db, among: "in" | "not in", suspendedBefore: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("watches")
    .select("roomId")
    .distinct()
    .where("roomId", among, (is) =>
      is.selectFrom("recipientQueues").select("recipient").where("suspendedAt", "<", suspendedBefore),
    )
    .orderBy("roomId")
    .execute();
  return rows.map(({ roomId }) => roomId);
}
