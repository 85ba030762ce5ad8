import type { Sweep } from "../../domain/customers/sweep.ts";
import { cover, releaseCovers } from "../notices/covers.ts";
import type { Step } from "../notices/step.ts";
import { watchingRooms } from "../notices/watching.ts";
import { endOf } from "../sweeps.ts";
import { tellSight } from "./blindness.ts";
import { conclude } from "./conclude.ts";
import { tellLostItems } from "./lost-items.ts";
import { witnessOtherKinds } from "./other-kinds.ts";
import { findSight, readSight, writeSight } from "./sights.ts";
import type { Witnessing } from "./witness.ts";
import { witnessAll } from "./witness-all.ts";

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
  await tellLostItems(step, sweep);
  if (blind !== undefined) await tellSight(step, scope, blind, opened + changed);
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
