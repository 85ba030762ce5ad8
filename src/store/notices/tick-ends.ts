import { nextDigestAt } from "../../domain/notices/schedule.ts";
import { isOver } from "../../domain/notices/storm.ts";
import { lockLine, readStorm } from "./lines.ts";
import { owe, oweAnew } from "./owing.ts";
import { isWaiting } from "./rows.ts";
import { settleRoom } from "./settle.ts";
import { inStep, type OutboxDeps, type Step } from "./step.ts";

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
