import type { Blindness } from "../domain/alerts/blind.ts";
import type { Scope, Sweep } from "../domain/customers/sweep.ts";
import type { Says } from "../domain/notices/outbox.ts";
import { conclude, witnessAll } from "./conclude.ts";
import { cover, releaseCovers } from "./covers.ts";
import { witnessOtherKinds } from "./other-kinds.ts";
import { lockLine } from "./outbox-lines.ts";
import { oweAnew } from "./outbox-owing.ts";

import type { Step } from "./outbox-step.ts";
import { schedule } from "./schedule.ts";
import { findSight, readSight, writeSight } from "./sights.ts";
import { endOf } from "./sweeps.ts";
import { watchingRooms } from "./watching.ts";
import type { Witnessing } from "./witness.ts";

interface Sighted {
  readonly seen: ReadonlySet<string> | undefined;
  readonly awayMs?: number | undefined;
}

/**
 * A complete sweep: what it saw is believed, and whatever could not be seen before it can be seen now (ALERTS 5, 15, 16, 31).
 * @returns the customers of which an item was absent once too often
 */
export async function sightedBy(
  step: Step,
  sweep: Sweep,
  { seen, awayMs }: Sighted,
): Promise<readonly string[]> {
  const { scope, startedAt } = sweep;
  const before = await findSight(step.tx, scope);
  const { blind } = readSight(before);
  const isFirst = before.baselineAt === null;
  const at: Witnessing = { scope, reading: { id: startedAt, kind: "sweep" }, baseline: isFirst, awayMs };
  // First, so that what opens now is not kept back by the blindness that has just ended.
  await writeSight(step.tx, scope, sightAfter(sweep, before.baselineAt));
  if (isFirst)
    for (const roomId of await watchingRooms(step.tx, scope)) await cover(step, roomId, "baseline");
  const opened = isFirst || blind !== undefined ? await witnessAll(step, at) : 0;
  // A sweep that another process began cannot tell whom it saw: the next one can.
  const isBelieved = !sweep.resumed || seen !== undefined;
  const { changed, missed } = isBelieved ? await believe(step, at, seen) : { changed: 0, missed: [] };
  if (blind !== undefined) await tellSight(step, sweep, blind, opened + changed);
  await releaseCovers(step, scope);
  return missed;
}

function sightAfter(sweep: Sweep, baselineAt: number | null) {
  const endedAt = endOf(sweep);
  return {
    ...{ completeAt: endedAt, readAt: endedAt, failure: null, blind: null },
    // One that was left lying for a while says nothing of how long it takes.
    ...(!sweep.resumed && { tookMs: endedAt - sweep.startedAt }),
    baselineAt: baselineAt ?? endedAt,
  };
}

async function believe(step: Step, at: Witnessing, seen: ReadonlySet<string> | undefined) {
  const { changed, itemsAbsentTwice } = await conclude(step, at, seen);
  const others = await witnessOtherKinds(step, at);
  return { changed, missed: [...new Set([...itemsAbsentTwice, ...others])] };
}

/** Whoever was told that the bot cannot see is told that it can again; whoever was about to be is not (ALERTS 31). */
async function tellSight(step: Step, { scope }: Sweep, blind: Blindness, changes: number): Promise<void> {
  const rooms = new Set(await watchingRooms(step.tx, scope));
  if (step.opsRoomId !== undefined) rooms.add(step.opsRoomId);
  const says = { awayMs: step.now - blind.since, since: blind.since, changes, scope };
  for (const roomId of [...rooms].sort()) {
    const { suspendedAt } = await lockLine(step, roomId);
    const wasTold = await forgetBlindness(step, roomId, { scope, since: blind.since });
    if (wasTold && suspendedAt === null) await oweAnew(step, { target: { roomId }, kind: "sight", says });
    await schedule(step.tx, roomId, step.timings);
  }
}

/** Of this scope alone: the ops room hears of all. True when it was told, or may have been. */
async function forgetBlindness(
  { tx }: Step,
  target: string,
  { scope, since }: { readonly scope: Scope; readonly since: number },
): Promise<boolean> {
  const rows = await tx
    .selectFrom("outbox")
    .select(["id", "state", "maybeSent", "owedAt", "says"])
    .where("target", "=", target)
    .where("kind", "=", "blind")
    .where("state", "in", ["pending", "claimed", "sent"])
    .execute();
  const those = rows.filter(({ says }) => readSays(says).scope === scope);
  const untold = those.filter(({ state, maybeSent }) => state === "pending" && maybeSent === 0);
  for (const { id } of untold)
    await tx.updateTable("outbox").set({ state: "transient" }).where("id", "=", id).execute();
  return those.some((row) => !untold.includes(row) && row.owedAt >= since);
}

const readSays = (json: string): Says => JSON.parse(json);
