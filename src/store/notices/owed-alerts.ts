import type { Selectable } from "kysely";
import type { Alert } from "../../domain/alerts/alert.ts";
import { wasMuted } from "../../domain/alerts/mute.ts";
import { isRegression } from "../../domain/notices/group.ts";
import type { AlertNotice, WatchingRoom } from "../../domain/notices/reconcile.ts";
import { chunksOf, IDS, ROWS } from "../chunks.ts";
import type { Tables } from "../schema.ts";
import { readBeliefs } from "./beliefs.ts";
import { lockLine } from "./lines.ts";
import { readRoom } from "./reading.ts";
import { schedule } from "./schedule.ts";
import type { Step } from "./step.ts";

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
    ...{ target: room.roomId, kind, alertId: alert.id, generation: alert.generation },
    ...{ state: "pending" as const, urgent: 0, owedAt, maybeSent: 0 },
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
