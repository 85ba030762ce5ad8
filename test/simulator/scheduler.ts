import { setImmediate } from "node:timers/promises";
import type { Time } from "../../src/domain/ports/runtime.ts";

interface Sleeper {
  readonly dueAt: number;
  readonly wake: () => void;
}

/**
 * The one clock of a simulated world. It moves only when nothing can run: then it jumps to the next sleeper. So the order of
 * everything depends on the seed alone, and an hour takes as long as the work in it.
 */
export interface Scheduler extends Time {
  /** Runs the world until this time. Whatever is due exactly then still runs. */
  runUntil(end: number): Promise<void>;
  /** Runs the world until the promise has settled. Throws if it cannot settle because nobody sleeps any more. */
  runUntilSettled<T>(promise: Promise<T>): Promise<T>;
}

/** @param start epoch milliseconds */
export function createScheduler(start: number): Scheduler {
  let now = start;
  /** By time; those of one time in the order in which they came. */
  const sleepers: Sleeper[] = [];

  const add = (sleeper: Sleeper): void => {
    let index = sleepers.length;
    while (index > 0 && (sleepers[index - 1]?.dueAt ?? 0) > sleeper.dueAt) index -= 1;
    sleepers.splice(index, 0, sleeper);
  };

  const remove = (sleeper: Sleeper): void => {
    const index = sleepers.indexOf(sleeper);
    if (index >= 0) sleepers.splice(index, 1);
  };

  /** Wakes the next sleeper that is due by `end`, one alone; false if there is none. */
  const wakeNext = (end: number): boolean => {
    const [next] = sleepers;
    if (next === undefined || next.dueAt > end) return false;
    sleepers.shift();
    now = Math.max(now, next.dueAt);
    next.wake();
    return true;
  };

  return {
    clock: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const abort = (): void => {
          remove(sleeper);
          reject(signal?.reason);
        };
        const wake = (): void => {
          signal?.removeEventListener("abort", abort);
          resolve();
        };
        const sleeper = { dueAt: now + Math.max(0, ms), wake };
        signal?.addEventListener("abort", abort, { once: true });
        add(sleeper);
      }),
    async runUntil(end) {
      do await nothingCanRun();
      while (wakeNext(end));
      now = Math.max(now, end);
    },
    async runUntilSettled(promise) {
      let settled = false;
      const settle = (): void => {
        settled = true;
      };
      promise.then(settle, settle);
      await nothingCanRun();
      while (!settled) {
        if (!wakeNext(Number.POSITIVE_INFINITY))
          throw new Error("The world has stopped, and nothing can end this wait.");
        await nothingCanRun();
      }
      return promise;
    },
  };
}

/** Work of the process that the event loop still has to run. Timers are not among it: nothing in a simulated world uses them. */
const PENDING_WORK = /^(?:Immediate|FSReqCallback|FSReqPromise|FileHandleCloseReq)$/;

/** Resolves when every promise, immediate and file operation has run to its end, so that only sleepers are left. */
async function nothingCanRun(): Promise<void> {
  do await setImmediate();
  while (process.getActiveResourcesInfo().some((resource) => PENDING_WORK.test(resource)));
}
