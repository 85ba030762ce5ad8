import { setImmediate } from "node:timers/promises";

/** Nobody is kept waiting for longer than this. */
const MAX_BLOCK_MS = 20;

/** Goes through many things without holding up those who ask the sandbox something meanwhile. */
export async function* yieldOften<T>(things: Iterable<T>): AsyncGenerator<T> {
  let since = performance.now();
  for (const thing of things) {
    if (performance.now() - since > MAX_BLOCK_MS) {
      await setImmediate();
      since = performance.now();
    }
    yield thing;
  }
}
