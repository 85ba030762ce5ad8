import type { Meter } from "../domain/ports/meter.ts";
import type { Clock, Time } from "../domain/ports/runtime.ts";
import type { Http } from "../http.ts";

/** A `question` is a person's command and goes first; a `crawl` (sweeps, quick polls, names) gets what is left. */
export type CallKind = "question" | "crawl";

/** `API_CALLS_PER_MINUTE`: one budget for all calls to the Wholesale API. */
export interface Budget {
  /** Resolves when this call may be made; rejects with `signal.reason` on abort. */
  take(kind: CallKind, signal?: AbortSignal): Promise<void>;
  /** Counts a call that was made without `take`, such as a retry; later calls wait for it. */
  spend(): void;
}

export interface BudgetOptions extends Time {
  readonly perMinute: number;
}

/** A token bucket with two queues. */
export function createBudget({ perMinute, clock, sleep }: BudgetOptions): Budget {
  const bucket = createBucket(perMinute, clock);
  const waiting: Record<CallKind, (() => void)[]> = { question: [], crawl: [] };
  let nap: AbortController | undefined;

  const first = (): CallKind | undefined =>
    waiting.question.length > 0 ? "question" : waiting.crawl.length > 0 ? "crawl" : undefined;

  /** Lets the waiting calls go, questions first, until none waits. */
  const serve = async (): Promise<void> => {
    for (let kind = first(); kind !== undefined; kind = first()) {
      const ms = bucket.dueIn(kind);
      if (ms === 0) {
        bucket.spend();
        waiting[kind].shift()?.();
        continue;
      }
      nap = new AbortController();
      await sleep(ms, nap.signal).catch(() => undefined);
    }
    nap = undefined;
  };

  /** The queues changed, so another call may be due, and at another time. */
  const wake = (): void => {
    if (nap === undefined) void serve();
    else nap.abort();
  };

  const wait = (kind: CallKind, signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting[kind].splice(waiting[kind].indexOf(go), 1);
        reject(signal?.reason);
        wake();
      };
      const go = (): void => {
        signal?.removeEventListener("abort", leave);
        resolve();
      };
      signal?.addEventListener("abort", leave, { once: true });
      waiting[kind].push(go);
      wake();
    });

  return {
    take: async (kind, signal) => {
      signal?.throwIfAborted();
      return wait(kind, signal);
    },
    spend: bucket.spend,
  };
}

/**
 * A bucket that fills steadily. Its size is taken off its rate, so that no minute has more than `perMinute` calls. Half of its
 * size is kept for questions, so that a sweep never leaves it empty for them.
 */
function createBucket(perMinute: number, clock: Clock) {
  const size = Math.max(1, Math.floor(perMinute / 12));
  const reserve = Math.floor(size / 2);
  const perMs = Math.max(1, perMinute - size) / 60_000;
  let calls = size;
  let filledAt = clock();

  const fill = (): void => {
    const now = clock();
    calls = Math.min(size, calls + Math.max(0, now - filledAt) * perMs);
    filledAt = now;
  };

  return {
    /** Milliseconds until a call of this kind may be made. */
    dueIn(kind: CallKind): number {
      fill();
      const missing = 1 + (kind === "crawl" ? reserve : 0) - calls;
      // Less than a millionth of a call is a rounding error.
      return missing < 1e-6 ? 0 : Math.ceil(missing / perMs);
    },
    spend(): void {
      fill();
      calls -= 1;
    },
  };
}

/** The same client; each of its calls waits for the budget. */
export function withBudget(http: Http, budget: Budget, kind: CallKind, meter: Pick<Meter, "budgetWait">): Http {
  return {
    ...http,
    request: async (call) => {
      const end = meter.budgetWait(kind);
      await budget.take(kind, call.signal).finally(end);
      return http.request(call);
    },
  };
}
