import type { Transaction } from "kysely";
import type { Scope, Sweep } from "../domain/customers/sweep.ts";
import type { Fence, PageToRecord, SnapshotWriter } from "../domain/snapshot.ts";
import { analyze } from "../store/database.ts";
import { keepTally } from "../store/history.ts";
import { fenced } from "../store/leases.ts";
import { writeName } from "../store/names.ts";
import { arrivalsOf, countAbsence, findAbsence, type Written, writeArrivals } from "../store/pages.ts";
import { storableText } from "../store/records.ts";
import type { Tables } from "../store/schema.ts";
import { closeSweep, endOf, saveProgress, startSweep } from "../store/sweeps.ts";
import { tidySnapshot } from "../store/tidy.ts";
import { tellFollowers } from "./follows.ts";
import { type Witnessing, witnessAll, witnessPage } from "./observe.ts";
import { witnessOtherKinds } from "./optional-kinds.ts";
import { removeCustomers, tellLostItems } from "./removals.ts";
import { conclude, lookedUp } from "./resolve.ts";
import { watchingRooms } from "./room-state.ts";
import { cover, releaseCovers } from "./summary-notices.ts";
import type { OutboxDeps, Step } from "./transaction.ts";
import { findSight, readSight, tellSight, writeSight } from "./visibility.ts";

/** Progress is saved with a page that writes anyway, else at most this often: a sweep that finds nothing new writes next to nothing. */
const PROGRESS_MS = 5000;

/** Away for longer than this, what is found is told as one (ALERTS 16). */
const LONG_AWAY_MS = 6 * 3_600_000;

export function createWriter(deps: OutboxDeps): SnapshotWriter {
  const savedAt = new Map<Scope, number>();
  const { db } = deps;
  /** One transaction of the fence's holder. */
  const inFence = <T>(fence: Fence, now: number, step: (step: Step) => Promise<T>): Promise<T> =>
    fenced(deps, fence, (tx: Transaction<Tables>) => step({ ...deps, tx, now }));

  const isDue = (scope: Scope, at: number) => at - (savedAt.get(scope) ?? 0) >= PROGRESS_MS;

  return {
    beginSweep: (fence, now, awayMs = 0) =>
      inFence(fence, now, async (step) => {
        savedAt.set(fence.scope, now);
        if (awayMs > LONG_AWAY_MS) await holdBack(step, fence.scope, awayMs);
        return startSweep(step.tx, fence.scope, now);
      }),
    recordPage: (page, fence) =>
      inFence(fence, page.at, async (step) => {
        const { scope } = fence;
        const due = isDue(scope, page.at);
        // Before the lines of spaces, as whoever tells of blindness does.
        if (due) await writeSight(step.tx, scope, { readAt: page.at });
        const { transitions, wrote } = await takeIn(step, page, scope);
        if (page.sweep !== undefined && (wrote || due)) await saveProgress(step.tx, page.sweep, page.at);
        if (due) savedAt.set(scope, page.at);
        return transitions;
      }),
    async endSweep(sweep, seen, fence, awayMs) {
      const { scope } = fence;
      const isComplete = sweep.state === "complete";
      const absence = isComplete && !sweep.resumed && seen ? await findAbsence(db, scope, seen) : undefined;
      const { isFirstOfDay, ...found } = await inFence(fence, endOf(sweep), async (step) => {
        await closeSweep(step.tx, sweep);
        const isFirstOfDay = isComplete && (await keepTally(step.tx, scope, step.now));
        const absentTwice = absence ? await countAbsence(step.tx, scope, absence) : [];
        const itemsAbsentTwice = isComplete ? await sightedBy(step, sweep, { seen, awayMs }) : [];
        return { isFirstOfDay, absentTwice, itemsAbsentTwice };
      });
      if (isFirstOfDay) await analyze(db);
      return found;
    },
    endLook: ({ reading, at, seen }, fence) =>
      inFence(fence, at, async (step) => {
        const { blind } = await findSight(step.tx, fence.scope);
        await writeSight(step.tx, fence.scope, { readAt: at, failure: null });
        if (blind === null) await conclude(step, { scope: fence.scope, reading }, seen);
      }),
    remove: (customerIds, now, fence) =>
      inFence(fence, now, (step) => removeCustomers(step, fence.scope, customerIds)),
    saveName: (orgId, name, now) =>
      db.transaction().execute(async (transaction) => {
        await writeName(transaction, orgId, { name: name ? storableText(name) : null, namedAt: now });
      }),
    tidy: (now) => tidySnapshot(db, now),
  };
}

/** What is found after a long time away is not told bit by bit, but when everything has been read (ALERTS 16). */
async function holdBack(step: Step, scope: Scope, awayMs: number): Promise<void> {
  const { baselineAt } = await findSight(step.tx, scope);
  if (baselineAt === null) return;
  for (const roomId of await watchingRooms(step.tx, scope)) await cover(step, roomId, "catch-up", { awayMs });
}

/** One page into the snapshot, and what it means for alerts and for those who wait for a customer (ALERTS 25). */
export async function takeIn(
  step: Step,
  { customers, reading, awayMs }: PageToRecord,
  scope: Scope,
): Promise<Written> {
  const written = await writeArrivals(step.tx, arrivalsOf(customers), { scope, at: step.now });
  const { news } = written;
  const at = { scope, reading, awayMs };
  await witnessPage(step, at, news);
  if (reading.kind === "look-up") {
    const ids = customers.map(({ id }) => id);
    await lookedUp(step, at, ids);
  }
  // People after spaces, as everywhere: two transactions that owe both something never wait for each other.
  const present = news.map(({ customer: { id, status } }) => ({ customerId: id, status }));
  await tellFollowers(step, scope, present);
  return written;
}

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
    completeAt: endedAt,
    readAt: endedAt,
    failure: null,
    blind: null,
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
