import { type Alert, isActive } from "../domain/alerts/alert.ts";
import { isRegression } from "../domain/alerts/grouping.ts";
import { wasMuted } from "../domain/alerts/mute.ts";
import { SUMMARY_KINDS } from "../domain/alerts/notice.ts";
import {
  type AlertNoticeKind,
  type DesiredState,
  desiredState,
  type NotifiedState,
  noticeFor,
  type WatchingRoom,
} from "../domain/alerts/reconcile.ts";
import { hasPassed, isEntry, waitsForReading } from "../domain/alerts/short-alerts.ts";
import { isOfStorm, nextLookAt, type Storm } from "../domain/alerts/storm.ts";
import { CUSTOMER_ITEM } from "../domain/customers/record.ts";
import { chunksOf, IDS_PER_STATEMENT } from "../store/chunks.ts";
import { parseAlert, readAlerts, readTrackedAlerts } from "./alert-rows.ts";
import { oweEditsOfPassed } from "./card-edits.ts";
import { isOutdated } from "./dead-letters.ts";
import {
  convertToCameAndWent,
  insertOutboxRows,
  lockQueue,
  newOutboxRow,
  type OutboxRow,
  type PassedNotice,
  parseQueue,
  type QueueRow,
  updateDueAt,
} from "./queue.ts";
import { readNotifiedOpenIds, readNotifiedStates, readRoom, watchingRooms } from "./room-state.ts";
import type { Db, TransactionContext } from "./transaction.ts";

/** Enqueues, for each room, the notices that bring what it was told up to the present state of these alerts (ALERTS 19). */
export async function reconcileAlerts(ctx: TransactionContext, alerts: readonly Alert[]): Promise<void> {
  for (const scope of new Set(alerts.map(({ key }) => key.scope))) {
    const ofScope = alerts.filter(({ key }) => key.scope === scope);
    const affected = await withCustomerAlerts(ctx, scope, ofScope);
    const drills = affected.flatMap(({ drill }) => drill ?? []);
    // A room that was notified of an alert is notified of its end, even if it does not watch it any more.
    const notified = await readNotifiedRooms(ctx, affected);
    const rooms = new Set([...(await watchingRooms(ctx.tx, scope)), ...notified, ...drills]);
    // Sorted, so that two transactions that lock several queues never wait for each other.
    for (const roomId of [...rooms].sort())
      await oweEditsOfPassed(ctx, roomId, await enqueueDifferences(ctx, roomId, async () => affected));
  }
}

/** With the alerts of the customers themselves, because an alert of an item inhibits them (ALERTS 2). */
async function withCustomerAlerts(
  { tx }: TransactionContext,
  scope: string,
  alerts: readonly Alert[],
): Promise<readonly Alert[]> {
  const byId = new Map(alerts.map((alert) => [alert.id, alert]));
  for (const chunk of chunksOf([...new Set(alerts.map(({ key }) => key.customerId))], IDS_PER_STATEMENT)) {
    const rows = await tx
      .selectFrom("alerts")
      .select(["id", "alert"])
      .where("scope", "=", scope)
      .where("customerId", "in", chunk)
      .where("tracked", "=", ({ lit }) => lit(1))
      .where("item", "=", "*")
      .execute();
    for (const { id, alert } of rows) if (!byId.has(id)) byId.set(id, parseAlert(alert));
  }
  return [...byId.values()];
}

async function readNotifiedRooms({ tx }: TransactionContext, alerts: readonly Alert[]): Promise<readonly string[]> {
  const rooms = new Set<string>();
  const ids = alerts.map(({ id }) => id);
  for (const chunk of chunksOf(ids, IDS_PER_STATEMENT)) {
    const rows = await tx
      .selectFrom("notifiedStates")
      .select("roomId")
      .distinct()
      .where("alertId", "in", chunk)
      .where("state", "!=", "closed")
      .execute();
    for (const { roomId } of rows) rooms.add(roomId);
  }
  return [...rooms];
}

/** The same for one room: for these alerts, or for all that are tracked or that it was told of. */
export async function reconcileRoom(
  ctx: TransactionContext,
  roomId: string,
  alertIds?: readonly number[],
): Promise<void> {
  await enqueueDifferences(ctx, roomId, async (room) => {
    if (alertIds !== undefined) return readAlerts(ctx.tx, alertIds);
    const tracked = await readTrackedAlerts(ctx.tx, room);
    const trackedIds = new Set(tracked.map(({ id }) => id));
    const others = (await readNotifiedOpenIds(ctx.tx, roomId)).filter((id) => !trackedIds.has(id));
    return [...tracked, ...(await readAlerts(ctx.tx, others))];
  });
}

/**
 * Enqueues the notices of these alerts that a room still needs (ALERTS 18, 19). Everything is read while its queue is locked: if an
 * alert and a mute change at the same time, the second transaction sees the change of the first. Returns the alerts that are over
 * and of which nothing is to be told, though the room was told of them before: only its cards may show the last error.
 */
async function enqueueDifferences(
  ctx: TransactionContext,
  roomId: string,
  alertsOf: (room: WatchingRoom) => Promise<readonly Alert[]>,
): Promise<readonly Alert[]> {
  const queue = await lockQueue(ctx, roomId);
  if (queue.suspendedAt !== null || (await hasSummaryNotice(ctx, roomId))) return [];
  const room = await readRoom(ctx.tx, roomId);
  const { storm } = parseQueue(queue);
  const differences = await findDifferences(ctx, { room, storm }, await alertsOf(room));
  const { asOf, dropped, passed, moved, required, untold } = differences;
  const isChanged = dropped.length + passed.length + moved.length > 0;
  if (!isChanged && required.length === 0) return untold;
  await cancelNotices(ctx, dropped);
  for (const one of passed) await convertToCameAndWent(ctx, roomId, one);
  const over = passed.map(({ alert }) => alert);
  await oweEditsOfPassed(ctx, roomId, over);
  for (const { id, state } of moved) await ctx.tx.updateTable("outbox").set({ state }).where("id", "=", id).execute();
  await insertRequiredNotices(ctx, room, { required, asOf });
  if (isChanged || mayBeDueSooner(ctx, queue, required)) await updateDueAt(ctx, roomId);
  return untold;
}

/** While a summary notice waits, nothing else is enqueued for the room (ALERTS 15, 16). */
async function hasSummaryNotice({ tx }: TransactionContext, roomId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("outbox")
    .select("id")
    .where("recipient", "=", roomId)
    .where("state", "in", ["held", "pending", "claimed"])
    .where("urgent", "=", 1)
    .where("kind", "in", SUMMARY_KINDS)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

interface Differences {
  /** Until when the mutes count, epoch milliseconds. */
  readonly asOf: number;
  /** The pending notices that cancelled out. */
  readonly dropped: readonly number[];
  /** The pending notices whose alert was over before they were sent. */
  readonly passed: readonly PassedNotice[];
  /** The notices that are held from now on, or not any more, because their alert is healing or is not. */
  readonly moved: readonly { readonly id: number; readonly state: WaitingState }[];
  /** The notices that are required and not queued yet. */
  readonly required: readonly RequiredNotice[];
  /** The alerts that are over again, and of which the room, which was told of them before, is told nothing. */
  readonly untold: readonly Alert[];
}

interface RequiredNotice {
  readonly alert: Alert;
  readonly kind: AlertNoticeKind;
  readonly state: WaitingState;
  readonly queuedAt: number;
  /** The storm of the room tells it (ALERTS 21). */
  readonly isOfStorm: boolean;
}

type WaitingState = "held" | "pending";

async function findDifferences(
  ctx: TransactionContext,
  { room, storm }: { readonly room: WatchingRoom; readonly storm: Storm | undefined },
  alerts: readonly Alert[],
): Promise<Differences> {
  const comparison = await readStateComparison(ctx.tx, room, alerts, ctx.now);
  const queued = await readQueuedByAlert(ctx, room.roomId, alerts);
  const changes = alerts.map((alert) => {
    const kind = comparison.requiredNotice(alert);
    const ofStorm =
      storm !== undefined &&
      kind !== undefined &&
      isOfStorm(storm, { kind, alert, notified: comparison.notified(alert) });
    return differenceOf({ alert, kind, isOfStorm: ofStorm }, queued.get(alert.id), ctx.now);
  });
  return {
    asOf: comparison.asOf,
    dropped: changes.flatMap(({ dropped = [] }) => dropped),
    passed: changes.flatMap(({ passed = [] }) => passed),
    moved: changes.flatMap(({ moved = [] }) => moved),
    required: changes.flatMap(({ required = [] }) => required),
    untold: alerts.filter(
      (alert) => !isActive(alert) && comparison.notified(alert)?.state === "closed" && !queued.has(alert.id),
    ),
  };
}

type QueuedRow = Pick<OutboxRow, "id" | "kind" | "state" | "possiblySent" | "queuedAt">;

interface Needed extends Pick<RequiredNotice, "alert" | "isOfStorm"> {
  readonly kind: AlertNoticeKind | undefined;
}

/** Compares the waiting notice of an alert with the required one: the former is kept, moved, converted or dropped. */
function differenceOf(
  { alert, kind, isOfStorm: ofStorm }: Needed,
  rows: readonly QueuedRow[] = [],
  now: number,
): Partial<Differences> {
  // Beside a notice that was dead and is tried again, a newer one may wait.
  const row = rows.find(isUnderWay) ?? rows[0];
  const others = rows.flatMap((one) => (one === row || isUnderWay(one) ? [] : [one.id]));
  const state = kind !== undefined && waitsForReading(alert, kind) ? "held" : "pending";
  const queuedAt = row?.queuedAt ?? now;
  const required = kind === undefined ? [] : [{ alert, kind, state, queuedAt, isOfStorm: ofStorm } as const];
  if (row === undefined) return { required };
  if (isUnderWay(row)) return { dropped: others };
  if (row.kind === kind) return { dropped: others, moved: row.state === state ? [] : [{ id: row.id, state }] };
  return hasPassed(row.kind, alert)
    ? { required, dropped: others, passed: [{ noticeId: row.id, alert }] }
    : { required, dropped: [row.id, ...others] };
}

/** A claimed notice, or one that may have been posted, is compared again when it is delivered. */
const isUnderWay = ({ state, possiblySent }: QueuedRow): boolean => state === "claimed" || possiblySent === 1;

/** Oldest first. */
async function readQueuedByAlert({ tx }: TransactionContext, roomId: string, alerts: readonly Alert[]) {
  const rows = [];
  const ids = alerts.map(({ id }) => id);
  for (const chunk of chunksOf(ids, IDS_PER_STATEMENT)) {
    const ofChunk = await tx
      .selectFrom("outbox")
      .select(["id", "alertId", "kind", "state", "urgent", "possiblySent", "queuedAt"])
      .where("recipient", "=", roomId)
      .where("alertId", "in", chunk)
      .execute();
    // In SQL, this condition would make the database search all notices of the room.
    rows.push(...ofChunk.filter(isQueuedForAlert));
  }
  const byAlert = new Map<number, QueuedRow[]>();
  for (const row of rows.sort((a, b) => a.id - b.id)) {
    const known = byAlert.get(row.alertId);
    if (known === undefined) byAlert.set(row.alertId, [row]);
    else known.push(row);
  }
  return byAlert;
}

/** True for a row that waits to tell the present state of its alert. */
export function isQueuedForAlert({ state, urgent, kind }: Pick<OutboxRow, "state" | "urgent" | "kind">): boolean {
  return urgent === 0 && kind !== "came-and-went" && QUEUED.includes(state);
}

const QUEUED: readonly OutboxRow["state"][] = ["held", "pending", "claimed"];

async function cancelNotices({ tx }: TransactionContext, ids: readonly number[]): Promise<void> {
  for (const chunk of chunksOf(ids, IDS_PER_STATEMENT)) {
    await tx.updateTable("outbox").set({ state: "cancelled" }).where("id", "in", chunk).execute();
  }
}

async function insertRequiredNotices(
  { tx }: TransactionContext,
  room: WatchingRoom,
  { required, asOf }: Pick<Differences, "required" | "asOf">,
): Promise<void> {
  const doubtful = required.some(({ kind }) => isEntry(kind)) ? await readDoubtful(tx, room.roomId) : NONE;
  const rows = required.map(({ alert, kind, state, queuedAt, isOfStorm: ofStorm }) =>
    newOutboxRow({
      possiblySent: isEntry(kind) && doubtful.has(alert.id) ? 1 : 0,
      recipient: room.roomId,
      kind,
      state,
      alertId: alert.id,
      generation: alert.generation,
      urgent: 0,
      storm: ofStorm ? 1 : 0,
      queuedAt,
      regression: kind === "alert" && isRegression(alert) ? 1 : 0,
      details: JSON.stringify(isEntry(kind) && wasMuted(alert, room.mutes, asOf) ? { wasMuted: true } : {}),
    }),
  );
  // A notice that was sent, though what the room knows of it is lost, is sent again. A dead one is tried at its own time.
  await insertOutboxRows(tx, rows, ["cancelled", "sent"]);
}

const NONE: ReadonlySet<number> = new Set();

/** The alerts of which a dead notice may have told the room already, so that the next one may repeat it (ALERTS 28). */
async function readDoubtful(tx: Db, roomId: string): Promise<ReadonlySet<number>> {
  const rows = await tx
    .selectFrom("outbox")
    .select(["alertId", "kind"])
    .where("recipient", "=", roomId)
    .where("state", "=", "dead")
    .where("possiblySent", "=", 1)
    .where((is) => is.not(isOutdated(is)))
    .execute();
  return new Set(rows.filter(({ kind }) => isEntry(kind)).map(({ alertId }) => alertId));
}

/**
 * True if the new notices can make the next message due earlier: only if none waited, if what waited came and went, or if one may
 * leave before the window ends (ALERTS 20) or before the storm is looked at again (21). Otherwise each page of a storm would read
 * all notices that wait.
 */
function mayBeDueSooner(
  { now, timings }: TransactionContext,
  row: QueueRow,
  required: readonly RequiredNotice[],
): boolean {
  const { storm, lastGroupSentAt = 0 } = parseQueue(row);
  const { dueAt } = row;
  if (dueAt === null) return true;
  const namedAt = Math.max(now + timings.waitMs, lastGroupSentAt + timings.intervalMs);
  if (storm !== undefined) {
    const lookAt = nextLookAt(storm, timings.intervalMs, now);
    const soonest = (one: RequiredNotice) => (one.isOfStorm ? one.kind === "alert" && dueAt > lookAt : dueAt > namedAt);
    return required.some(soonest);
  }
  if (dueAt > namedAt) return true;
  const isWindowShut = lastGroupSentAt > 0 && lastGroupSentAt + timings.intervalMs > now;
  return isWindowShut && required.some(({ alert, kind }) => kind === "alert" && isRegression(alert));
}

/** Compares what a room was told of an alert with what it should be told; a notice removes the difference. */
export interface StateComparison {
  /** Epoch milliseconds; not before the end of a mute that was ended already. */
  readonly asOf: number;
  notified(alert: Alert): NotifiedState | undefined;
  desired(alert: Alert): DesiredState;
  requiredNotice(alert: Alert): AlertNoticeKind | undefined;
}

export async function readStateComparison(
  db: Db,
  room: WatchingRoom,
  alerts: readonly Alert[],
  now: number,
): Promise<StateComparison> {
  const asOf = await evaluationTime(db, room, now);
  const inhibiting = await readInhibitingCustomers(db, room, alerts);
  const ids = alerts.map(({ id }) => id);
  const rows = await readNotifiedStates(db, room.roomId, ids);
  const byAlert = new Map(rows.map((row) => [row.alertId, row]));
  const notified = ({ id }: Alert) => byAlert.get(id);
  const isInhibited = ({ key }: Alert) => key.item === CUSTOMER_ITEM && inhibiting.has(inhibitionKey(key));
  const desired = (alert: Alert) => desiredState({ alert, inhibited: isInhibited(alert) }, room, asOf);
  return {
    asOf,
    notified,
    desired,
    requiredNotice: (alert) => noticeFor(desired(alert), alert, notified(alert)),
  };
}

/**
 * `now` may be older than the end of a mute that another transaction has already ended. Never evaluate before that end, or the
 * notices that it enqueued are muted again.
 */
async function evaluationTime(db: Db, { roomId }: WatchingRoom, now: number): Promise<number> {
  const { last } = await db
    .selectFrom("mutes")
    .select(({ fn }) => fn.max("until").as("last"))
    .where("roomId", "=", roomId)
    .where("ended", "=", 1)
    .executeTakeFirstOrThrow();
  return Math.max(now, last ?? 0);
}

/** The customers whose own alert is not told, because an alert of the same kind is active for one of their items (ALERTS 2). */
async function readInhibitingCustomers(
  db: Db,
  { scope }: WatchingRoom,
  alerts: readonly Alert[],
): Promise<ReadonlySet<string>> {
  const customerIds = alerts.flatMap(({ key }) => (key.item === CUSTOMER_ITEM ? [key.customerId] : []));
  const inhibiting = new Set<string>();
  for (const chunk of chunksOf([...new Set(customerIds)], IDS_PER_STATEMENT)) {
    const rows = await db
      .selectFrom("alerts")
      .select(["customerId", "kind"])
      .where("scope", "=", scope)
      .where("customerId", "in", chunk)
      .where("item", "!=", CUSTOMER_ITEM)
      .where("state", "!=", "closed")
      .execute();
    for (const row of rows) inhibiting.add(inhibitionKey(row));
  }
  return inhibiting;
}

const inhibitionKey = ({ customerId, kind }: { readonly customerId: string; readonly kind: string }) =>
  `${kind} ${customerId}`;
