import type { Alert } from "../domain/alerts/alert.ts";
import { nextDigestAt } from "../domain/alerts/digest-time.ts";
import { ESCALATE_AFTER_MS, mayEscalate, nextReminderAt } from "../domain/alerts/due-times.ts";
import { recipientNamed } from "../domain/alerts/notice.ts";
import type { WatchingRoom } from "../domain/alerts/reconcile.ts";
import type { MonitorState } from "../domain/alerts/visibility.ts";
import { isWatched, spaceTitleOf } from "../domain/alerts/watch.ts";
import { IDS_PER_STATEMENT } from "../store/chunks.ts";
import { compiledQuery } from "../store/compiled.ts";
import { endDueAcks } from "./acks.ts";
import { readAlerts } from "./alert-rows.ts";
import { retryDeadLetters } from "./dead-letters.ts";
import { eachAlone } from "./each-alone.ts";
import { readReminderAlerts } from "./message-input.ts";
import {
  enqueue,
  enqueueAlways,
  hasPendingNotice,
  hasQueuedNotice,
  insertNotices,
  lockQueue,
  type NewNotice,
  parseStorm,
  updateDueAt,
} from "./queue.ts";
import { recipientKey } from "./recipients.ts";
import { readStateComparison, reconcileRoom } from "./reconcile.ts";
import { readRoom, writeNotifiedStates } from "./room-state.ts";
import { isStormQuiet } from "./storms.ts";
import { type AlertingDeps, inTransaction, type TransactionContext } from "./transaction.ts";
import { notifyOutages } from "./visibility.ts";

/**
 * Does everything that becomes due by time alone (ALERTS 21 to 24, 29, 31). Each scope and each room has a transaction of its own,
 * which checks again what was found before it: if several instances run this at the same time, only one enqueues a notice. What
 * fails is tried again by the next run. Throws the first error after all the rest was done.
 */
export async function runScheduled(deps: AlertingDeps, monitor: MonitorState): Promise<void> {
  const { now } = monitor;
  const byTime = [endMutes, endDueAcks, sendReminders, escalate, endStorms, queueDigests, retryDeadLetters];
  const steps = [() => notifyOutages(deps, monitor), ...byTime.map((step) => () => step(deps, now))];
  await eachAlone(steps, (step) => step());
}

/** Reconciles the rooms of which a mute has ended: their open alerts are notified now (ALERTS 23). */
async function endMutes(deps: AlertingDeps, now: number): Promise<void> {
  await eachAlone(await roomsWithEndedMutes(deps.db, { now }), ({ roomId }) =>
    inTransaction(deps, now, (ctx) => endRoomMutes(ctx, roomId)),
  );
}

const roomsWithEndedMutes = compiledQuery((db, { now }: { now: number }) =>
  db.selectFrom("mutes").select("roomId").distinct().where("ended", "=", 0).where("until", "<=", now).orderBy("roomId"),
);

async function endRoomMutes(ctx: TransactionContext, roomId: string): Promise<void> {
  const { tx, now } = ctx;
  // Locked first, so that the reconcile below sees everything that a reading has enqueued meanwhile.
  await lockQueue(ctx, roomId);
  const { numUpdatedRows } = await tx
    .updateTable("mutes")
    .set({ ended: 1 })
    .where("roomId", "=", roomId)
    .where("ended", "=", 0)
    .where("until", "<=", now)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) await reconcileRoom(ctx, roomId);
}

/** One reminder for each room in which one is due and none waits (ALERTS 22). */
async function sendReminders(deps: AlertingDeps, now: number): Promise<void> {
  await eachAlone(await roomsToRemind(deps.db, { now }), ({ roomId }) =>
    inTransaction(deps, now, (ctx) => remindRoom(ctx, roomId)),
  );
}

const roomsToRemind = compiledQuery((db, { now }: { now: number }) =>
  db
    .selectFrom("notifiedStates")
    .select("roomId")
    .distinct()
    .where("state", "in", ["open", "flapping"])
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
    .orderBy("roomId"),
);

async function remindRoom(ctx: TransactionContext, roomId: string): Promise<void> {
  const { tx, now, timings } = ctx;
  const queue = await lockQueue(ctx, roomId);
  if (queue.suspendedAt !== null || (await hasQueuedNotice(tx, roomId, "reminder"))) return;
  const due = await tx
    .selectFrom("notifiedStates")
    .selectAll()
    .where("roomId", "=", roomId)
    .where("state", "in", ["open", "flapping"])
    .where("remindAt", "<=", now)
    .execute();
  const unattended = new Set(
    (await readReminderAlerts(tx, { room: await readRoom(tx, roomId), now })).map(({ id }) => id),
  );
  if (due.some(({ alertId }) => unattended.has(alertId)))
    await enqueue(ctx, { recipient: { roomId }, kind: "reminder", generation: now });
  // The others are checked again when their next reminder would be due.
  const postponed = due
    .filter(({ alertId }) => !unattended.has(alertId))
    .map((state) => ({
      ...state,
      remindAt: nextReminderAt({ at: now, reminded: state.reminded }, timings.remindMs),
    }));
  await writeNotifiedStates(tx, postponed);
}

/** Sends alerts that nobody has acknowledged for 30 min to the recipients that watches name, once (ALERTS 24). */
async function escalate(deps: AlertingDeps, now: number): Promise<void> {
  await eachAlone(await escalatingRooms(deps.db, {}), async ({ roomId }) => {
    for (let after: number | undefined = 0; after !== undefined; ) {
      const from: number = after;
      after = await inTransaction(deps, now, (ctx) => escalateBatch(ctx, roomId, from));
    }
  });
}

const escalatingRooms = compiledQuery((db) =>
  db
    .selectFrom("watches")
    .leftJoin("recipientQueues", "recipient", "roomId")
    .select("roomId")
    .distinct()
    .where("escalates", "=", 1)
    .where("suspendedAt", "is", null)
    .orderBy("roomId"),
);

/** Handles some alerts of the room with numbers above `after`. Returns the last number; undefined if there are no more. */
async function escalateBatch(ctx: TransactionContext, roomId: string, after: number): Promise<number | undefined> {
  const { tx, now } = ctx;
  await lockQueue(ctx, roomId);
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
  const escalating = await readEscalating(ctx, room, ids);
  const escalations = escalating.flatMap((alert) => escalationsOf(room, alert, now));
  await markEscalated(ctx, roomId, escalations);
  await insertNotices(ctx, escalations);
  const recipients = new Set(escalations.map(({ recipient }) => recipientKey(recipient)));
  for (const recipient of [...recipients].sort()) {
    await lockQueue(ctx, recipient);
    await updateDueAt(ctx, recipient);
  }
  return ids.length < IDS_PER_STATEMENT ? undefined : ids.at(-1);
}

async function readEscalating(
  { tx, now }: TransactionContext,
  room: WatchingRoom,
  ids: readonly number[],
): Promise<readonly Alert[]> {
  const alerts = await readAlerts(tx, ids);
  const { desired } = await readStateComparison(tx, room, alerts, now);
  return alerts.filter((alert) => mayEscalate(alert, now) && desired(alert) === "open");
}

interface Escalation extends NewNotice {
  readonly alertId: number;
}

function escalationsOf({ roomId, watches }: WatchingRoom, alert: Alert, now: number): readonly Escalation[] {
  if (alert.drill !== undefined) return [];
  const { id: alertId, generation } = alert;
  const matching = watches.filter((watch) => isWatched(watch, alert, now));
  const named = matching.flatMap(({ options }) => options.escalate ?? []);
  const details = { roomId, space: spaceTitleOf(matching) };
  return [...new Set(named)].map((name) => ({
    recipient: recipientNamed(name),
    kind: "escalation",
    alertId,
    generation,
    details,
  }));
}

async function markEscalated(
  { tx, now }: TransactionContext,
  roomId: string,
  escalations: readonly Escalation[],
): Promise<void> {
  const ids = [...new Set(escalations.map(({ alertId }) => alertId))];
  if (ids.length === 0) return;
  await tx
    .updateTable("notifiedStates")
    .set({ escalatedAt: now })
    .where("roomId", "=", roomId)
    .where("alertId", "in", ids)
    .execute();
}

/** Enqueues the summary of each storm without a new alert for ten minutes (ALERTS 21). */
async function endStorms(deps: AlertingDeps, now: number): Promise<void> {
  await eachAlone(await queuesWithStorm(deps.db, {}), async ({ recipient, storm }) => {
    const isQuiet = storm !== null && (await isStormQuiet({ ...deps, tx: deps.db, now }, recipient, parseStorm(storm)));
    if (isQuiet) await inTransaction(deps, now, (ctx) => endStorm(ctx, recipient));
  });
}

const queuesWithStorm = compiledQuery((db) =>
  db
    .selectFrom("recipientQueues")
    .select(["recipient", "storm"])
    .where("storm", "is not", null)
    .where("suspendedAt", "is", null)
    .orderBy("recipient"),
);

async function endStorm(ctx: TransactionContext, roomId: string): Promise<void> {
  const { storm } = await lockQueue(ctx, roomId);
  if (storm === null || !(await isStormQuiet(ctx, roomId, parseStorm(storm)))) return;
  if (await hasQueuedNotice(ctx.tx, roomId, "storm-end")) return;
  await enqueueAlways(ctx, { recipient: { roomId }, kind: "storm-end" });
}

async function queueDigests(deps: AlertingDeps, now: number): Promise<void> {
  await eachAlone(await dueDigests(deps.db, { now }), (digest) =>
    inTransaction(deps, now, (ctx) => queueDigest(ctx, digest)),
  );
}

const dueDigests = compiledQuery((db, { now }: { now: number }) =>
  db.selectFrom("digests").selectAll().where("nextAt", "<=", now).orderBy("roomId"),
);

interface DueDigest {
  readonly roomId: string;
  readonly time: string;
  readonly zone: string;
  readonly nextAt: number;
  readonly lastAt: number | null;
}

const DAY_MS = 24 * 3_600_000;

/** The digest starts when the previous one was queued, so an event may appear twice but is never missed. */
async function queueDigest(ctx: TransactionContext, { roomId, time, zone, nextAt, lastAt }: DueDigest): Promise<void> {
  const { tx, now } = ctx;
  const { suspendedAt } = await lockQueue(ctx, roomId);
  const { numUpdatedRows } = await tx
    .updateTable("digests")
    .set({ nextAt: nextDigestAt({ time, zone }, now), lastAt: now })
    .where("roomId", "=", roomId)
    .where("nextAt", "=", nextAt)
    .executeTakeFirst();
  if (numUpdatedRows === 0n || suspendedAt !== null || (await hasPendingNotice(tx, roomId, "digest"))) return;
  const details = { since: lastAt ?? now - DAY_MS };
  await enqueue(ctx, { recipient: { roomId }, kind: "digest", generation: nextAt, details });
}
