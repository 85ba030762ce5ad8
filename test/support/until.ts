import { setTimeout as sleep } from "node:timers/promises";

/** Ends what hangs. No outcome depends on how fast a machine is. */
const LIMIT_MS = 300_000;

/** Waits until this holds, and returns what it gives. A look that takes long comes less often, and leaves room for what it waits for. */
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
