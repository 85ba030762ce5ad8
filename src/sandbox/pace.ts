/** How many calls began in which second, oldest first; seconds without a call are left out. */
export type Pace = readonly { readonly second: number; readonly calls: number }[];

/** How far back the pace is told, and how finely. */
const TOLD = { steps: 30, everySeconds: 10 };
const MINUTE = 60;

export function countCall(pace: Pace, time: number): Pace {
  const second = Math.floor(time / 1_000);
  const oldest = second - TOLD.steps * TOLD.everySeconds - MINUTE;
  const kept = pace.filter((one) => one.second > oldest);
  const same = kept.findLastIndex((one) => one.second === second);
  if (same === -1) return [...kept, { second, calls: 1 }];
  return kept.map((one, at) => (at === same ? { second, calls: one.calls + 1 } : one));
}

/** The calls of the minute before each of the last moments; the last number is the minute before now. */
export function paceOf(pace: Pace, now: number): readonly number[] {
  const last = Math.floor(now / 1_000);
  return Array.from({ length: TOLD.steps }, (_, step) => {
    const end = last - (TOLD.steps - 1 - step) * TOLD.everySeconds;
    const within = pace.filter(({ second }) => second > end - MINUTE && second <= end);
    return within.reduce((sum, { calls }) => sum + calls, 0);
  });
}
