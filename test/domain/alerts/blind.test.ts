import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type Blindness,
  blindnessOf,
  patience,
  type Sight,
  toldBlind,
} from "../../../src/domain/alerts/blind.ts";
import { DAY, HOUR, MINUTE } from "../../support/alerts.ts";
import { runs } from "../../support/runs.ts";

const watching = (now: number, awakeSince = 0) => ({ now, awakeSince, periodMs: 5 * MINUTE });
const seen: Sight = { completeAt: HOUR, readAt: HOUR, tookMs: MINUTE };
const down = { cause: "wholesale.unavailable", refused: false };
const refused = { cause: "wholesale.unauthorized", refused: true };

test("ALERTS 31: three periods without a complete sweep are blindness, and not a moment less", () => {
  expect(blindnessOf(seen, watching(HOUR + 15 * MINUTE))).toBeUndefined();
  expect(blindnessOf(seen, watching(HOUR + 15 * MINUTE + 1))).toMatchObject({ since: HOUR, told: 0 });
});

test("ALERTS 31: it takes at least 5 min, and three sweeps where one takes longer than its period", () => {
  expect(patience({ tookMs: 0 }, MINUTE)).toBe(5 * MINUTE);
  expect(patience({ tookMs: MINUTE }, 5 * MINUTE)).toBe(15 * MINUTE);
  expect(patience({ tookMs: 20 * MINUTE }, 5 * MINUTE)).toBe(HOUR);
});

test("ALERTS 31: what is refused is blindness at once, and what only fails is not", () => {
  const now = HOUR + MINUTE;
  expect(blindnessOf({ ...seen, failure: down }, watching(now))).toBeUndefined();
  expect(blindnessOf({ ...seen, failure: refused }, watching(now))).toEqual({
    since: now,
    cause: "wholesale.unauthorized",
    told: 0,
    tellAt: now,
  });
});

test("ALERTS 31: the cause is what failed last, or that no sweep was complete", () => {
  const now = 2 * HOUR;
  expect(blindnessOf({ ...seen, failure: down }, watching(now))).toMatchObject({ cause: down.cause });
  expect(blindnessOf({ ...seen, readAt: now }, watching(now))).toMatchObject({ cause: "no complete sweep" });
});

test("ALERTS 31: a first sweep may take as long as it brings something, a later one may not", () => {
  const now = 2 * HOUR;
  expect(blindnessOf({ tookMs: 0, readAt: now - MINUTE }, watching(now))).toBeUndefined();
  expect(blindnessOf({ tookMs: 0, readAt: HOUR }, watching(now))).toMatchObject({ since: HOUR });
  expect(blindnessOf({ ...seen, readAt: now - MINUTE }, watching(now))).toMatchObject({ since: HOUR });
});

test("ALERTS 16: who was away has three periods from its return on", () => {
  const awake = HOUR + DAY;
  expect(blindnessOf(seen, watching(awake + 15 * MINUTE, awake))).toBeUndefined();
  expect(blindnessOf(seen, watching(awake + 16 * MINUTE, awake))).toMatchObject({ since: awake });
});

test("ALERTS 31: blindness does not end by itself", () => {
  const blind = { since: HOUR, cause: "x", told: 1, tellAt: 2 * HOUR };
  expect(blindnessOf({ ...seen, completeAt: 3 * HOUR, blind }, watching(3 * HOUR))).toBe(blind);
});

/** When it is told, if it is looked at every minute. */
function tellings(blind: Blindness, until: number): readonly number[] {
  const told: number[] = [];
  let present = blind;
  for (let now = blind.tellAt; now < until; now += MINUTE) {
    if (present.tellAt > now) continue;
    told.push(now);
    present = toldBlind(present, now);
  }
  return told;
}

test("ALERTS 31: it is told at once, after 1 h, after 4 h, then daily", () => {
  const blind = { since: 0, cause: "x", told: 0, tellAt: 0 };
  expect(tellings(blind, 3 * DAY)).toEqual([0, HOUR, 4 * HOUR, DAY + 4 * HOUR, 2 * DAY + 4 * HOUR]);
});

test("ALERTS 31: nobody hears it twice in a row, where sweeps are slow or the bot was away", () => {
  fc.assert(
    fc.property(fc.nat(3 * DAY), fc.nat(5), fc.nat(3 * DAY), (patient, told, lateness) => {
      const blind = { since: 0, cause: "x", told, tellAt: patient };
      const now = patient + lateness;
      expect(toldBlind(blind, now).tellAt).toBeGreaterThanOrEqual(now + HOUR);
    }),
    runs(200),
  );
});
