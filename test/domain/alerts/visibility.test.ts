import fc from "fast-check";
import { expect, test } from "vitest";
import {
  detectOutage,
  maxSweepAge,
  type Outage,
  outageAfterNotice,
  type RepeatedFailure,
  repeatFailure,
  type Visibility,
} from "../../../src/domain/alerts/visibility.ts";
import { propertyRuns } from "../../support/property-runs.ts";
import { DAY, HOUR, MINUTE } from "../../support/time.ts";

const monitorAt = (now: number, runningSince = 0) => ({ now, runningSince, sweepIntervalMs: 5 * MINUTE });
const seen: Visibility = { completeAt: HOUR, readAt: HOUR, tookMs: MINUTE };
const down = repeatFailure(undefined, { cause: "wholesale.unavailable", isUnauthorized: false }, HOUR);
const REFUSED = { cause: "wholesale.unauthorized", isUnauthorized: true };
const refusedOnce = repeatFailure(undefined, REFUSED, HOUR);

test("ALERTS 31: an outage begins after three periods without a complete sweep, and not before", () => {
  expect(detectOutage(seen, monitorAt(HOUR + 15 * MINUTE))).toBeUndefined();
  expect(detectOutage(seen, monitorAt(HOUR + 15 * MINUTE + 1))).toMatchObject({
    since: HOUR,
    notifiedCount: 0,
  });
});

test("ALERTS 31: it takes at least 5 min, and three sweeps where one takes longer than its period", () => {
  expect(maxSweepAge({ tookMs: 0 }, MINUTE)).toBe(5 * MINUTE);
  expect(maxSweepAge({ tookMs: MINUTE }, 5 * MINUTE)).toBe(15 * MINUTE);
  expect(maxSweepAge({ tookMs: 20 * MINUTE }, 5 * MINUTE)).toBe(HOUR);
});

test("ALERTS 31: a token that is refused again after 30 s is an outage; once, and other failures, are not", () => {
  const now = HOUR + MINUTE;
  const outage = (failure: RepeatedFailure) => detectOutage({ ...seen, failure }, monitorAt(now));
  expect(outage(down)).toBeUndefined();
  expect(outage(refusedOnce)).toBeUndefined();
  expect(outage(repeatFailure(refusedOnce, REFUSED, HOUR + MINUTE / 2 - 1))).toBeUndefined();
  expect(outage(repeatFailure(down, REFUSED, HOUR + MINUTE / 2))).toBeUndefined();
  expect(outage(repeatFailure(refusedOnce, { ...down, isUnauthorized: false }, HOUR + MINUTE / 2))).toBeUndefined();
  expect(outage(repeatFailure(refusedOnce, REFUSED, HOUR + MINUTE / 2))).toEqual({
    since: HOUR,
    cause: "wholesale.unauthorized",
    notifiedCount: 0,
    nextNoticeAt: now,
  });
});

test("ALERTS 6, 31: a list that is not believed is an outage at once, and the cause of one that lasts", () => {
  const doubt = {
    since: HOUR,
    known: 4_000,
    present: 0,
    absent: 4_000,
    mayBeTrue: true,
    agreeing: 1,
    isBelieved: false,
  };
  const cause = { cause: "list.suspect", list: { known: 4_000, present: 0, mayBeTrue: true } };
  expect(detectOutage({ ...seen, doubt }, monitorAt(HOUR))).toMatchObject({ since: HOUR, ...cause });
  const outage = { since: 1, cause: "x", notifiedCount: 1, nextNoticeAt: 2 * HOUR };
  expect(detectOutage({ ...seen, doubt, outage }, monitorAt(HOUR))).toEqual({ ...outage, ...cause });
  expect(detectOutage({ ...seen, doubt: { ...doubt, isBelieved: true } }, monitorAt(HOUR))).toBeUndefined();
});

test("ALERTS 31: the cause is what failed last, or that no sweep was complete", () => {
  const now = 2 * HOUR;
  expect(detectOutage({ ...seen, failure: down }, monitorAt(now))).toMatchObject({ cause: down.cause });
  expect(detectOutage({ ...seen, readAt: now }, monitorAt(now))).toMatchObject({ cause: "no complete reading" });
});

test("ALERTS 31: pages prevent an outage before the first complete sweep, and not later", () => {
  const now = 2 * HOUR;
  expect(detectOutage({ tookMs: 0, readAt: now - MINUTE }, monitorAt(now))).toBeUndefined();
  expect(detectOutage({ tookMs: 0, readAt: HOUR }, monitorAt(now))).toMatchObject({ since: HOUR });
  expect(detectOutage({ ...seen, readAt: now - MINUTE }, monitorAt(now))).toMatchObject({ since: HOUR });
});

test("ALERTS 31: the time before the process started does not count", () => {
  const awake = HOUR + DAY;
  expect(detectOutage(seen, monitorAt(awake + 15 * MINUTE, awake))).toBeUndefined();
  expect(detectOutage(seen, monitorAt(awake + 16 * MINUTE, awake))).toMatchObject({ since: awake });
});

test("ALERTS 31: an outage does not end by itself", () => {
  const outage = { since: HOUR, cause: "x", notifiedCount: 1, nextNoticeAt: 2 * HOUR };
  expect(detectOutage({ ...seen, completeAt: 3 * HOUR, outage }, monitorAt(3 * HOUR))).toBe(outage);
});

/** The times of the notices, if the outage is checked every minute. */
function noticeTimes(outage: Outage, until: number): readonly number[] {
  const times: number[] = [];
  let present = outage;
  for (let now = outage.nextNoticeAt; now < until; now += MINUTE) {
    if (present.nextNoticeAt > now) continue;
    times.push(now);
    present = outageAfterNotice(present, now);
  }
  return times;
}

test("ALERTS 31: it is notified at once, after 1 h, after 4 h, then daily", () => {
  const outage = { since: 0, cause: "x", notifiedCount: 0, nextNoticeAt: 0 };
  expect(noticeTimes(outage, 3 * DAY)).toEqual([0, HOUR, 4 * HOUR, DAY + 4 * HOUR, 2 * DAY + 4 * HOUR]);
});

test("ALERTS 31: the next notice is at least 1 h after the last one, however late that was", () => {
  fc.assert(
    fc.property(fc.nat(3 * DAY), fc.nat(5), fc.nat(3 * DAY), (patient, notifiedCount, lateness) => {
      const outage = { since: 0, cause: "x", notifiedCount, nextNoticeAt: patient };
      const now = patient + lateness;
      expect(outageAfterNotice(outage, now).nextNoticeAt).toBeGreaterThanOrEqual(now + HOUR);
    }),
    propertyRuns(200),
  );
});
