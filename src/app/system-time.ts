import { setTimeout as timer } from "node:timers/promises";
import type { Time } from "../domain/ports/runtime.ts";

/** The longest delay that a timer accepts. A longer one would end at once, and a loop that waits for it would never rest. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const SYSTEM_TIME: Time = {
  clock: () => Date.now(),
  sleep: (ms, signal) => timer(Math.min(ms, MAX_TIMER_MS), undefined, { ref: false, ...(signal && { signal }) }),
};
