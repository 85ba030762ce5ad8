import type { Reading } from "../domain/alerts/lifecycle.ts";
import { PROBLEM_STATUSES } from "../domain/customers/customer.ts";
import type { Fence } from "../domain/ports/snapshot.ts";
import { Failure } from "../errors.ts";
import { isFenced, withLease } from "./lease.ts";
import { lookUpCustomers, pagesOf } from "./pages.ts";
import { reportReadFailure, type SweepDeps, type SweepInput } from "./sweep.ts";

/**
 * Looks at what is unwell (ALERTS 5): lists the statuses with problems, and asks one by one for those that were unwell and are
 * not listed any more. It takes as many calls as that, however many customers there are, and never removes any.
 */
export async function quickPollOnce(
  deps: SweepDeps,
  { scope, signal, awayMs }: Pick<SweepInput, "scope" | "signal" | "awayMs">,
): Promise<void> {
  await withLease(deps, { scope, signal }, async (fence, signal) => {
    try {
      await quickPoll({ ...deps, awayMs }, fence, signal);
    } catch (error) {
      if (signal.aborted || isFenced(error)) return;
      if (!(error instanceof Failure)) throw error;
      await reportReadFailure(deps, scope, error);
      deps.log.warn("quick_poll.failed", { ...(scope !== "" && { scope }), cause: error.code, error });
    }
  });
}

type QuickPollDeps = SweepDeps & { readonly awayMs: number | undefined };

async function quickPoll(deps: QuickPollDeps, fence: Fence, signal: AbortSignal): Promise<void> {
  const { crawl, writer, snapshot, clock, log, awayMs } = deps;
  const { scope } = fence;
  const startedAt = clock();
  const reading: Reading = { id: startedAt, kind: "page" };
  const late = awayMs === undefined ? {} : { awayMs };
  const seen = new Set<string>();
  const open = await snapshot.unhealthy(scope);
  let calls = 0;
  let changed = 0;
  let listed = 0;
  for (const status of PROBLEM_STATUSES) {
    for await (const page of pagesOf({ crawl, scope, signal }, { offset: 0, status })) {
      const { customers } = page;
      if (customers.length > 0)
        changed += (await writer.recordPage({ customers, at: clock(), reading, ...late }, fence)).length;
      for (const { id } of customers) seen.add(id);
      calls += page.calls;
      listed += customers.length;
    }
  }
  const others = open.filter((id) => !seen.has(id));
  const found = await lookUpCustomers({ ...deps, fence, signal }, others, reading);
  for (const id of found.ids) seen.add(id);
  await writer.endQuickPoll({ reading: { ...reading, kind: "quick-poll" }, at: clock(), seen }, fence);
  log.info("quick_poll.complete", {
    ...(scope !== "" && { scope }),
    listed,
    lookedUp: others.length,
    calls: calls + found.calls,
    ms: clock() - startedAt,
    changed: changed + found.changed,
  });
}
