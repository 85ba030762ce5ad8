import { setImmediate } from "node:timers/promises";
import type { KyselyPlugin } from "kysely";

/** Nobody else in the process is kept waiting for longer than this, but by a single statement. */
const HOLD_MS = 20;

/**
 * Lets the event loop come round between two statements. The file database answers on the spot, so that a transaction of
 * thousands of statements would otherwise be one long halt: no webhook is heard, and no timer kept.
 */
export function createBreath(): KyselyPlugin {
  let since = performance.now();
  return {
    transformQuery: ({ node }) => node,
    async transformResult({ result }) {
      if (performance.now() - since > HOLD_MS) {
        await setImmediate();
        since = performance.now();
      }
      return result;
    },
  };
}
