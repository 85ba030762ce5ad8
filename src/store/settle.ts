import type { Alert } from "../domain/alerts/alert.ts";
import { wasMuted } from "../domain/alerts/mute.ts";
import { isRegression } from "../domain/notices/group.ts";
import type { AlertNotice, WatchingRoom } from "../domain/notices/reconcile.ts";
import { chunksOf, IDS, ROWS } from "./chunks.ts";
import { readBeliefs } from "./outbox-beliefs.ts";
import { lockLine } from "./outbox-lines.ts";
import { readAlert, readAlerts, readLive, readRoom } from "./outbox-reading.ts";
import type { Step } from "./outbox-step.ts";
import { schedule } from "./schedule.ts";
import { watchingRooms } from "./watching.ts";

/** Owes every space what these alerts, as they are now, differ from what it was told (ALERTS 19). */
export async function settleAlerts(step: Step, alerts: readonly Alert[]): Promise<void> {
  for (const scope of new Set(alerts.map(({ key }) => key.scope))) {
    const those = await withSiblings(
      step,
      scope,
      alerts.filter(({ key }) => key.scope === scope),
    );
    // Always in the same order, so that two transactions that lock several lines never wait for each other.
    for (const roomId of await concernedRooms(step, scope, those)) {
      await settleIn(step, await readRoom(step.tx, roomId), those);
    }
  }
}

/** The same for one space, and everything that it may know: its watches or mutes have changed. */
export async function settleRoom(step: Step, roomId: string): Promise<void> {
  const room = await readRoom(step.tx, roomId);
  const live = await readLive(step.tx, room);
  const told = await step.tx
    .selectFrom("announced")
    .select("alertId")
    .where("roomId", "=", roomId)
    .where("state", "!=", "closed")
    .execute();
  const known = new Set(live.map(({ id }) => id));
  const others = await readAlerts(
    step.tx,
    told.map(({ alertId }) => alertId).filter((id) => !known.has(id)),
  );
  await settleIn(step, room, [...live, ...others]);
}

/** The same for one space and these alerts, which it was told of. */
export async function settleTold(step: Step, roomId: string, alertIds: readonly number[]): Promise<void> {
  await settleIn(step, await readRoom(step.tx, roomId), await readAlerts(step.tx, alertIds));
}

/** Those that watch, and those that were told and watch no more: the end of what was told is told all the same. */
async function concernedRooms(
  { tx }: Step,
  scope: string,
  alerts: readonly Alert[],
): Promise<readonly string[]> {
  const rooms = new Set(await watchingRooms(tx, scope));
  for (const chunk of chunksOf(alerts, IDS)) {
    const told = await tx
      .selectFrom("announced")
      .select("roomId")
      .distinct()
      .where(
        "alertId",
        "in",
        chunk.map(({ id }) => id),
      )
      .where("state", "!=", "closed")
      .execute();
    for (const { roomId } of told) rooms.add(roomId);
  }
  for (const { drill } of alerts) if (drill !== undefined) rooms.add(drill);
  return [...rooms].sort();
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

async function settleIn(step: Step, room: WatchingRoom, alerts: readonly Alert[]): Promise<void> {
  const { roomId } = room;
  const line = await lockLine(step, roomId);
  if (line.suspendedAt !== null || (await isCovered(step, roomId))) return;
  const beliefs = await readBeliefs(step.tx, room, alerts, step.now);
  const waiting = await readPending(step, roomId, alerts);
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
  if (dropped.length + owing.length === 0) return;
  await drop(step, dropped);
  await owe(step, room, owing);
  await schedule(step.tx, roomId, step.timings);
}

/** While one message stands for all that a space is owed, it is owed nothing else (ALERTS 15, 16). */
async function isCovered({ tx }: Step, roomId: string): Promise<boolean> {
  const cover = await tx
    .selectFrom("outbox")
    .select("id")
    .where("target", "=", roomId)
    .where("state", "in", ["held", "pending", "claimed"])
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
      .select(["id", "alertId", "kind", "state", "maybeSent", "owedAt"])
      .where("target", "=", roomId)
      .where("state", "in", ["pending", "claimed"])
      .where("urgent", "=", 0)
      .where("alertId", "in", chunk)
      .execute();
    rows.push(...some);
  }
  return new Map(rows.map((row) => [row.alertId, row]));
}

/** It cancelled out before it was told: counted, and no more (ALERTS 20). */
async function drop({ tx }: Step, ids: readonly number[]): Promise<void> {
  for (const chunk of chunksOf(ids, IDS)) {
    await tx.updateTable("outbox").set({ state: "transient" }).where("id", "in", chunk).execute();
  }
}

async function owe({ tx, now }: Step, room: WatchingRoom, owing: readonly Owing[]): Promise<void> {
  const rows = owing.map(({ alert, kind, owedAt }) => ({
    ...{ target: room.roomId, kind, alertId: alert.id, generation: alert.generation },
    ...{ state: "pending" as const, urgent: 0, owedAt, maybeSent: 0 },
    regression: kind === "alert" && isRegression(alert) ? 1 : 0,
    says: JSON.stringify(kind === "alert" && wasMuted(alert, room.mutes, now) ? { wasMuted: true } : {}),
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
