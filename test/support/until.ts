import { setTimeout as sleep } from "node:timers/promises";

/** Ends a wait that hangs. No outcome depends on the speed of the machine. */
const LIMIT_MS = 900_000;

/** Repeats a check until it does not throw, and returns its value. A slow check is repeated less often. */
export async function until<T>(check: () => T | Promise<T>): Promise<T> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    const from = performance.now();
    try {
      return await check();
    } catch (error) {
      const now = performance.now();
      if (now > end) throw error;
      await sleep(Math.max(10, 2 * (now - from)));
    }
  }
}
