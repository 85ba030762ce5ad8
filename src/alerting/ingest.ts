import type { Scope, Sweep } from "../domain/customers/sweep.ts";
import type { Fence, PageToRecord, SnapshotWriter } from "../domain/ports/snapshot.ts";
import { type Absence, countAbsence, findAbsence } from "../store/absence.ts";
import { analyze } from "../store/database.ts";
import { writeDailyCounts } from "../store/history.ts";
import { fenced } from "../store/leases.ts";
import { writeOrganisationName } from "../store/organisation-names.ts";
import { type PageResult, receivedCustomers, writePage } from "../store/pages.ts";
import { storableText } from "../store/records.ts";
import { tidySnapshot } from "../store/retention.ts";
import { closeSweep, endOf, saveProgress, startSweep } from "../store/sweeps.ts";
import { notifyFollowers } from "./follows.ts";
import { observeAllUnhealthy, observePage, type ReadingContext } from "./observe.ts";
import { observeOptionalKinds } from "./optional-kinds.ts";
import { reconcileScope } from "./reconcile-scope.ts";
import { removeCustomers, reportRemovedItems } from "./removals.ts";
import { evaluateLookedUp, type Resolved, resolve } from "./resolve.ts";
import { watchingRooms } from "./room-state.ts";
import { enqueueSummaryNotice, releaseSummaryNotices } from "./summary-notices.ts";
import type { AlertingDeps, Db, TransactionContext } from "./transaction.ts";
import { findVisibility, notifyOutageEnd, parseVisibility, writeVisibility } from "./visibility.ts";

/** A page without changes saves the progress of its sweep at most this often, so that a quiet sweep writes almost nothing. */
const PROGRESS_INTERVAL_MS = 5000;

type QuickPoll = Parameters<SnapshotWriter["endQuickPoll"]>[0];

/** After a longer time away each room gets one catch-up (ALERTS 16). */
const LONG_AWAY_MS = 6 * 3_600_000;

/** Each call is one transaction, but for the comparison of rooms after a complete sweep, and fails with `store.fenced` if another process has taken the lease. */
export function createSnapshotWriter(deps: AlertingDeps): SnapshotWriter {
  const { db } = deps;
  const savedAt = new Map<Scope, number>();
  const isProgressDue = (scope: Scope, now: number) => now - (savedAt.get(scope) ?? 0) >= PROGRESS_INTERVAL_MS;
  const inFence = <T>(fence: Fence, now: number, work: (ctx: TransactionContext) => Promise<T>): Promise<T> =>
    fenced(deps, fence, (tx) => work({ ...deps, tx, now }));

  return {
    beginSweep: (fence, now, awayMs = 0) =>
      inFence(fence, now, async (ctx) => {
        savedAt.set(fence.scope, now);
        if (awayMs > LONG_AWAY_MS) await enqueueCatchUps(ctx, fence.scope, awayMs);
        return startSweep(ctx.tx, fence.scope, now);
      }),
    recordPage: (page, fence) =>
      inFence(fence, page.at, async (ctx) => {
        const { scope } = fence;
        const isDue = isProgressDue(scope, page.at);
        // Lock order: visibility before recipient queues.
        if (isDue) await writeVisibility(ctx.tx, scope, { readAt: page.at });
        const { transitions, hasWritten } = await ingestPage(ctx, page, scope);
        if (page.sweep !== undefined && (hasWritten || isDue)) await saveProgress(ctx.tx, page.sweep, page.at);
        if (isDue) savedAt.set(scope, page.at);
        return transitions;
      }),
    async endSweep(sweep, seen, fence, awayMs) {
      const canCountAbsence = sweep.state === "complete" && !sweep.resumed;
      const absence = canCountAbsence && seen ? await findAbsence(db, fence.scope, seen) : undefined;
      const { isFirstOfDay, ...found } = await inFence(fence, endOf(sweep), (ctx) =>
        ingestSweepEnd(ctx, sweep, { seen, awayMs, absence }),
      );
      if (isFirstOfDay) await analyze(db);
      if (sweep.state === "complete") await reconcileScope(deps, fence.scope, endOf(sweep));
      return found;
    },
    endQuickPoll: (poll, fence) => inFence(fence, poll.at, (ctx) => ingestQuickPollEnd(ctx, fence.scope, poll)),
    remove: (customerIds, now, fence) => inFence(fence, now, (ctx) => removeCustomers(ctx, fence.scope, customerIds)),
    saveName: (orgId, name, now) => saveName(db, orgId, { name, now }),
    tidy: (now) => tidySnapshot(db, now),
  };
}

/** One catch-up for each room, held until the next complete sweep. Before the baseline there is nothing to catch up with. */
async function enqueueCatchUps(ctx: TransactionContext, scope: Scope, awayMs: number): Promise<void> {
  const { baselineAt } = await findVisibility(ctx.tx, scope);
  if (baselineAt === null) return;
  for (const roomId of await watchingRooms(ctx.tx, scope))
    await enqueueSummaryNotice(ctx, roomId, "catch-up", { awayMs });
}

/** Writes a page into the snapshot, opens alerts, and notifies rooms and followers (ALERTS 25). */
async function ingestPage(ctx: TransactionContext, page: PageToRecord, scope: Scope): Promise<PageResult> {
  const { customers, reading, awayMs } = page;
  const written = await writePage(ctx.tx, receivedCustomers(customers), { scope, at: ctx.now });
  const { changes } = written;
  const at: ReadingContext = { scope, reading, awayMs };
  await observePage(ctx, at, changes);
  if (reading.kind === "lookup") {
    const ids = customers.map(({ id }) => id);
    await evaluateLookedUp(ctx, at, ids);
  }
  // Lock order: queues of rooms before queues of people.
  const present = changes.map(({ customer: { id, status } }) => ({ customerId: id, status }));
  await notifyFollowers(ctx, scope, present);
  return written;
}

interface SweepEnd {
  /** The customers that the sweep found; undefined if this process did not read all of it. */
  readonly seen: ReadonlySet<string> | undefined;
  readonly awayMs?: number | undefined;
  readonly absence?: Absence | undefined;
}

async function ingestSweepEnd(ctx: TransactionContext, sweep: Sweep, end: SweepEnd) {
  const isComplete = sweep.state === "complete";
  await closeSweep(ctx.tx, sweep);
  const isFirstOfDay = isComplete && (await writeDailyCounts(ctx.tx, sweep.scope, ctx.now));
  const absentTwice = end.absence ? await countAbsence(ctx.tx, sweep.scope, end.absence) : [];
  const itemsAbsentTwice = isComplete ? await ingestCompleteSweep(ctx, sweep, end) : [];
  return { isFirstOfDay, absentTwice, itemsAbsentTwice };
}

/**
 * Evaluates all alerts of the scope, ends an outage, and releases the summary notices (ALERTS 5, 15, 16, 31).
 * @returns the customers of which an item with an alert was absent twice, to be looked up
 */
async function ingestCompleteSweep(
  ctx: TransactionContext,
  sweep: Sweep,
  { seen, awayMs }: SweepEnd,
): Promise<readonly string[]> {
  const { scope, startedAt } = sweep;
  const before = await findVisibility(ctx.tx, scope);
  const { outage } = parseVisibility(before);
  const isFirst = before.baselineAt === null;
  const at: ReadingContext = { scope, reading: { id: startedAt, kind: "sweep" }, baseline: isFirst, awayMs };
  // Ends the outage first: during an outage nothing opens.
  await writeVisibility(ctx.tx, scope, visibilityAfter(sweep, before.baselineAt));
  if (isFirst)
    for (const roomId of await watchingRooms(ctx.tx, scope)) await enqueueSummaryNotice(ctx, roomId, "baseline");
  const opened = isFirst || outage !== undefined ? await observeAllUnhealthy(ctx, at) : 0;
  // A resumed sweep does not tell what its first pages had, so it resolves nothing.
  const canResolve = !sweep.resumed || seen !== undefined;
  const { changed, itemsAbsentTwice } = canResolve ? await resolveSweep(ctx, at, seen) : NOTHING_RESOLVED;
  await reportRemovedItems(ctx, sweep);
  if (outage !== undefined) await notifyOutageEnd(ctx, scope, outage, opened + changed);
  await releaseSummaryNotices(ctx, scope);
  return itemsAbsentTwice;
}

const NOTHING_RESOLVED: Resolved = { changed: 0, itemsAbsentTwice: [] };

function visibilityAfter(sweep: Sweep, baselineAt: number | null) {
  const endedAt = endOf(sweep);
  return {
    completeAt: endedAt,
    readAt: endedAt,
    failure: null,
    outage: null,
    // A resumed sweep includes the time during which no process ran.
    ...(!sweep.resumed && { tookMs: endedAt - sweep.startedAt }),
    baselineAt: baselineAt ?? endedAt,
  };
}

async function resolveSweep(
  ctx: TransactionContext,
  at: ReadingContext,
  seen: ReadonlySet<string> | undefined,
): Promise<Resolved> {
  const { changed, itemsAbsentTwice } = await resolve(ctx, at, seen);
  const ofOptionalKinds = await observeOptionalKinds(ctx, at);
  return { changed, itemsAbsentTwice: [...new Set([...itemsAbsentTwice, ...ofOptionalKinds])] };
}

async function ingestQuickPollEnd(ctx: TransactionContext, scope: Scope, poll: QuickPoll): Promise<void> {
  const { outage } = await findVisibility(ctx.tx, scope);
  await writeVisibility(ctx.tx, scope, { readAt: poll.at, failure: null });
  if (outage === null) await resolve(ctx, { scope, reading: poll.reading }, poll.seen);
}

async function saveName(
  db: Db,
  orgId: string,
  { name, now }: { name: string | undefined; now: number },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await writeOrganisationName(tx, orgId, { name: name ? storableText(name) : null, nameReadAt: now });
  });
}
