import { getEventListeners } from "node:events";
import { expect, test } from "vitest";
import { createWakeSignal } from "../../src/domain/wake-signal.ts";

/** Ends when its signal aborts, and never by itself. */
const asleep = (_: number, signal?: AbortSignal) =>
  new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));

test("a wait ends by a signal that came before it, by one that comes during it, and by `stop`", async () => {
  const { wake, wait } = createWakeSignal(asleep);
  wake();
  await wait(1_000);
  const during = wait(1_000);
  wake();
  await during;
  const stopping = new AbortController();
  const stopped = wait(1_000, stopping.signal);
  stopping.abort();
  await stopped;
  await wait(1_000, stopping.signal);
});

test("a wait leaves nothing behind on `stop`, which lives as long as the process", async () => {
  const { wake, wait } = createWakeSignal(asleep);
  const { signal } = new AbortController();
  for (let n = 0; n < 10; n += 1) {
    const waiting = wait(1_000, signal);
    wake();
    await waiting;
  }
  expect(getEventListeners(signal, "abort")).toEqual([]);
});
