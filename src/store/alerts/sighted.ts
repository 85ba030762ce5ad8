import type { Blindness } from "../../domain/alerts/blind.ts";
import type { Sweep } from "../../domain/customers/sweep.ts";
import { cover, releaseCovers } from "../notices/covers.ts";
import { lockLine } from "../notices/lines.ts";
import { writeOwed } from "../notices/rows.ts";
import { schedule } from "../notices/schedule.ts";
import type { Step } from "../notices/step.ts";
import { watchingRooms } from "../notices/watching.ts";
import { endOf } from "../sweeps.ts";
import { conclude } from "./conclude.ts";
import { witnessOtherKinds } from "./other-kinds.ts";
import { findSight, readSight, writeSight } from "./sights.ts";
import type { Witnessing } from "./witness.ts";
import { witnessAll } from "./witness-all.ts";

/**
 * A complete sweep: what it saw is believed, and whatever could not be seen before it can be seen now (ALERTS 5, 15, 16, 31).
 * @returns the customers of which an item was absent once too often
 */
export async function sightedBy(
  step: Step,
  sweep: Sweep,
  { seen, awayMs }: { readonly seen: ReadonlySet<string> | undefined; readonly awayMs?: number | undefined },
): Promise<readonly string[]> {
  const { scope, startedAt } = sweep;
  const row = await findSight(step.tx, scope);
  const { blind } = readSight(row);
  const isFirst = row.baselineAt === null;
  const at: Witnessing = { scope, reading: { id: startedAt, kind: "sweep" }, baseline: isFirst, awayMs };
  const endedAt = endOf(sweep);
  // First, so that what opens now is not kept back by the blindness that has just ended.
  await writeSight(step.tx, scope, {
    ...{ completeAt: endedAt, readAt: endedAt, tookMs: endedAt - startedAt, failure: null, blind: null },
    baselineAt: row.baselineAt ?? endedAt,
  });
  if (isFirst)
    for (const roomId of await watchingRooms(step.tx, scope)) await cover(step, roomId, "baseline");
  const opened = isFirst || blind !== undefined ? await witnessAll(step, at) : 0;
  // A sweep that another process began cannot tell whom it saw: the next one can.
  const { changed, itemsAbsentTwice } =
    sweep.resumed && seen === undefined
      ? { changed: 0, itemsAbsentTwice: [] }
      : await conclude(step, at, seen);
  const othersAbsent = await witnessOtherKinds(step, at);
  if (blind !== undefined) await tellSight(step, sweep, blind, opened + changed);
  await releaseCovers(step, scope);
  return [...new Set([...itemsAbsentTwice, ...othersAbsent])];
}

/** Whoever was told that the bot cannot see is told that it can again; whoever was about to be is not (ALERTS 31). */
async function tellSight(step: Step, { scope }: Sweep, blind: Blindness, changes: number): Promise<void> {
  const rooms = new Set(await watchingRooms(step.tx, scope));
  if (step.opsRoomId !== undefined) rooms.add(step.opsRoomId);
  const says = { awayMs: step.now - blind.since, since: blind.since, changes, scope };
  for (const roomId of [...rooms].sort()) {
    await lockLine(step, roomId);
    const wasTold = await forgetBlindness(step, roomId, blind);
    if (wasTold) await writeOwed(step, { target: { roomId }, kind: "sight", generation: blind.since, says });
    await schedule(step.tx, roomId, step.timings);
  }
}

async function forgetBlindness({ tx }: Step, roomId: string, { since }: Blindness): Promise<boolean> {
  await tx
    .updateTable("outbox")
    .set({ state: "transient" })
    .where("target", "=", roomId)
    .where("kind", "=", "blind")
    .where("state", "=", "pending")
    .where("maybeSent", "=", 0)
    .execute();
  const told = await tx
    .selectFrom("outbox")
    .select("id")
    .where("target", "=", roomId)
    .where("kind", "=", "blind")
    .where("state", "in", ["sent", "claimed", "pending"])
    .where("owedAt", ">=", since)
    .limit(1)
    .executeTakeFirst();
  return told !== undefined;
}
