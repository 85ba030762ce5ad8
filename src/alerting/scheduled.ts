import type { Kysely } from "kysely";
import type { Alert } from "../domain/alerts/alert.ts";
import type { Watching } from "../domain/alerts/blind.ts";
import type { Target } from "../domain/notices/outbox.ts";
import type { WatchingRoom } from "../domain/notices/reconcile.ts";
import { ESCALATE_MS, isUnattended, remindAt } from "../domain/notices/remind.ts";
import { nextDigestAt } from "../domain/notices/schedule.ts";
import { isOver } from "../domain/notices/storm.ts";
import { isWanted, spaceOf } from "../domain/notices/watch.ts";
import { IDS } from "../store/chunks.ts";
import type { Tables } from "../store/schema.ts";
import { writeAnnounced } from "./delivered.ts";
import { aboutReminder } from "./message-input.ts";
import {
  isWaiting,
  lockLine,
  type Owed,
  owe,
  oweAnew,
  readStorm,
  reschedule,
  targetText,
  writeAllOwed,
} from "./queue.ts";
import { readBeliefs, settleRoom } from "./reconcile.ts";
import { readAlerts, readRoom } from "./room-state.ts";
import { inStep, type OutboxDeps, type Step } from "./transaction.ts";
import { tellBlindness } from "./visibility.ts";

/**
 * All that time alone brings. Each scope and each space is a transaction of its own that looks again at what it found, so
 * that nothing is held up for long, and of several instances that tick at once one owes it.
 */
export async function tick(deps: OutboxDeps, watching: Watching): Promise<void> {
  const { now } = watching;
  await tellBlindness(deps, watching);
  await endMutes(deps, now);
  await oweReminders(deps, now);
  await oweEscalations(deps, now);
  await endStorms(deps, now);
  await oweDigests(deps, now);
}

const DAY = 24 * 3_600_000;

/** What is still open when a mute ends is told (ALERTS 23). */
export async function endMutes(deps: OutboxDeps, now: number): Promise<void> {
  const ended = await deps.db
    .selectFrom("mutes")
    .select("roomId")
    .distinct()
    .where("ended", "=", 0)
    .where("until", "<=", now)
    .orderBy("roomId")
    .execute();
  for (const { roomId } of ended) await inStep(deps, now, (step) => endMutesOf(step, roomId));
}

async function endMutesOf(step: Step, roomId: string): Promise<void> {
  const { tx, now } = step;
  // What is settled is read behind the lock: else it might be older than what a reading has settled meanwhile.
  await lockLine(step, roomId);
  const { numUpdatedRows } = await tx
    .updateTable("mutes")
    .set({ ended: 1 })
    .where("roomId", "=", roomId)
    .where("ended", "=", 0)
    .where("until", "<=", now)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) await settleRoom(step, roomId);
}

/** A storm that has been quiet for long enough ends, with one summary (ALERTS 21). */
export async function endStorms(deps: OutboxDeps, now: number): Promise<void> {
  const lines = await deps.db
    .selectFrom("lines")
    .select(["target", "storm"])
    .where("storm", "is not", null)
    .where("suspendedAt", "is", null)
    .orderBy("target")
    .execute();
  for (const { target, storm } of lines) {
    if (storm === null || !isOver(readStorm(storm), deps.timings, now)) continue;
    await inStep(deps, now, (step) => endStorm(step, target));
  }
}

async function endStorm(step: Step, roomId: string): Promise<void> {
  const { storm } = await lockLine(step, roomId);
  if (storm === null || !isOver(readStorm(storm), step.timings, step.now)) return;
  if (await isWaiting(step.tx, roomId, "storm-end")) return;
  await oweAnew(step, { target: { roomId }, kind: "storm-end" });
}

/** The summaries that spaces have asked for at a time of day. */
export async function oweDigests(deps: OutboxDeps, now: number): Promise<void> {
  const due = await deps.db
    .selectFrom("digests")
    .selectAll()
    .where("nextAt", "<=", now)
    .orderBy("roomId")
    .execute();
  for (const digest of due) await inStep(deps, now, (step) => oweDigest(step, digest));
}

interface Digest {
  readonly roomId: string;
  readonly time: string;
  readonly zone: string;
  readonly nextAt: number;
  readonly lastAt: number | null;
}

/** It counts from the last one on, which has counted until it was sent: what fell in between is told twice, and nothing never. */
async function oweDigest(step: Step, { roomId, time, zone, nextAt, lastAt }: Digest): Promise<void> {
  const { tx, now } = step;
  const { suspendedAt } = await lockLine(step, roomId);
  const { numUpdatedRows } = await tx
    .updateTable("digests")
    .set({ nextAt: nextDigestAt({ time, zone }, now), lastAt: now })
    .where("roomId", "=", roomId)
    .where("nextAt", "=", nextAt)
    .executeTakeFirst();
  if (numUpdatedRows === 0n || suspendedAt !== null || (await isWaiting(tx, roomId, "digest"))) return;
  const says = { since: lastAt ?? now - DAY };
  await owe(step, { target: { roomId }, kind: "digest", generation: nextAt, says });
}

/** Calls in whom watches name for what nobody has taken for half an hour, once (ALERTS 24). */
export async function oweEscalations(deps: OutboxDeps, now: number): Promise<void> {
  for (const roomId of await roomsThatEscalate(deps.db)) {
    for (let after: number | undefined = 0; after !== undefined; ) {
      const from: number = after;
      after = await inStep(deps, now, (step) => escalateSome(step, roomId, from));
    }
  }
}

async function roomsThatEscalate(db: Kysely<Tables>): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("watches")
    .leftJoin("lines", "target", "roomId")
    .select("roomId")
    .distinct()
    .where("escalates", "=", 1)
    .where("suspendedAt", "is", null)
    .orderBy("roomId")
    .execute();
  return rows.map(({ roomId }) => roomId);
}

interface Escalation extends Owed {
  readonly alertId: number;
}

/** Looks at some of a space's alerts behind `after`, by number; returns the last of them, undefined when there are no more. */
async function escalateSome(step: Step, roomId: string, after: number): Promise<number | undefined> {
  const { tx, now } = step;
  await lockLine(step, roomId);
  const rows = await tx
    .selectFrom("announced")
    .select("alertId")
    .where("roomId", "=", roomId)
    .where("state", "=", "open")
    .where("toldAt", "<=", now - ESCALATE_MS)
    .where("escalatedAt", "is", null)
    .where("alertId", ">", after)
    .orderBy("alertId")
    .limit(IDS)
    .execute();
  const ids = rows.map(({ alertId }) => alertId);
  const room = await readRoom(tx, roomId);
  const untaken = await readUntaken(step, room, ids);
  const owed = untaken.flatMap((alert) => escalationsOf(room, alert, now));
  await markEscalated(step, roomId, owed);
  await writeAllOwed(step, owed);
  const targets = new Set(owed.map(({ target }) => targetText(target)));
  for (const target of [...targets].sort()) {
    await lockLine(step, target);
    await reschedule(step, target);
  }
  return ids.length < IDS ? undefined : ids.at(-1);
}

async function readUntaken(
  { tx, now }: Step,
  room: WatchingRoom,
  ids: readonly number[],
): Promise<readonly Alert[]> {
  const alerts = await readAlerts(tx, ids);
  const { desired } = await readBeliefs(tx, room, alerts, now);
  return alerts.filter(
    (alert) => alert.state === "open" && isUnattended(alert, { state: "open" }) && desired(alert) === "open",
  );
}

/** What is owed to everybody whom a watch for this alert names. */
function escalationsOf({ roomId, watches }: WatchingRoom, alert: Alert, now: number): readonly Escalation[] {
  if (alert.drill !== undefined) return [];
  const { id: alertId, generation } = alert;
  const wanting = watches.filter((watch) => isWanted(watch, alert, now));
  const named = wanting.flatMap(({ options }) => options.escalate ?? []);
  const says = { roomId, space: spaceOf(wanting) };
  return [...new Set(named)].map((name) => ({
    target: targetNamed(name),
    kind: "escalation",
    alertId,
    generation,
    says,
  }));
}

/** Once is enough. */
async function markEscalated({ tx, now }: Step, roomId: string, owed: readonly Escalation[]): Promise<void> {
  const ids = [...new Set(owed.map(({ alertId }) => alertId))];
  if (ids.length === 0) return;
  await tx
    .updateTable("announced")
    .set({ escalatedAt: now })
    .where("roomId", "=", roomId)
    .where("alertId", "in", ids)
    .execute();
}

/** An e-mail address, or the id of a space. */
const targetNamed = (name: string): Target => (name.includes("@") ? { email: name } : { roomId: name });

/** One reminder for each space in which one is due and none waits (ALERTS 22). */
export async function oweReminders(deps: OutboxDeps, now: number): Promise<void> {
  for (const roomId of await roomsToRemind(deps.db, now))
    await inStep(deps, now, (step) => remindRoom(step, roomId));
}

async function roomsToRemind(db: Kysely<Tables>, now: number): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("announced")
    .select("roomId")
    .distinct()
    .where("state", "=", "open")
    .where("remindAt", "<=", now)
    .where("roomId", "not in", (is) =>
      is.selectFrom("lines").select("target").where("suspendedAt", "is not", null),
    )
    .where("roomId", "not in", (is) =>
      is
        .selectFrom("outbox")
        .select("target")
        .where("state", "in", ["pending", "claimed"])
        .where("kind", "=", "reminder"),
    )
    .orderBy("roomId")
    .execute();
  return rows.map(({ roomId }) => roomId);
}

async function remindRoom(step: Step, roomId: string): Promise<void> {
  const { tx, now, timings } = step;
  const line = await lockLine(step, roomId);
  if (line.suspendedAt !== null || (await isWaiting(tx, roomId, "reminder"))) return;
  const due = await tx
    .selectFrom("announced")
    .selectAll()
    .where("roomId", "=", roomId)
    .where("state", "=", "open")
    .where("remindAt", "<=", now)
    .execute();
  const untaken = new Set(
    (await aboutReminder(tx, { room: await readRoom(tx, roomId), now })).map(({ id }) => id),
  );
  if (due.some(({ alertId }) => untaken.has(alertId)))
    await owe(step, { target: { roomId }, kind: "reminder", generation: now });
  // The others are looked at again when their next one would be due: somebody may have let go of them by then.
  const taken = due.filter(({ alertId }) => !untaken.has(alertId));
  await writeAnnounced(
    tx,
    taken.map((one) => ({
      ...one,
      remindAt: remindAt({ at: now, reminded: one.reminded }, timings.remindMs),
    })),
  );
}
