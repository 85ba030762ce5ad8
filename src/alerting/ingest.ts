import type { Transaction } from "kysely";
import type { Scope, Sweep } from "../domain/customers/sweep.ts";
import type { Fence, PageToRecord, SnapshotWriter } from "../domain/ports/snapshot.ts";
import { analyze } from "../store/database.ts";
import { writeDailyCounts } from "../store/history.ts";
import { fenced } from "../store/leases.ts";
import { writeOrganisationName } from "../store/organisation-names.ts";
import { countAbsence, findAbsence, type PageResult, receivedCustomers, writePage } from "../store/pages.ts";
import { storableText } from "../store/records.ts";
import { tidySnapshot } from "../store/retention.ts";
import type { Tables } from "../store/schema.ts";
import { closeSweep, endOf, saveProgress, startSweep } from "../store/sweeps.ts";
import { notifyFollowers } from "./follows.ts";
import { observeAllUnhealthy, observePage, type ReadingContext } from "./observe.ts";
import { observeOptionalKinds } from "./optional-kinds.ts";
import { removeCustomers, reportRemovedItems } from "./removals.ts";
import { evaluateLookedUp, resolve } from "./resolve.ts";
import { watchingRooms } from "./room-state.ts";
import { enqueueSummaryNotice, releaseSummaryNotices } from "./summary-notices.ts";
import type { AlertingDeps, TransactionContext } from "./transaction.ts";
import { findVisibility, notifyOutageEnd, readVisibility, writeVisibility } from "./visibility.ts";

/** Progress is saved with a page that writes anyway, else at most this often: a sweep that finds nothing new writes next to nothing. */
const PROGRESS_INTERVAL_MS = 5000;

/** Away for longer than this, what is found is told as one (ALERTS 16). */
const LONG_AWAY_MS = 6 * 3_600_000;

export function createSnapshotWriter(deps: AlertingDeps): SnapshotWriter {
  const savedAt = new Map<Scope, number>();
  const { db } = deps;
  /** One transaction of the fence's holder. */
  const inFence = <T>(fence: Fence, now: number, step: (step: TransactionContext) => Promise<T>): Promise<T> =>
    fenced(deps, fence, (tx: Transaction<Tables>) => step({ ...deps, tx, now }));

  const isDue = (scope: Scope, at: number) => at - (savedAt.get(scope) ?? 0) >= PROGRESS_INTERVAL_MS;

  return {
    beginSweep: (fence, now, awayMs = 0) =>
      inFence(fence, now, async (step) => {
        savedAt.set(fence.scope, now);
        if (awayMs > LONG_AWAY_MS) await enqueueCatchUps(step, fence.scope, awayMs);
        return startSweep(step.tx, fence.scope, now);
      }),
    recordPage: (page, fence) =>
      inFence(fence, page.at, async (step) => {
        const { scope } = fence;
        const due = isDue(scope, page.at);
        // Before the lines of spaces, as whoever tells of blindness does.
        if (due) await writeVisibility(step.tx, scope, { readAt: page.at });
        const { transitions, hasWritten } = await ingestPage(step, page, scope);
        if (page.sweep !== undefined && (hasWritten || due)) await saveProgress(step.tx, page.sweep, page.at);
        if (due) savedAt.set(scope, page.at);
        return transitions;
      }),
    async endSweep(sweep, seen, fence, awayMs) {
      const { scope } = fence;
      const isComplete = sweep.state === "complete";
      const absence = isComplete && !sweep.resumed && seen ? await findAbsence(db, scope, seen) : undefined;
      const { isFirstOfDay, ...found } = await inFence(fence, endOf(sweep), async (step) => {
        await closeSweep(step.tx, sweep);
        const isFirstOfDay = isComplete && (await writeDailyCounts(step.tx, scope, step.now));
        const absentTwice = absence ? await countAbsence(step.tx, scope, absence) : [];
        const itemsAbsentTwice = isComplete ? await ingestCompleteSweep(step, sweep, { seen, awayMs }) : [];
        return { isFirstOfDay, absentTwice, itemsAbsentTwice };
      });
      if (isFirstOfDay) await analyze(db);
      return found;
    },
    endQuickPoll: ({ reading, at, seen }, fence) =>
      inFence(fence, at, async (step) => {
        const { outage } = await findVisibility(step.tx, fence.scope);
        await writeVisibility(step.tx, fence.scope, { readAt: at, failure: null });
        if (outage === null) await resolve(step, { scope: fence.scope, reading }, seen);
      }),
    remove: (customerIds, now, fence) => inFence(fence, now, (step) => removeCustomers(step, fence.scope, customerIds)),
    saveName: (orgId, name, now) =>
      db.transaction().execute(async (transaction) => {
        await writeOrganisationName(transaction, orgId, {
          name: name ? storableText(name) : null,
          nameReadAt: now,
        });
      }),
    tidy: (now) => tidySnapshot(db, now),
  };
}

/** What is found after a long time away is not told bit by bit, but when everything has been read (ALERTS 16). */
async function enqueueCatchUps(step: TransactionContext, scope: Scope, awayMs: number): Promise<void> {
  const { baselineAt } = await findVisibility(step.tx, scope);
  if (baselineAt === null) return;
  for (const roomId of await watchingRooms(step.tx, scope))
    await enqueueSummaryNotice(step, roomId, "catch-up", { awayMs });
}

/** One page into the snapshot, and what it means for alerts and for those who wait for a customer (ALERTS 25). */
export async function ingestPage(
  step: TransactionContext,
  { customers, reading, awayMs }: PageToRecord,
  scope: Scope,
): Promise<PageResult> {
  const written = await writePage(step.tx, receivedCustomers(customers), { scope, at: step.now });
  const { changes } = written;
  const at = { scope, reading, awayMs };
  await observePage(step, at, changes);
  if (reading.kind === "lookup") {
    const ids = customers.map(({ id }) => id);
    await evaluateLookedUp(step, at, ids);
  }
  // People after spaces, as everywhere: two transactions that owe both something never wait for each other.
  const present = changes.map(({ customer: { id, status } }) => ({ customerId: id, status }));
  await notifyFollowers(step, scope, present);
  return written;
}

interface CompletedSweep {
  readonly seen: ReadonlySet<string> | undefined;
  readonly awayMs?: number | undefined;
}

/**
 * A complete sweep: what it saw is believed, and whatever could not be seen before it can be seen now (ALERTS 5, 15, 16, 31).
 * @returns the customers of which an item was absent once too often
 */
export async function ingestCompleteSweep(
  step: TransactionContext,
  sweep: Sweep,
  { seen, awayMs }: CompletedSweep,
): Promise<readonly string[]> {
  const { scope, startedAt } = sweep;
  const before = await findVisibility(step.tx, scope);
  const { outage } = readVisibility(before);
  const isFirst = before.baselineAt === null;
  const at: ReadingContext = { scope, reading: { id: startedAt, kind: "sweep" }, baseline: isFirst, awayMs };
  // First, so that what opens now is not kept back by the blindness that has just ended.
  await writeVisibility(step.tx, scope, visibilityAfter(sweep, before.baselineAt));
  if (isFirst)
    for (const roomId of await watchingRooms(step.tx, scope)) await enqueueSummaryNotice(step, roomId, "baseline");
  const opened = isFirst || outage !== undefined ? await observeAllUnhealthy(step, at) : 0;
  // A sweep that another process began cannot tell whom it saw: the next one can.
  const isBelieved = !sweep.resumed || seen !== undefined;
  const { changed, missed } = isBelieved ? await evaluateSweep(step, at, seen) : { changed: 0, missed: [] };
  await reportRemovedItems(step, sweep);
  if (outage !== undefined) await notifyOutageEnd(step, scope, outage, opened + changed);
  await releaseSummaryNotices(step, scope);
  return missed;
}

function visibilityAfter(sweep: Sweep, baselineAt: number | null) {
  const endedAt = endOf(sweep);
  return {
    completeAt: endedAt,
    readAt: endedAt,
    failure: null,
    outage: null,
    // One that was left lying for a while says nothing of how long it takes.
    ...(!sweep.resumed && { tookMs: endedAt - sweep.startedAt }),
    baselineAt: baselineAt ?? endedAt,
  };
}

async function evaluateSweep(step: TransactionContext, at: ReadingContext, seen: ReadonlySet<string> | undefined) {
  const { changed, itemsAbsentTwice } = await resolve(step, at, seen);
  const others = await observeOptionalKinds(step, at);
  return { changed, missed: [...new Set([...itemsAbsentTwice, ...others])] };
}
