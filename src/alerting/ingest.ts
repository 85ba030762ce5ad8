import { evaluateList, type ListDoubt } from "../domain/customers/list-doubt.ts";
import type { Scope, Sweep } from "../domain/customers/sweep.ts";
import type { Absence, Fence, PageRecorded, PageToRecord, SnapshotWriter, SweepEnd } from "../domain/ports/snapshot.ts";
import { countAbsence, findAbsence } from "../store/absence.ts";
import { analyze } from "../store/database.ts";
import { writeDailyCounts } from "../store/history.ts";
import { fenced } from "../store/leases.ts";
import { writeOrganisationNames } from "../store/organisation-names.ts";
import { type PageResult, writePage } from "../store/pages.ts";
import { tidySnapshot } from "../store/retention.ts";
import { closeSweep, endOf, saveProgress, startSweep } from "../store/sweeps.ts";
import { notifyFollowers } from "./follows.ts";
import { observeAllUnhealthy, observePage, type ReadingContext } from "./observe.ts";
import { observeOptionalKinds } from "./optional-kinds.ts";
import { reconcileScope } from "./reconcile-scope.ts";
import { removeCustomers, reportRemovedItems } from "./removals.ts";
import { evaluateLookedUp, resolve } from "./resolve.ts";
import { watchingRooms } from "./room-state.ts";
import { enqueueSummaryNotice, releaseSummaryNotices } from "./summary-notices.ts";
import { type AlertingDeps, inTransaction, type TransactionContext } from "./transaction.ts";
import { beginListOutage, findVisibility, notifyOutageEnd, parseVisibility, writeVisibility } from "./visibility.ts";

/** A page without changes saves the progress of its sweep at most this often, so that a quiet sweep writes almost nothing. */
const PROGRESS_INTERVAL_MS = 5000;

type QuickPoll = Parameters<SnapshotWriter["endQuickPoll"]>[0];

/** After a longer time away each room gets one catch-up (ALERTS 16). */
const LONG_AWAY_MS = 6 * 3_600_000;

/** Each call is one transaction, but for the comparison of rooms after a complete sweep, and fails with `store.fenced` if another process has taken the lease. */
export function createSnapshotWriter(deps: AlertingDeps): SnapshotWriter {
  const { db } = deps;
  /** Names make nothing due. */
  const { onCommit: _, ...quiet } = deps;
  /** By what is read and its scope. */
  const savedAt = new Map<string, number>();
  const isProgressDue = (key: string, now: number) => now - (savedAt.get(key) ?? 0) >= PROGRESS_INTERVAL_MS;
  const inFence = <T>(fence: Fence, now: number, work: (ctx: TransactionContext) => Promise<T>): Promise<T> =>
    fenced(deps, fence, (tx) => work({ ...deps, tx, now }));
  const committed = <T>(result: T): T => {
    deps.onCommit?.();
    return result;
  };

  return {
    beginSweep: (fence, now, awayMs = 0) =>
      inFence(fence, now, async (ctx) => {
        savedAt.set(progressKey({ sweep: true }, fence), now);
        if (awayMs > LONG_AWAY_MS) await enqueueCatchUps(ctx, fence.scope, awayMs);
        return startSweep(ctx.tx, fence.scope, now);
      }).then(committed),
    async recordPage(page, fence) {
      const recorded = await inFence(fence, page.at, async (ctx) => {
        const key = progressKey(page, fence);
        const isDue = isProgressDue(key, page.at);
        const result = await recordPage(ctx, page, { scope: fence.scope, isDue });
        if (isDue) savedAt.set(key, page.at);
        return result;
      });
      return recorded.transitions.length === 0 ? recorded : committed(recorded);
    },
    async endSweep(sweep, end, fence) {
      const canCountAbsence = sweep.state === "complete" && !sweep.resumed;
      const absence = canCountAbsence && end.seen ? await findAbsence(db, sweep, end.seen) : undefined;
      const { isFirstOfDay, ...ended } = await inFence(fence, endOf(sweep), (ctx) =>
        ingestSweepEnd(ctx, sweep, { ...end, absence }),
      ).then(committed);
      if (isFirstOfDay) await analyze(db);
      if (ended.state === "complete") await reconcileScope(deps, fence.scope, endOf(sweep));
      return ended;
    },
    findAbsence: (sweep, seen) => findAbsence(db, sweep, seen),
    endQuickPoll: (poll, fence) =>
      inFence(fence, poll.at, (ctx) => ingestQuickPollEnd(ctx, fence.scope, poll)).then(committed),
    remove: (customerIds, now, fence) =>
      inFence(fence, now, (ctx) => removeCustomers(ctx, fence.scope, customerIds)).then(committed),
    saveNames: (names, now) => inTransaction(quiet, now, ({ tx }) => writeOrganisationNames(tx, names, now)),
    tidy: (now) => tidySnapshot(db, now),
  };
}

/** A quick poll between the pages of a sweep must not put off that the sweep's progress is saved. */
function progressKey({ sweep }: { readonly sweep?: unknown }, { scope }: Fence): string {
  return `${sweep === undefined ? "quick poll" : "sweep"} ${scope}`;
}

async function recordPage(
  ctx: TransactionContext,
  page: PageToRecord,
  { scope, isDue }: { readonly scope: Scope; readonly isDue: boolean },
): Promise<PageRecorded> {
  // Lock order: visibility before recipient queues.
  if (isDue) await writeVisibility(ctx.tx, scope, { readAt: page.at });
  const { transitions, changes, hasWritten } = await ingestPage(ctx, page, scope);
  if (page.sweep !== undefined && (hasWritten || isDue)) await saveProgress(ctx.tx, page.sweep, page.at);
  return { transitions, added: changes.filter(({ before }) => before === undefined).length };
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
  const isLookup = reading.kind === "lookup";
  const written = await writePage(ctx.tx, customers, { scope, at: ctx.now, isLookup });
  const { changes } = written;
  const at: ReadingContext = { scope, reading, awayMs };
  await observePage(ctx, at, changes);
  if (isLookup) {
    const ids = customers.map(({ id }) => id);
    await evaluateLookedUp(ctx, at, ids);
  }
  // Lock order: queues of rooms before queues of people.
  const present = changes.map(({ customer: { id, status } }) => ({ customerId: id, status }));
  await notifyFollowers(ctx, scope, present);
  return written;
}

interface SweepEndWithAbsence extends SweepEnd {
  readonly absence?: Absence | undefined;
}

async function ingestSweepEnd(ctx: TransactionContext, ended: Sweep, end: SweepEndWithAbsence) {
  const { scope } = ended;
  const doubt =
    end.sample && evaluateList(end.sample, parseVisibility(await findVisibility(ctx.tx, scope)).doubt, ctx.now);
  const isSuspect = doubt !== undefined && !doubt.isBelieved;
  const sweep: Sweep = isSuspect ? { ...ended, state: "suspect" } : ended;
  const isComplete = sweep.state === "complete";
  await closeSweep(ctx.tx, sweep);
  if (isSuspect) await ingestSuspectSweep(ctx, scope, doubt);
  const isFirstOfDay = isComplete && (await writeDailyCounts(ctx.tx, scope, ctx.now));
  const absentTwice = isComplete && end.absence ? await countAbsence(ctx.tx, scope, end.absence) : [];
  const itemsAbsentTwice = isComplete ? await ingestCompleteSweep(ctx, sweep, { ...end, doubt }) : [];
  return { state: sweep.state, isFirstOfDay, absentTwice, itemsAbsentTwice };
}

/** The list is not believed about absent customers. What it showed in error has been opened by its pages (ALERTS 6, c). */
async function ingestSuspectSweep(ctx: TransactionContext, scope: Scope, doubt: ListDoubt): Promise<void> {
  await writeVisibility(ctx.tx, scope, { readAt: ctx.now, failure: null, doubt: JSON.stringify(doubt) });
  await beginListOutage(ctx, scope);
}

interface CompleteSweepEnd extends SweepEnd {
  readonly doubt: ListDoubt | undefined;
}

/**
 * Evaluates all alerts of the scope, ends an outage, and releases the summary notices (ALERTS 5, 15, 16, 31).
 * @returns the customers of which an item with an alert was absent twice, to be looked up
 */
async function ingestCompleteSweep(
  ctx: TransactionContext,
  sweep: Sweep,
  { seen, awayMs, doubt }: CompleteSweepEnd,
): Promise<readonly string[]> {
  const { scope, startedAt } = sweep;
  const before = await findVisibility(ctx.tx, scope);
  const { outage } = parseVisibility(before);
  const isFirst = before.baselineAt === null;
  const at: ReadingContext = { scope, reading: { id: startedAt, kind: "sweep" }, baseline: isFirst, awayMs };
  await writeVisibility(ctx.tx, scope, {
    ...visibilityAfter(sweep, before.baselineAt),
    doubt: doubt === undefined ? null : JSON.stringify(doubt),
  });
  if (isFirst)
    for (const roomId of await watchingRooms(ctx.tx, scope)) await enqueueSummaryNotice(ctx, roomId, "baseline");
  if (isFirst) await observeAllUnhealthy(ctx, at);
  // A resumed sweep does not tell what its first pages had, so it resolves nothing.
  const canResolve = !sweep.resumed || seen !== undefined;
  const itemsAbsentTwice = canResolve ? await resolveSweep(ctx, at, seen) : [];
  await reportRemovedItems(ctx, sweep);
  if (outage !== undefined) await notifyOutageEnd(ctx, scope, outage);
  await releaseSummaryNotices(ctx, scope);
  return itemsAbsentTwice;
}

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
): Promise<readonly string[]> {
  const itemsAbsentTwice = await resolve(ctx, at, seen);
  const ofOptionalKinds = await observeOptionalKinds(ctx, at);
  return [...new Set([...itemsAbsentTwice, ...ofOptionalKinds])];
}

async function ingestQuickPollEnd(ctx: TransactionContext, scope: Scope, poll: QuickPoll): Promise<void> {
  await writeVisibility(ctx.tx, scope, { readAt: poll.at, failure: null });
  await resolve(ctx, { scope, reading: poll.reading }, poll.seen);
}
