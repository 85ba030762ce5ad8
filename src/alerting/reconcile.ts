import type { Kysely, Selectable } from "kysely";
import type { Alert } from "../domain/alerts/alert.ts";
import { isRegression } from "../domain/alerts/grouping.ts";
import { wasMuted } from "../domain/alerts/mute.ts";
import {
  type AlertNoticeKind,
  type DesiredState,
  desiredState,
  type NotifiedState,
  noticeFor,
  type WatchingRoom,
} from "../domain/alerts/reconcile.ts";
import { CUSTOMER_ITEM } from "../domain/customers/record.ts";
import { chunksOf, IDS_PER_STATEMENT, ROWS_PER_STATEMENT } from "../store/chunks.ts";
import type { Tables } from "../store/schema.ts";
import { lockQueue, updateDueAt } from "./queue.ts";
import { readActiveAlerts, readAlert, readAlerts, readNotifiedStates, readRoom, watchingRooms } from "./room-state.ts";
import type { TransactionContext } from "./transaction.ts";

/** Owes every space what these alerts, as they are now, differ from what it was told (ALERTS 19). */
export async function reconcileAlerts(step: TransactionContext, alerts: readonly Alert[]): Promise<void> {
  for (const scope of new Set(alerts.map(({ key }) => key.scope))) {
    const those = await withSiblings(
      step,
      scope,
      alerts.filter(({ key }) => key.scope === scope),
    );
    const drills = those.flatMap(({ drill }) => drill ?? []);
    // Whoever was told of one is owed its end, whatever that space watches by now.
    const told = await readNotifiedRooms(step, those);
    const rooms = new Set([...(await watchingRooms(step.tx, scope)), ...told, ...drills]);
    // Always in the same order, so that two transactions that lock several lines never wait for each other.
    for (const roomId of [...rooms].sort()) await enqueueDifferences(step, roomId, async () => those);
  }
}

async function readNotifiedRooms({ tx }: TransactionContext, alerts: readonly Alert[]): Promise<readonly string[]> {
  const rooms = new Set<string>();
  for (const chunk of chunksOf(
    alerts.map(({ id }) => id),
    IDS_PER_STATEMENT,
  )) {
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

/** The same for one space: of these alerts, which it was told of, or of everything that it may know. */
export function reconcileRoom(step: TransactionContext, roomId: string, alertIds?: readonly number[]): Promise<void> {
  return enqueueDifferences(step, roomId, async (room) => {
    if (alertIds !== undefined) return readAlerts(step.tx, alertIds);
    const live = await readActiveAlerts(step.tx, room);
    const known = new Set(live.map(({ id }) => id));
    const others = (await readNotifiedOpenIds(step, roomId)).filter((id) => !known.has(id));
    return [...live, ...(await readAlerts(step.tx, others))];
  });
}

async function readNotifiedOpenIds({ tx }: TransactionContext, roomId: string): Promise<readonly number[]> {
  const told = await tx
    .selectFrom("notifiedStates")
    .select("alertId")
    .where("roomId", "=", roomId)
    .where("state", "!=", "closed")
    .execute();
  return told.map(({ alertId }) => alertId);
}

/** A package that opens or closes changes whether its customer's own alert is held back (ALERTS 2). */
async function withSiblings(
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
      .where("active", "=", ({ lit }) => lit(1))
      .where("item", "=", "*")
      .execute();
    for (const { id, alert } of rows) if (!byId.has(id)) byId.set(id, readAlert(alert));
  }
  return [...byId.values()];
}

interface RequiredNotice {
  readonly alert: Alert;
  readonly kind: AlertNoticeKind;
  readonly queuedAt: number;
}

/**
 * Owes one space the difference between what it should believe of these alerts and what it was told (ALERTS 18, 19). Everything is
 * read behind the lock of its line: of two who change an alert and a mute at once, the second sees what the first did.
 */
export async function enqueueDifferences(
  step: TransactionContext,
  roomId: string,
  alertsOf: (room: WatchingRoom) => Promise<readonly Alert[]>,
): Promise<void> {
  const line = await lockQueue(step, roomId);
  if (line.suspendedAt !== null || (await hasSummaryNotice(step, roomId))) return;
  const room = await readRoom(step.tx, roomId);
  const { at, dropped, owing } = await compare(step, room, await alertsOf(room));
  if (dropped.length + owing.length === 0) return;
  await cancelNotices(step, dropped);
  await insertRequiredNotices(step, room, { owing, at });
  if (dropped.length > 0 || mayBeDueSooner(step, line, owing)) await updateDueAt(step.tx, roomId, step.timings);
}

/** What waits and has cancelled out, and what is owed and does not wait yet. */
async function compare(step: TransactionContext, room: WatchingRoom, alerts: readonly Alert[]) {
  const beliefs = await readStateComparison(step.tx, room, alerts, step.now);
  const waiting = await readUndeliveredByAlert(step, room.roomId, alerts);
  const dropped: number[] = [];
  const owing: RequiredNotice[] = [];
  for (const alert of alerts) {
    const row = waiting.get(alert.id);
    const kind = beliefs.requiredNotice(alert);
    // What is under way, or may have been said, is compared with what is so once it is through.
    if (row?.state === "claimed" || row?.possiblySent === 1 || row?.kind === kind) continue;
    if (row !== undefined) dropped.push(row.id);
    if (kind !== undefined) owing.push({ alert, kind, queuedAt: row?.queuedAt ?? step.now });
  }
  return { at: beliefs.asOf, dropped, owing };
}

/**
 * Whether what is owed now can change when the next message is due. Behind what waits already it cannot, unless it may hurry
 * (ALERTS 20): the pages of a storm then need not look through all that waits, each of them again.
 */
function mayBeDueSooner(
  { now, timings }: TransactionContext,
  { dueAt, lastGroupSentAt, storm }: Pick<Selectable<Tables["recipientQueues"]>, "dueAt" | "lastGroupSentAt" | "storm">,
  owing: readonly RequiredNotice[],
): boolean {
  if (dueAt === null) return true;
  const isWindowShut = storm === null && lastGroupSentAt !== null && lastGroupSentAt + timings.intervalMs > now;
  return isWindowShut && owing.some(({ alert, kind }) => kind === "alert" && isRegression(alert));
}

/** While one message stands for all that a space is owed, it is owed nothing else (ALERTS 15, 16). */
async function hasSummaryNotice({ tx }: TransactionContext, roomId: string): Promise<boolean> {
  const cover = await tx
    .selectFrom("outbox")
    .select("id")
    .where("recipient", "=", roomId)
    .where("state", "in", ["held", "pending", "claimed"])
    .where("urgent", "=", 1)
    .where("kind", "in", ["baseline", "catch-up"])
    .limit(1)
    .executeTakeFirst();
  return cover !== undefined;
}

async function readUndeliveredByAlert({ tx }: TransactionContext, roomId: string, alerts: readonly Alert[]) {
  const rows = [];
  for (const chunk of chunksOf(
    alerts.map(({ id }) => id),
    IDS_PER_STATEMENT,
  )) {
    const some = await tx
      .selectFrom("outbox")
      .select(["id", "alertId", "kind", "state", "urgent", "possiblySent", "queuedAt"])
      .where("recipient", "=", roomId)
      .where("alertId", "in", chunk)
      .execute();
    // By the database itself this would be looked up in all that waits for the space, and there may be very much.
    rows.push(...some.filter(({ state, urgent }) => urgent === 0 && ["pending", "claimed"].includes(state)));
  }
  return new Map(rows.map((row) => [row.alertId, row]));
}

/** It cancelled out before it was told: counted, and no more (ALERTS 20). */
async function cancelNotices({ tx }: TransactionContext, ids: readonly number[]): Promise<void> {
  for (const chunk of chunksOf(ids, IDS_PER_STATEMENT)) {
    await tx.updateTable("outbox").set({ state: "cancelled" }).where("id", "in", chunk).execute();
  }
}

/** What tells that something is bad, and may have been muted until now (ALERTS 23). */
const OPENING_KINDS: ReadonlySet<AlertNoticeKind> = new Set(["alert", "reopen"]);

async function insertRequiredNotices(
  { tx }: TransactionContext,
  room: WatchingRoom,
  { owing, at }: { readonly owing: readonly RequiredNotice[]; readonly at: number },
): Promise<void> {
  const rows = owing.map(({ alert, kind, queuedAt }) => ({
    recipient: room.roomId,
    kind,
    alertId: alert.id,
    generation: alert.generation,
    state: "pending" as const,
    urgent: 0,
    queuedAt: queuedAt,
    possiblySent: 0,
    regression: kind === "alert" && isRegression(alert) ? 1 : 0,
    details: JSON.stringify(OPENING_KINDS.has(kind) && wasMuted(alert, room.mutes, at) ? { wasMuted: true } : {}),
  }));
  for (const chunk of chunksOf(rows, ROWS_PER_STATEMENT)) {
    await tx
      .insertInto("outbox")
      .values(chunk)
      .onConflict((conflict) =>
        conflict
          .columns(["recipient", "alertId", "generation", "kind"])
          .doUpdateSet((is) => ({
            state: "pending",
            queuedAt: is.ref("excluded.queuedAt"),
            details: is.ref("excluded.details"),
          }))
          .where("outbox.state", "=", "cancelled"),
      )
      .execute();
  }
}

type Db = Kysely<Tables>;

/** What a space should believe of alerts, and what it was told of them. */
export interface StateComparison {
  /** As of when. */
  readonly asOf: number;
  notified(alert: Alert): NotifiedState | undefined;
  desired(alert: Alert): DesiredState;
  requiredNotice(alert: Alert): AlertNoticeKind | undefined;
}

/** The beliefs about these alerts, as of `now`. */
export async function readStateComparison(
  db: Db,
  room: WatchingRoom,
  alerts: readonly Alert[],
  now: number,
): Promise<StateComparison> {
  const asOf = await evaluationTime(db, room, now);
  const burdened = await readInhibitingCustomers(db, room, alerts);
  const rows = await readNotifiedStates(
    db,
    room.roomId,
    alerts.map(({ id }) => id),
  );
  const byAlert = new Map(rows.map((one) => [one.alertId, one]));
  const notified = ({ id }: Alert) => byAlert.get(id);
  const desired = (alert: Alert) =>
    desiredState(
      { alert, inhibited: alert.key.item === CUSTOMER_ITEM && burdened.has(inhibitionKey(alert.key)) },
      room,
      asOf,
    );
  return {
    asOf,
    notified,
    desired,
    requiredNotice: (alert) => noticeFor(desired(alert), alert, notified(alert)),
  };
}

/**
 * Who comes second may have looked at the clock first: what waited for its turn, or another instance. A mute whose end was seen
 * to has ended for good, and what was owed for that must not be taken for muted.
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

/** The customers of which a package is open, which says more than the customer itself (ALERTS 2). */
async function readInhibitingCustomers(
  db: Db,
  { scope }: WatchingRoom,
  alerts: readonly Alert[],
): Promise<ReadonlySet<string>> {
  const wholes = alerts.flatMap(({ key }) => (key.item === CUSTOMER_ITEM ? [key.customerId] : []));
  const burdened = new Set<string>();
  for (const chunk of chunksOf([...new Set(wholes)], IDS_PER_STATEMENT)) {
    const rows = await db
      .selectFrom("alerts")
      .select(["customerId", "kind"])
      .where("scope", "=", scope)
      .where("customerId", "in", chunk)
      .where("item", "!=", CUSTOMER_ITEM)
      .where("state", "!=", "closed")
      .execute();
    for (const row of rows) burdened.add(inhibitionKey(row));
  }
  return burdened;
}

const inhibitionKey = ({ customerId, kind }: { readonly customerId: string; readonly kind: string }) =>
  `${kind} ${customerId}`;
