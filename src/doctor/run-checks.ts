import { failed, type Outcome, outcomeOfError, type Result, skipped } from "./outcome.ts";

export interface Check {
  readonly name: string;
  /** Names of checks that must have succeeded; this one is skipped otherwise. */
  readonly needs?: readonly string[];
  /** Several outcomes are several lines. `signal` ends its calls when the time is over. */
  readonly run: (signal: AbortSignal) => Promise<Outcome | readonly Outcome[]>;
}

/**
 * Runs checks, those that need no other at the same time, and yields their results in the order of the list.
 * @param ceilingMs no check takes longer, whatever it waits for
 */
export async function* runChecks(checks: readonly Check[], ceilingMs: number): AsyncGenerator<Result> {
  const running = new Map<string, Promise<readonly Outcome[]>>();
  for (const check of checks) {
    const outcomes = runCheck(check, running, ceilingMs);
    // A bug in one check is thrown when its turn to be shown comes, not before.
    outcomes.catch(() => undefined);
    running.set(check.name, outcomes);
  }
  for (const [name, outcomes] of running) for (const outcome of await outcomes) yield { name, outcome };
}

async function runCheck(
  { needs = [], run }: Check,
  earlier: ReadonlyMap<string, Promise<readonly Outcome[]>>,
  ceilingMs: number,
): Promise<readonly Outcome[]> {
  for (const need of needs) {
    const before = earlier.get(need);
    if (before === undefined) throw new Error(`The check "${need}" must stand before those that need it`);
    if ((await before).some(({ state }) => state !== "ok")) return [skipped(`of "${need}"`)];
  }
  return [await inTime(run, ceilingMs)].flat();
}

async function inTime(run: Check["run"], ceilingMs: number): Promise<Outcome | readonly Outcome[]> {
  const over = new AbortController();
  const tooSlow = new Promise<Outcome>((resolve) => {
    const timer = setTimeout(() => {
      over.abort();
      const finding = `no answer within ${ceilingMs / 1000} s`;
      resolve(failed(finding, "See whether the network of this host is slow or blocked, and try again."));
    }, ceilingMs);
    over.signal.addEventListener("abort", () => clearTimeout(timer));
  });
  try {
    return await Promise.race([run(over.signal).catch(outcomeOfError), tooSlow]);
  } finally {
    over.abort();
  }
}
