import fc from "fast-check";
import { expect, test } from "vitest";
import {
  detectOutage,
  maxSweepAge,
  type Outage,
  outageAfterNotice,
  type Visibility,
} from "../../../src/domain/alerts/visibility.ts";
import { DAY, HOUR, MINUTE } from "../../support/alert-fixtures.ts";
import { propertyRuns } from "../../support/property-runs.ts";

const watching = (now: number, runningSince = 0) => ({ now, runningSince, sweepIntervalMs: 5 * MINUTE });
const seen: Visibility = { completeAt: HOUR, readAt: HOUR, tookMs: MINUTE };
const down = { cause: "wholesale.unavailable", refused: false };
const refused = { cause: "wholesale.unauthorized", refused: true };

test("ALERTS 31: three periods without a complete sweep are blindness, and not a moment less", () => {
  expect(detectOutage(seen, watching(HOUR + 15 * MINUTE))).toBeUndefined();
  expect(detectOutage(seen, watching(HOUR + 15 * MINUTE + 1))).toMatchObject({
    since: HOUR,
    notifiedCount: 0,
  });
});

test("ALERTS 31: it takes at least 5 min, and three sweeps where one takes longer than its period", () => {
  expect(maxSweepAge({ tookMs: 0 }, MINUTE)).toBe(5 * MINUTE);
  expect(maxSweepAge({ tookMs: MINUTE }, 5 * MINUTE)).toBe(15 * MINUTE);
  expect(maxSweepAge({ tookMs: 20 * MINUTE }, 5 * MINUTE)).toBe(HOUR);
});

test("ALERTS 31: what is refused is blindness at once, and what only fails is not", () => {
  const now = HOUR + MINUTE;
  expect(detectOutage({ ...seen, failure: down }, watching(now))).toBeUndefined();
  expect(detectOutage({ ...seen, failure: refused }, watching(now))).toEqual({
    since: now,
    cause: "wholesale.unauthorized",
    notifiedCount: 0,
    nextNoticeAt: now,
  });
});

test("ALERTS 31: the cause is what failed last, or that no sweep was complete", () => {
  const now = 2 * HOUR;
  expect(detectOutage({ ...seen, failure: down }, watching(now))).toMatchObject({ cause: down.cause });
  expect(detectOutage({ ...seen, readAt: now }, watching(now))).toMatchObject({ cause: "no complete sweep" });
});

test("ALERTS 31: a first sweep may take as long as it brings something, a later one may not", () => {
  const now = 2 * HOUR;
  expect(detectOutage({ tookMs: 0, readAt: now - MINUTE }, watching(now))).toBeUndefined();
  expect(detectOutage({ tookMs: 0, readAt: HOUR }, watching(now))).toMatchObject({ since: HOUR });
  expect(detectOutage({ ...seen, readAt: now - MINUTE }, watching(now))).toMatchObject({ since: HOUR });
});

test("ALERTS 16: who was away has three periods from its return on", () => {
  const awake = HOUR + DAY;
  expect(detectOutage(seen, watching(awake + 15 * MINUTE, awake))).toBeUndefined();
  expect(detectOutage(seen, watching(awake + 16 * MINUTE, awake))).toMatchObject({ since: awake });
});

test("ALERTS 31: blindness does not end by itself", () => {
  const outage = { since: HOUR, cause: "x", notifiedCount: 1, nextNoticeAt: 2 * HOUR };
  expect(detectOutage({ ...seen, completeAt: 3 * HOUR, outage }, watching(3 * HOUR))).toBe(outage);
});

/** When it is told, if it is looked at every minute. */
function tellings(blind: Outage, until: number): readonly number[] {
  const notifiedCount: number[] = [];
  let present = blind;
  for (let now = blind.nextNoticeAt; now < until; now += MINUTE) {
    if (present.nextNoticeAt > now) continue;
    notifiedCount.push(now);
    present = outageAfterNotice(present, now);
  }
  return notifiedCount;
}

test("ALERTS 31: it is told at once, after 1 h, after 4 h, then daily", () => {
  const blind = { since: 0, cause: "x", notifiedCount: 0, nextNoticeAt: 0 };
  expect(tellings(blind, 3 * DAY)).toEqual([0, HOUR, 4 * HOUR, DAY + 4 * HOUR, 2 * DAY + 4 * HOUR]);
});

test("ALERTS 31: nobody hears it twice in a row, where sweeps are slow or the bot was away", () => {
  fc.assert(
    fc.property(fc.nat(3 * DAY), fc.nat(5), fc.nat(3 * DAY), (patient, notifiedCount, lateness) => {
      const blind = { since: 0, cause: "x", notifiedCount, nextNoticeAt: patient };
      const now = patient + lateness;
      expect(outageAfterNotice(blind, now).nextNoticeAt).toBeGreaterThanOrEqual(now + HOUR);
    }),
    propertyRuns(200),
  );
});
