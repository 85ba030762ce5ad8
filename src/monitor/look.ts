import { PROBLEM_STATUSES } from "../domain/customers/customer.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import type { Fence } from "../domain/snapshot.ts";
import { Failure } from "../errors.ts";
import { isFenced, withLease } from "./lease.ts";
import { lookUp } from "./look-up.ts";
import { pagesOf } from "./pages.ts";
import type { SweepDeps } from "./sweep.ts";

/**
 * Looks at what is unwell (ALERTS 5): lists the statuses with problems, and asks one by one for those that were unwell and are
 * not listed any more. It takes as many calls as that, however many customers there are, and never removes any.
 */
export async function lookOnce(
  deps: SweepDeps,
  { scope, signal }: { readonly scope: Scope; readonly signal: AbortSignal },
): Promise<void> {
  await withLease(deps, { scope, signal }, async (fence, signal) => {
    try {
      await look(deps, fence, signal);
    } catch (error) {
      if (signal.aborted || isFenced(error)) return;
      if (!(error instanceof Failure)) throw error;
      deps.log.warn("look.failed", { ...(scope !== "" && { scope }), cause: error.code, error });
    }
  });
}

async function look(deps: SweepDeps, fence: Fence, signal: AbortSignal): Promise<void> {
  const { walk, writer, snapshot, clock, log } = deps;
  const { scope } = fence;
  const startedAt = clock();
  const open = new Set(await snapshot.unwell(scope));
  let calls = 0;
  let changed = 0;
  let listed = 0;
  for (const status of PROBLEM_STATUSES) {
    for await (const page of pagesOf({ walk, scope, signal }, { offset: 0, status })) {
      const { customers } = page;
      if (customers.length > 0)
        changed += (await writer.recordPage({ customers, at: clock() }, fence)).length;
      for (const { id } of customers) open.delete(id);
      calls += page.calls;
      listed += customers.length;
    }
  }
  const found = await lookUp({ ...deps, fence, signal }, [...open], "keep");
  log.info("look.complete", {
    ...(scope !== "" && { scope }),
    listed,
    lookedUp: open.size,
    calls: calls + found.calls,
    ms: clock() - startedAt,
    changed: changed + found.changed,
  });
}
