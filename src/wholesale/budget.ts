import type { Time } from "../domain/ports/runtime.ts";
import type { Http } from "../http.ts";

/** A `question` is a person's and goes first; the `walk` of sweeps and looks takes what is left. */
export type CallKind = "question" | "crawl";

/** `API_CALLS_PER_MINUTE`: one budget for everything that is asked of the Wholesale API. */
export interface Budget {
  /** Resolves when this call may be made; rejects with `signal.reason` on abort. */
  take(kind: CallKind, signal?: AbortSignal): Promise<void>;
  /** A call that is made without asking first, such as a repeated one: those to come wait for it. */
  spend(): void;
}

export interface BudgetOptions extends Time {
  readonly perMinute: number;
}

interface Waiter {
  readonly go: () => void;
}

/**
 * A bucket that fills steadily. What it can hold is taken off its rate, so that no minute has more calls than it may; half
 * of that is kept for questions, which therefore never find it empty because of a sweep.
 */
export function createBudget({ perMinute, clock, sleep }: BudgetOptions): Budget {
  const size = Math.max(1, Math.floor(perMinute / 12));
  const reserve = Math.floor(size / 2);
  const perMs = Math.max(1, perMinute - size) / 60_000;
  const waiting: Record<CallKind, Waiter[]> = { question: [], crawl: [] };
  let calls = size;
  let filledAt = clock();
  let nap: AbortController | undefined;

  const fill = (): void => {
    const now = clock();
    calls = Math.min(size, calls + Math.max(0, now - filledAt) * perMs);
    filledAt = now;
  };

  const first = (): CallKind | undefined =>
    waiting.question.length > 0 ? "question" : waiting.crawl.length > 0 ? "crawl" : undefined;

  /** How long until a call of this kind may go, as things stand. */
  const dueIn = (kind: CallKind): number => {
    fill();
    const missing = 1 + (kind === "crawl" ? reserve : 0) - calls;
    // Less than a millionth of a call is the rounding of many small fillings.
    return missing < 1e-6 ? 0 : Math.ceil(missing / perMs);
  };

  /** Lets go whoever is due, those in front first, for as long as anybody waits. */
  const serve = async (): Promise<void> => {
    for (let kind = first(); kind !== undefined; kind = first()) {
      const ms = dueIn(kind);
      if (ms === 0) {
        calls -= 1;
        waiting[kind].shift()?.go();
        continue;
      }
      nap = new AbortController();
      await sleep(ms, nap.signal).catch(() => undefined);
    }
    nap = undefined;
  };

  /** Somebody came or left, so that another may be due, and at another time. */
  const rouse = (): void => {
    if (nap === undefined) void serve();
    else nap.abort();
  };

  const wait = (kind: CallKind, signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting[kind].splice(waiting[kind].indexOf(waiter), 1);
        reject(signal?.reason);
        rouse();
      };
      const waiter: Waiter = {
        go: () => {
          signal?.removeEventListener("abort", leave);
          resolve();
        },
      };
      signal?.addEventListener("abort", leave, { once: true });
      waiting[kind].push(waiter);
      rouse();
    });

  return {
    take: async (kind, signal) => {
      signal?.throwIfAborted();
      return wait(kind, signal);
    },
    spend: () => {
      fill();
      calls -= 1;
    },
  };
}

/** The same client, whose calls take from the budget before they are made. */
export function withBudget(http: Http, budget: Budget, kind: CallKind): Http {
  return {
    ...http,
    request: async (call) => {
      await budget.take(kind, call.signal);
      return http.request(call);
    },
  };
}
