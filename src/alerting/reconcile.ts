import type { Kysely, Selectable } from "kysely";
import type { Alert } from "../domain/alerts/alert.ts";
import { wasMuted } from "../domain/alerts/mute.ts";
import { WHOLE } from "../domain/customers/record.ts";
import { isRegression } from "../domain/notices/group.ts";
import {
  type AlertNotice,
  type Announced,
  type Desired,
  desiredOf,
  owedFor,
  type WatchingRoom,
} from "../domain/notices/reconcile.ts";
import { chunksOf, IDS, ROWS } from "../store/chunks.ts";
import type { Tables } from "../store/schema.ts";
import { lockLine, schedule } from "./queue.ts";
import { readAlert, readAlerts, readLive, readRoom, readTold, watchingRooms } from "./room-state.ts";
import type { Step } from "./transaction.ts";

/** Owes every space what these alerts, as they are now, differ from what it was told (ALERTS 19). */
export async function settleAlerts(step: Step, alerts: readonly Alert[]): Promise<void> {
  for (const scope of new Set(alerts.map(({ key }) => key.scope))) {
    const those = await withSiblings(
      step,
      scope,
      alerts.filter(({ key }) => key.scope === scope),
    );
    const drills = those.flatMap(({ drill }) => drill ?? []);
    // Whoever was told of one is owed its end, whatever that space watches by now.
    const told = await toldRooms(step, those);
    const rooms = new Set([...(await watchingRooms(step.tx, scope)), ...told, ...drills]);
    // Always in the same order, so that two transactions that lock several lines never wait for each other.
    for (const roomId of [...rooms].sort()) await settleIn(step, roomId, async () => those);
  }
}

async function toldRooms({ tx }: Step, alerts: readonly Alert[]): Promise<readonly string[]> {
  const rooms = new Set<string>();
  for (const chunk of chunksOf(
    alerts.map(({ id }) => id),
    IDS,
  )) {
    const rows = await tx
      .selectFrom("announced")
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
export function settleRoom(step: Step, roomId: string, alertIds?: readonly number[]): Promise<void> {
  return settleIn(step, roomId, async (room) => {
    if (alertIds !== undefined) return readAlerts(step.tx, alertIds);
    const live = await readLive(step.tx, room);
    const known = new Set(live.map(({ id }) => id));
    const others = (await toldOf(step, roomId)).filter((id) => !known.has(id));
    return [...live, ...(await readAlerts(step.tx, others))];
  });
}

async function toldOf({ tx }: Step, roomId: string): Promise<readonly number[]> {
  const told = await tx
    .selectFrom("announced")
    .select("alertId")
    .where("roomId", "=", roomId)
    .where("state", "!=", "closed")
    .execute();
  return told.map(({ alertId }) => alertId);
}

/** A package that opens or closes changes whether its customer's own alert is held back (ALERTS 2). */
async function withSiblings(
  { tx }: Step,
  scope: string,
  alerts: readonly Alert[],
): Promise<readonly Alert[]> {
  const byId = new Map(alerts.map((alert) => [alert.id, alert]));
  for (const chunk of chunksOf([...new Set(alerts.map(({ key }) => key.customerId))], IDS)) {
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

interface Owing {
  readonly alert: Alert;
  readonly kind: AlertNotice;
  readonly owedAt: number;
}

/**
 * Owes one space the difference between what it should believe of these alerts and what it was told (ALERTS 18, 19). Everything is
 * read behind the lock of its line: of two who change an alert and a mute at once, the second sees what the first did.
 */
export async function settleIn(
  step: Step,
  roomId: string,
  alertsOf: (room: WatchingRoom) => Promise<readonly Alert[]>,
): Promise<void> {
  const line = await lockLine(step, roomId);
  if (line.suspendedAt !== null || (await isCovered(step, roomId))) return;
  const room = await readRoom(step.tx, roomId);
  const { at, dropped, owing } = await compare(step, room, await alertsOf(room));
  if (dropped.length + owing.length === 0) return;
  await drop(step, dropped);
  await owe(step, room, { owing, at });
  if (dropped.length > 0 || mayComeSooner(step, line, owing)) await schedule(step.tx, roomId, step.timings);
}

/** What waits and has cancelled out, and what is owed and does not wait yet. */
async function compare(step: Step, room: WatchingRoom, alerts: readonly Alert[]) {
  const beliefs = await readBeliefs(step.tx, room, alerts, step.now);
  const waiting = await readPending(step, room.roomId, alerts);
  const dropped: number[] = [];
  const owing: Owing[] = [];
  for (const alert of alerts) {
    const row = waiting.get(alert.id);
    const kind = beliefs.owed(alert);
    // What is under way, or may have been said, is compared with what is so once it is through.
    if (row?.state === "claimed" || row?.maybeSent === 1 || row?.kind === kind) continue;
    if (row !== undefined) dropped.push(row.id);
    if (kind !== undefined) owing.push({ alert, kind, owedAt: row?.owedAt ?? step.now });
  }
  return { at: beliefs.at, dropped, owing };
}

/**
 * Whether what is owed now can change when the next message is due. Behind what waits already it cannot, unless it may hurry
 * (ALERTS 20): the pages of a storm then need not look through all that waits, each of them again.
 */
function mayComeSooner(
  { now, timings }: Step,
  { dueAt, flushedAt, storm }: Pick<Selectable<Tables["lines"]>, "dueAt" | "flushedAt" | "storm">,
  owing: readonly Owing[],
): boolean {
  if (dueAt === null) return true;
  const isWindowShut = storm === null && flushedAt !== null && flushedAt + timings.intervalMs > now;
  return isWindowShut && owing.some(({ alert, kind }) => kind === "alert" && isRegression(alert));
}

/** While one message stands for all that a space is owed, it is owed nothing else (ALERTS 15, 16). */
async function isCovered({ tx }: Step, roomId: string): Promise<boolean> {
  const cover = await tx
    .selectFrom("outbox")
    .select("id")
    .where("target", "=", roomId)
    .where("state", "in", ["held", "pending", "claimed"])
    .where("urgent", "=", 1)
    .where("kind", "in", ["baseline", "catch-up"])
    .limit(1)
    .executeTakeFirst();
  return cover !== undefined;
}

async function readPending({ tx }: Step, roomId: string, alerts: readonly Alert[]) {
  const rows = [];
  for (const chunk of chunksOf(
    alerts.map(({ id }) => id),
    IDS,
  )) {
    const some = await tx
      .selectFrom("outbox")
      .select(["id", "alertId", "kind", "state", "urgent", "maybeSent", "owedAt"])
      .where("target", "=", roomId)
      .where("alertId", "in", chunk)
      .execute();
    // By the database itself this would be looked up in all that waits for the space, and there may be very much.
    rows.push(...some.filter(({ state, urgent }) => urgent === 0 && ["pending", "claimed"].includes(state)));
  }
  return new Map(rows.map((row) => [row.alertId, row]));
}

/** It cancelled out before it was told: counted, and no more (ALERTS 20). */
async function drop({ tx }: Step, ids: readonly number[]): Promise<void> {
  for (const chunk of chunksOf(ids, IDS)) {
    await tx.updateTable("outbox").set({ state: "transient" }).where("id", "in", chunk).execute();
  }
}

/** What tells that something is bad, and may have been muted until now (ALERTS 23). */
const BEGINS: ReadonlySet<AlertNotice> = new Set(["alert", "reopen"]);

async function owe(
  { tx }: Step,
  room: WatchingRoom,
  { owing, at }: { readonly owing: readonly Owing[]; readonly at: number },
): Promise<void> {
  const rows = owing.map(({ alert, kind, owedAt }) => ({
    target: room.roomId,
    kind,
    alertId: alert.id,
    generation: alert.generation,
    state: "pending" as const,
    urgent: 0,
    owedAt,
    maybeSent: 0,
    regression: kind === "alert" && isRegression(alert) ? 1 : 0,
    says: JSON.stringify(BEGINS.has(kind) && wasMuted(alert, room.mutes, at) ? { wasMuted: true } : {}),
  }));
  for (const chunk of chunksOf(rows, ROWS)) {
    await tx
      .insertInto("outbox")
      .values(chunk)
      .onConflict((conflict) =>
        conflict
          .columns(["target", "alertId", "generation", "kind"])
          .doUpdateSet((is) => ({
            state: "pending",
            owedAt: is.ref("excluded.owedAt"),
            says: is.ref("excluded.says"),
          }))
          .where("outbox.state", "=", "transient"),
      )
      .execute();
  }
}

type Db = Kysely<Tables>;

/** What a space should believe of alerts, and what it was told of them. */
export interface Beliefs {
  /** As of when. */
  readonly at: number;
  told(alert: Alert): Announced | undefined;
  desired(alert: Alert): Desired;
  owed(alert: Alert): AlertNotice | undefined;
}

/** The beliefs about these alerts, as of `now`. */
export async function readBeliefs(
  db: Db,
  room: WatchingRoom,
  alerts: readonly Alert[],
  now: number,
): Promise<Beliefs> {
  const at = await notBefore(db, room, now);
  const burdened = await readBurdened(db, room, alerts);
  const rows = await readTold(
    db,
    room.roomId,
    alerts.map(({ id }) => id),
  );
  const byAlert = new Map(rows.map((one) => [one.alertId, one]));
  const told = ({ id }: Alert) => byAlert.get(id);
  const desired = (alert: Alert) =>
    desiredOf({ alert, heldBack: alert.key.item === WHOLE && burdened.has(burdenOf(alert.key)) }, room, at);
  return { at, told, desired, owed: (alert) => owedFor(desired(alert), alert, told(alert)) };
}

/**
 * Who comes second may have looked at the clock first: what waited for its turn, or another instance. A mute whose end was seen
 * to has ended for good, and what was owed for that must not be taken for muted.
 */
async function notBefore(db: Db, { roomId }: WatchingRoom, now: number): Promise<number> {
  const { last } = await db
    .selectFrom("mutes")
    .select(({ fn }) => fn.max("until").as("last"))
    .where("roomId", "=", roomId)
    .where("ended", "=", 1)
    .executeTakeFirstOrThrow();
  return Math.max(now, last ?? 0);
}

/** The customers of which a package is open, which says more than the customer itself (ALERTS 2). */
async function readBurdened(
  db: Db,
  { scope }: WatchingRoom,
  alerts: readonly Alert[],
): Promise<ReadonlySet<string>> {
  const wholes = alerts.flatMap(({ key }) => (key.item === WHOLE ? [key.customerId] : []));
  const burdened = new Set<string>();
  for (const chunk of chunksOf([...new Set(wholes)], IDS)) {
    const rows = await db
      .selectFrom("alerts")
      .select(["customerId", "kind"])
      .where("scope", "=", scope)
      .where("customerId", "in", chunk)
      .where("item", "!=", WHOLE)
      .where("state", "!=", "closed")
      .execute();
    for (const row of rows) burdened.add(burdenOf(row));
  }
  return burdened;
}

const burdenOf = ({ customerId, kind }: { readonly customerId: string; readonly kind: string }) =>
  `${kind} ${customerId}`;
