import type { Meter } from "../domain/ports/meter.ts";
import type { Sleep } from "../domain/ports/runtime.ts";
import type { Http } from "../http.ts";

/** A `question` is a person's command and goes first; a `crawl` (sweeps, quick polls, names) gets what is left. */
export type CallKind = "question" | "crawl";

/** `API_CALLS_PER_MINUTE`: one budget for all calls to the Wholesale API. */
export interface Budget {
  /** Resolves when this call may be made; rejects with `signal.reason` on abort, and when the bucket fails. */
  take(kind: CallKind, signal?: AbortSignal): Promise<void>;
  /** Counts a call that was made without `take`, such as a retry; later calls wait for it. */
  spend(): void;
}

/** The calls that may be made, of this process alone or of all instances. */
export interface Bucket {
  /** Takes one call and returns 0, or takes none and returns the milliseconds after which to ask again. */
  take(kind: CallKind): Promise<number>;
  spend(): void;
}

export interface BudgetOptions {
  readonly bucket: Bucket;
  readonly sleep: Sleep;
}

interface WaitingCall {
  readonly go: () => void;
  readonly fail: (error: unknown) => void;
}

/** Two queues before one bucket. */
export function createBudget({ bucket, sleep }: BudgetOptions): Budget {
  const queues = createQueues();
  let nap: AbortController | undefined;
  let isServing = false;

  const rest = async (ms: number): Promise<void> => {
    nap = new AbortController();
    await sleep(ms, nap.signal).catch(() => undefined);
    nap = undefined;
  };

  /** Lets the waiting calls go, questions first, until none waits. */
  const serve = async (): Promise<void> => {
    for (let kind = queues.first(); kind !== undefined; kind = queues.first()) {
      const ms = await bucket.take(kind);
      if (ms === 0) queues.letGo(kind);
      // A question may have come meanwhile, for which the wait is shorter.
      else if (kind === queues.first()) await rest(ms);
    }
  };

  /** The queues changed, so another call may be due, and at another time. */
  const wake = async (): Promise<void> => {
    nap?.abort();
    if (isServing) return;
    isServing = true;
    // A call may come after the last look of `serve`.
    while (queues.first() !== undefined) await serve().catch(queues.failAll);
    isServing = false;
  };

  return {
    take: async (kind, signal) => {
      signal?.throwIfAborted();
      return queues.wait(kind, signal, wake);
    },
    spend: bucket.spend,
  };
}

function createQueues() {
  const waiting: Record<CallKind, WaitingCall[]> = { question: [], crawl: [] };
  return {
    /** The kind of the call that is next; undefined if none waits. */
    first: (): CallKind | undefined =>
      waiting.question.length > 0 ? "question" : waiting.crawl.length > 0 ? "crawl" : undefined,
    letGo: (kind: CallKind) => waiting[kind].shift()?.go(),
    failAll(error: unknown): void {
      for (const { fail } of [...waiting.question.splice(0), ...waiting.crawl.splice(0)]) fail(error);
    },
    /** Resolves when the call is let go. */
    wait: (kind: CallKind, signal: AbortSignal | undefined, onChange: () => void): Promise<void> =>
      new Promise((resolve, reject) => {
        const end = (over: () => void): void => {
          signal?.removeEventListener("abort", leave);
          over();
        };
        const call: WaitingCall = { go: () => end(resolve), fail: (error) => end(() => reject(error)) };
        const leave = (): void => {
          waiting[kind].splice(waiting[kind].indexOf(call), 1);
          reject(signal?.reason);
          onChange();
        };
        signal?.addEventListener("abort", leave, { once: true });
        waiting[kind].push(call);
        onChange();
      }),
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
