import { setTimeout as timer } from "node:timers/promises";
import type { Time } from "../domain/ports/runtime.ts";

export const SYSTEM_TIME: Time = {
  clock: () => Date.now(),
  sleep: (ms, signal) => timer(ms, undefined, { ref: false, ...(signal && { signal }) }),
};
