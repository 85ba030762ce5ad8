import type { Reading } from "../domain/alerts/lifecycle.ts";
import { PROBLEM_STATUSES } from "../domain/customers/customer.ts";
import type { Fence } from "../domain/ports/snapshot.ts";
import { Failure } from "../errors.ts";
import { isFenced, withLease } from "./lease.ts";
import { lookUpCustomers } from "./look-up.ts";
import { createGrowthCheck, pagesOf } from "./pages.ts";
import { recordReadFailure, type SweepDeps, type SweepInput } from "./sweep.ts";

/**
 * Lists the customers with a problem status, and looks up the unhealthy ones that are in neither list (ALERTS 5). The number of
 * calls depends on how many customers are unhealthy, not on how many there are. Never removes a customer. A sweep of the scope may
 * run at the same time: each has one call under way, so that they take turns at the budget.
 * @param lookedUpAt when customers were last looked up; is updated
 */
export async function quickPollOnce(
  deps: SweepDeps,
  { scope, signal, awayMs }: Pick<SweepInput, "scope" | "signal" | "awayMs">,
  lookedUpAt: LookupTimes = new Map(),
): Promise<void> {
  await withLease(deps, { scope, signal }, async (fence, signal) => {
    try {
      await quickPoll({ ...deps, awayMs, lookedUpAt }, fence, signal);
      deps.log.working("quick_poll.failed", scope);
    } catch (error) {
      if (signal.aborted || isFenced(error)) return;
      if (!(error instanceof Failure)) throw error;
      await recordReadFailure(deps, scope, error);
      const fields = { ...(scope !== "" && { scope }), cause: error.code, error };
      deps.log.failing("quick_poll.failed", fields, scope);
    }
  });
}

/** By customer. */
export type LookupTimes = Map<string, number>;

interface QuickPollDeps extends SweepDeps {
  readonly awayMs: number | undefined;
  readonly lookedUpAt: LookupTimes;
}

/** The look-ups of one quick poll. The rest has its turn in the next ones (ALERTS 5). */
const MAX_LOOKUPS = 100;

async function quickPoll(deps: QuickPollDeps, fence: Fence, signal: AbortSignal): Promise<void> {
  const { writer, snapshot, clock, log } = deps;
  const { scope } = fence;
  const startedAt = clock();
  const reading: Reading = { id: startedAt, kind: "page" };
  const unhealthy = await snapshot.unhealthy(scope);
  const listed = await readProblemLists(deps, { fence, signal, reading });
  const others = takeTurns(
    unhealthy.filter((id) => !listed.ids.has(id)),
    deps.lookedUpAt,
    startedAt,
  );
  const found = await lookUpCustomers({ ...deps, fence, signal }, others, reading);
  const seen = new Set([...listed.ids, ...found.ids]);
  await writer.endQuickPoll({ reading: { ...reading, kind: "quick-poll" }, at: clock(), seen }, fence);
  log.info("quick_poll.complete", {
    ...(scope !== "" && { scope }),
    listed: listed.rows,
    lookedUp: others.length,
    calls: listed.calls + found.calls,
    ms: clock() - startedAt,
    changed: listed.changed + found.changed,
  });
}

/** The customers whose last look-up is longest ago, and of equal ones the first of `ids`. Forgets customers that are not in `ids`. */
function takeTurns(ids: readonly string[], lookedUpAt: LookupTimes, now: number): readonly string[] {
  const due = new Set(ids);
  for (const id of lookedUpAt.keys()) if (!due.has(id)) lookedUpAt.delete(id);
  const oldestFirst = ids.toSorted((a, b) => (lookedUpAt.get(a) ?? 0) - (lookedUpAt.get(b) ?? 0));
  const taken = oldestFirst.slice(0, MAX_LOOKUPS);
  for (const id of taken) lookedUpAt.set(id, now);
  return taken;
}

interface PollContext {
  readonly fence: Fence;
  readonly signal: AbortSignal;
  readonly reading: Reading;
}

async function readProblemLists(
  { crawl, writer, snapshot, clock, awayMs, maxNewCustomers }: QuickPollDeps,
  { fence, signal, reading }: PollContext,
) {
  const late = awayMs === undefined ? {} : { awayMs };
  const checkGrowth = createGrowthCheck(await snapshot.age(fence.scope), maxNewCustomers);
  const ids = new Set<string>();
  let [rows, calls, changed] = [0, 0, 0];
  for (const status of PROBLEM_STATUSES) {
    for await (const page of pagesOf({ crawl, scope: fence.scope, signal }, { offset: 0, status })) {
      const { customers } = page;
      if (customers.length > 0) {
        const { transitions, added } = await writer.recordPage({ customers, at: clock(), reading, ...late }, fence);
        changed += transitions.length;
        checkGrowth(added);
      }
      for (const { id } of customers) ids.add(id);
      calls += page.calls;
      rows += customers.length;
    }
  }
  return { ids, rows, calls, changed };
}
