import type { Kysely } from "kysely";
import type { Alert } from "../domain/alerts/alert.ts";
import { isStormOver } from "../domain/alerts/grouping.ts";
import type { Recipient } from "../domain/alerts/notice.ts";
import type { WatchingRoom } from "../domain/alerts/reconcile.ts";
import { ESCALATE_AFTER_MS, isUnattended, nextDigestAt, nextReminderAt } from "../domain/alerts/schedule.ts";
import type { MonitorState } from "../domain/alerts/visibility.ts";
import { isWatched, spaceTitleOf } from "../domain/alerts/watch.ts";
import { IDS_PER_STATEMENT } from "../store/chunks.ts";
import type { Tables } from "../store/schema.ts";
import { writeNotifiedStates } from "./delivered.ts";
import { readReminderAlerts } from "./message-input.ts";
import {
  enqueue,
  enqueueAlways,
  hasQueuedNotice,
  insertNotices,
  lockQueue,
  type NewNotice,
  readStorm,
  recipientKey,
  reschedule,
} from "./queue.ts";
import { readStateComparison, reconcileRoom } from "./reconcile.ts";
import { readAlerts, readRoom } from "./room-state.ts";
import { type AlertingDeps, inTransaction, type TransactionContext } from "./transaction.ts";
import { notifyOutages } from "./visibility.ts";

/**
 * All that time alone brings. Each scope and each space is a transaction of its own that looks again at what it found, so
 * that nothing is held up for long, and of several instances that tick at once one owes it.
 */
export async function runScheduled(deps: AlertingDeps, watching: MonitorState): Promise<void> {
  const { now } = watching;
  await notifyOutages(deps, watching);
  await endMutes(deps, now);
  await sendReminders(deps, now);
  await escalate(deps, now);
  await endStorms(deps, now);
  await queueDigests(deps, now);
}

const DAY = 24 * 3_600_000;

/** What is still open when a mute ends is told (ALERTS 23). */
export async function endMutes(deps: AlertingDeps, now: number): Promise<void> {
  const ended = await deps.db
    .selectFrom("mutes")
    .select("roomId")
    .distinct()
    .where("ended", "=", 0)
    .where("until", "<=", now)
    .orderBy("roomId")
    .execute();
  for (const { roomId } of ended) await inTransaction(deps, now, (step) => endRoomMutes(step, roomId));
}

async function endRoomMutes(step: TransactionContext, roomId: string): Promise<void> {
  const { tx, now } = step;
  // What is settled is read behind the lock: else it might be older than what a reading has settled meanwhile.
  await lockQueue(step, roomId);
  const { numUpdatedRows } = await tx
    .updateTable("mutes")
    .set({ ended: 1 })
    .where("roomId", "=", roomId)
    .where("ended", "=", 0)
    .where("until", "<=", now)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) await reconcileRoom(step, roomId);
}

/** A storm that has been quiet for long enough ends, with one summary (ALERTS 21). */
export async function endStorms(deps: AlertingDeps, now: number): Promise<void> {
  const lines = await deps.db
    .selectFrom("recipientQueues")
    .select(["recipient", "storm"])
    .where("storm", "is not", null)
    .where("suspendedAt", "is", null)
    .orderBy("recipient")
    .execute();
  for (const { recipient, storm } of lines) {
    if (storm === null || !isStormOver(readStorm(storm), deps.timings, now)) continue;
    await inTransaction(deps, now, (step) => endStorm(step, recipient));
  }
}

async function endStorm(step: TransactionContext, roomId: string): Promise<void> {
  const { storm } = await lockQueue(step, roomId);
  if (storm === null || !isStormOver(readStorm(storm), step.timings, step.now)) return;
  if (await hasQueuedNotice(step.tx, roomId, "storm-end")) return;
  await enqueueAlways(step, { recipient: { roomId }, kind: "storm-end" });
}

/** The summaries that spaces have asked for at a time of day. */
export async function queueDigests(deps: AlertingDeps, now: number): Promise<void> {
  const due = await deps.db.selectFrom("digests").selectAll().where("nextAt", "<=", now).orderBy("roomId").execute();
  for (const digest of due) await inTransaction(deps, now, (step) => queueDigest(step, digest));
}

interface DueDigest {
  readonly roomId: string;
  readonly time: string;
  readonly zone: string;
  readonly nextAt: number;
  readonly lastAt: number | null;
}

/** It counts from the last one on, which has counted until it was sent: what fell in between is told twice, and nothing never. */
async function queueDigest(step: TransactionContext, { roomId, time, zone, nextAt, lastAt }: DueDigest): Promise<void> {
  const { tx, now } = step;
  const { suspendedAt } = await lockQueue(step, roomId);
  const { numUpdatedRows } = await tx
    .updateTable("digests")
    .set({ nextAt: nextDigestAt({ time, zone }, now), lastAt: now })
    .where("roomId", "=", roomId)
    .where("nextAt", "=", nextAt)
    .executeTakeFirst();
  if (numUpdatedRows === 0n || suspendedAt !== null || (await hasQueuedNotice(tx, roomId, "digest"))) return;
  const details = { since: lastAt ?? now - DAY };
  await enqueue(step, { recipient: { roomId }, kind: "digest", generation: nextAt, details });
}

/** Calls in whom watches name for what nobody has taken for half an hour, once (ALERTS 24). */
export async function escalate(deps: AlertingDeps, now: number): Promise<void> {
  for (const roomId of await roomsThatEscalate(deps.db)) {
    for (let after: number | undefined = 0; after !== undefined; ) {
      const from: number = after;
      after = await inTransaction(deps, now, (step) => escalateBatch(step, roomId, from));
    }
  }
}

async function roomsThatEscalate(db: Kysely<Tables>): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("watches")
    .leftJoin("recipientQueues", "recipient", "roomId")
    .select("roomId")
    .distinct()
    .where("escalates", "=", 1)
    .where("suspendedAt", "is", null)
    .orderBy("roomId")
    .execute();
  return rows.map(({ roomId }) => roomId);
}

interface Escalation extends NewNotice {
  readonly alertId: number;
}

/** Looks at some of a space's alerts behind `after`, by number; returns the last of them, undefined when there are no more. */
async function escalateBatch(step: TransactionContext, roomId: string, after: number): Promise<number | undefined> {
  const { tx, now } = step;
  await lockQueue(step, roomId);
  const rows = await tx
    .selectFrom("notifiedStates")
    .select("alertId")
    .where("roomId", "=", roomId)
    .where("state", "=", "open")
    .where("notifiedAt", "<=", now - ESCALATE_AFTER_MS)
    .where("escalatedAt", "is", null)
    .where("alertId", ">", after)
    .orderBy("alertId")
    .limit(IDS_PER_STATEMENT)
    .execute();
  const ids = rows.map(({ alertId }) => alertId);
  const room = await readRoom(tx, roomId);
  const untaken = await readUnattended(step, room, ids);
  const owed = untaken.flatMap((alert) => escalationsOf(room, alert, now));
  await markEscalated(step, roomId, owed);
  await insertNotices(step, owed);
  const targets = new Set(owed.map(({ recipient }) => recipientKey(recipient)));
  for (const recipient of [...targets].sort()) {
    await lockQueue(step, recipient);
    await reschedule(step, recipient);
  }
  return ids.length < IDS_PER_STATEMENT ? undefined : ids.at(-1);
}

async function readUnattended(
  { tx, now }: TransactionContext,
  room: WatchingRoom,
  ids: readonly number[],
): Promise<readonly Alert[]> {
  const alerts = await readAlerts(tx, ids);
  const { desired } = await readStateComparison(tx, room, alerts, now);
  return alerts.filter(
    (alert) => alert.state === "open" && isUnattended(alert, { state: "open" }) && desired(alert) === "open",
  );
}

/** What is owed to everybody whom a watch for this alert names. */
function escalationsOf({ roomId, watches }: WatchingRoom, alert: Alert, now: number): readonly Escalation[] {
  if (alert.drill !== undefined) return [];
  const { id: alertId, generation } = alert;
  const wanting = watches.filter((watch) => isWatched(watch, alert, now));
  const named = wanting.flatMap(({ options }) => options.escalate ?? []);
  const details = { roomId, space: spaceTitleOf(wanting) };
  return [...new Set(named)].map((name) => ({
    recipient: recipientNamed(name),
    kind: "escalation",
    alertId,
    generation,
    details,
  }));
}

/** Once is enough. */
async function markEscalated(
  { tx, now }: TransactionContext,
  roomId: string,
  owed: readonly Escalation[],
): Promise<void> {
  const ids = [...new Set(owed.map(({ alertId }) => alertId))];
  if (ids.length === 0) return;
  await tx
    .updateTable("notifiedStates")
    .set({ escalatedAt: now })
    .where("roomId", "=", roomId)
    .where("alertId", "in", ids)
    .execute();
}

/** An e-mail address, or the id of a space. */
const recipientNamed = (name: string): Recipient => (name.includes("@") ? { email: name } : { roomId: name });

/** One reminder for each space in which one is due and none waits (ALERTS 22). */
export async function sendReminders(deps: AlertingDeps, now: number): Promise<void> {
  for (const roomId of await roomsToRemind(deps.db, now))
    await inTransaction(deps, now, (step) => remindRoom(step, roomId));
}

async function roomsToRemind(db: Kysely<Tables>, now: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("notifiedStates")
    .select("roomId")
    .distinct()
    .where("state", "=", "open")
    .where("remindAt", "<=", now)
    .where("roomId", "not in", (is) =>
      is.selectFrom("recipientQueues").select("recipient").where("suspendedAt", "is not", null),
    )
    .where("roomId", "not in", (is) =>
      is
        .selectFrom("outbox")
        .select("recipient")
        .where("state", "in", ["pending", "claimed"])
        .where("kind", "=", "reminder"),
    )
    .orderBy("roomId")
    .execute();
  return rows.map(({ roomId }) => roomId);
}

async function remindRoom(step: TransactionContext, roomId: string): Promise<void> {
  const { tx, now, timings } = step;
  const line = await lockQueue(step, roomId);
  if (line.suspendedAt !== null || (await hasQueuedNotice(tx, roomId, "reminder"))) return;
  const due = await tx
    .selectFrom("notifiedStates")
    .selectAll()
    .where("roomId", "=", roomId)
    .where("state", "=", "open")
    .where("remindAt", "<=", now)
    .execute();
  const untaken = new Set(
    (await readReminderAlerts(tx, { room: await readRoom(tx, roomId), now })).map(({ id }) => id),
  );
  if (due.some(({ alertId }) => untaken.has(alertId)))
    await enqueue(step, { recipient: { roomId }, kind: "reminder", generation: now });
  // The others are looked at again when their next one would be due: somebody may have let go of them by then.
  const taken = due.filter(({ alertId }) => !untaken.has(alertId));
  await writeNotifiedStates(
    tx,
    taken.map((one) => ({
      ...one,
      remindAt: nextReminderAt({ at: now, reminded: one.reminded }, timings.remindMs),
    })),
  );
}
