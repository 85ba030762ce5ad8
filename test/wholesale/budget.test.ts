import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createBucket } from "../../src/wholesale/bucket.ts";
import { type CallKind, createBudget } from "../../src/wholesale/budget.ts";
import { propertyRuns } from "../support/property-runs.ts";

/** A budget with a clock that the test moves. */
function open(perMinute = 120) {
  let now = 0;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const sleeper = { at: now + ms, wake: resolve };
      sleepers.push(sleeper);
      signal?.addEventListener("abort", () => {
        sleepers = sleepers.filter((one) => one !== sleeper);
        reject(signal.reason);
      });
    });
  const settle = () => setImmediate();
  /** Lets so much time pass and ends each sleep at its time. */
  const pass = async (ms: number): Promise<void> => {
    const until = now + ms;
    for (await settle(); ; await settle()) {
      const [next] = sleepers.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at);
      if (next === undefined) break;
      sleepers = sleepers.filter((one) => one !== next);
      now = next.at;
      next.wake();
    }
    now = until;
  };
  const budget = createBudget({ bucket: createBucket(perMinute, () => now), sleep });
  const made: { readonly kind: CallKind; readonly at: number }[] = [];
  const call = (kind: CallKind, signal?: AbortSignal): Promise<void> =>
    budget.take(kind, signal).then(() => void made.push({ kind, at: now }));
  const calls = (kind: CallKind, count: number) => void Array.from({ length: count }, () => call(kind));
  return { budget, call, calls, made, pass, sleepers: () => sleepers.length };
}

const kinds = (made: readonly { readonly kind: CallKind }[]) => made.map(({ kind }) => kind);

test("some questions go at once, the others at the rate of the budget", async () => {
  const { calls, made, pass } = open();
  calls("question", 130);
  await pass(0);
  expect(made).toHaveLength(10);
  await pass(60_001);
  expect(made).toHaveLength(120);
  await pass(6_000);
  expect(made).toHaveLength(130);
});

test("questions go before a crawl that has waited longer", async () => {
  const { calls, made, pass } = open();
  calls("crawl", 20);
  await pass(0);
  expect(kinds(made)).toEqual(Array.from({ length: 5 }, () => "crawl"));
  calls("question", 8);
  await pass(0);
  expect(kinds(made).slice(5)).toEqual(Array.from({ length: 5 }, () => "question"));
  await pass(60_000);
  expect(kinds(made).slice(10, 13)).toEqual(["question", "question", "question"]);
  expect(made).toHaveLength(28);
});

test("a crawl at full speed leaves room for five questions at any time", async () => {
  const { calls, made, pass } = open();
  calls("crawl", 1_000);
  await pass(30_000);
  const walked = made.length;
  calls("question", 5);
  await pass(0);
  expect(kinds(made).slice(walked)).toEqual(Array.from({ length: 5 }, () => "question"));
});

test("ALERTS 4: no minute has more calls than the budget", async () => {
  const asked = fc.array(
    fc.record({
      kind: fc.constantFrom<CallKind>("question", "crawl"),
      count: fc.integer({ min: 1, max: 40 }),
      gap: fc.integer({ min: 0, max: 20_000 }),
    }),
    { minLength: 1, maxLength: 12 },
  );
  const check = async (perMinute: number, steps: readonly { kind: CallKind; count: number; gap: number }[]) => {
    const { calls, made, pass } = open(perMinute);
    for (const { kind, count, gap } of steps) {
      calls(kind, count);
      await pass(gap);
    }
    await pass(60 * 60_000);
    expect(made).toHaveLength(steps.reduce((sum, { count }) => sum + count, 0));
    for (const { at } of made) {
      const within = made.filter((other) => other.at >= at && other.at < at + 60_000);
      expect(within.length).toBeLessThanOrEqual(perMinute);
    }
  };
  await fc.assert(fc.asyncProperty(fc.integer({ min: 12, max: 200 }), asked, check), propertyRuns(40));
});

test("later calls wait for a call that was only counted", async () => {
  const { budget, calls, made, pass } = open();
  for (let repeat = 0; repeat < 12; repeat += 1) budget.spend();
  calls("question", 1);
  await pass(1_500);
  expect(made).toHaveLength(0);
  await pass(200);
  expect(made).toHaveLength(1);
});

test("an aborted call leaves the queue and does not block others", async () => {
  const { call, calls, made, pass, sleepers } = open();
  calls("question", 10);
  await pass(0);
  const leaving = new AbortController();
  const left = call("question", leaving.signal);
  const stayed = call("question");
  leaving.abort(new Error("enough"));
  await expect(left).rejects.toThrow("enough");
  await pass(600);
  await stayed;
  expect(made).toHaveLength(11);
  await expect(call("crawl", leaving.signal)).rejects.toThrow("enough");
  expect(sleepers()).toBe(0);
});

test("without calls there is no timer", async () => {
  const { call, sleepers, pass } = open();
  await Promise.all([call("question"), call("crawl"), pass(0)]);
  expect(sleepers()).toBe(0);
});
