/** How many calls began in which second, oldest first; seconds without a call are left out. */
export type CallCounts = readonly { readonly second: number; readonly calls: number }[];

/** How far back the pace is told, and how finely. */
const RATE_SAMPLES = { steps: 30, everySeconds: 10 };
const MINUTE = 60;

export function countCall(pace: CallCounts, time: number): CallCounts {
  const second = Math.floor(time / 1_000);
  const oldest = second - RATE_SAMPLES.steps * RATE_SAMPLES.everySeconds - MINUTE;
  const kept = pace.filter((one) => one.second > oldest);
  const same = kept.findLastIndex((one) => one.second === second);
  if (same === -1) return [...kept, { second, calls: 1 }];
  return kept.map((one, at) => (at === same ? { second, calls: one.calls + 1 } : one));
}

/** The calls of the minute before each of the last moments; the last number is the minute before now. */
export function callRates(pace: CallCounts, now: number): readonly number[] {
  const last = Math.floor(now / 1_000);
  return Array.from({ length: RATE_SAMPLES.steps }, (_, step) => {
    const end = last - (RATE_SAMPLES.steps - 1 - step) * RATE_SAMPLES.everySeconds;
    const within = pace.filter(({ second }) => second > end - MINUTE && second <= end);
    return within.reduce((sum, { calls }) => sum + calls, 0);
  });
}
