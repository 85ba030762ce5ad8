import type { Transaction } from "kysely";
import type { Scope } from "../domain/customers/sweep.ts";
import type { Fence, SnapshotWriter } from "../domain/snapshot.ts";
import { countAbsence, findAbsence } from "./absence.ts";
import { conclude } from "./alerts/conclude.ts";
import { sightedBy } from "./alerts/sighted.ts";
import { findSight, writeSight } from "./alerts/sights.ts";
import { storableText } from "./customer-rows.ts";
import { fenced } from "./leases.ts";
import { writeName } from "./names.ts";
import { cover } from "./notices/covers.ts";
import type { OutboxDeps, Step } from "./notices/step.ts";
import { watchingRooms } from "./notices/watching.ts";
import { removeCustomers } from "./removal.ts";
import type { Tables } from "./schema.ts";
import { analyze } from "./statistics.ts";
import { closeSweep, endOf, saveProgress, startSweep } from "./sweeps.ts";
import { takeIn } from "./take-in.ts";
import { keepTally } from "./tallies.ts";
import { tidySnapshot } from "./tidy.ts";

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
