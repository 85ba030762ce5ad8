import { expect, test } from "vitest";
import {
  advancedBy,
  pausedAt,
  timeAt,
  WALL_CLOCK,
  wallMsUntil,
  withSpeed,
} from "../../src/sandbox/clock/clock-mode.ts";
import { HOUR } from "../support/time.ts";

const NOON = Date.parse("2026-05-01T12:00:00Z");

test("without changes the time is the system time, to the millisecond", () => {
  expect(timeAt(WALL_CLOCK, NOON)).toBe(NOON);
  expect(wallMsUntil(WALL_CLOCK, NOON + 250, NOON)).toBe(250);
});

test("another speed continues from the present time, and so does the old speed", () => {
  const fast = withSpeed(WALL_CLOCK, 60, NOON);
  expect(timeAt(fast, NOON)).toBe(NOON);
  expect(timeAt(fast, NOON + 1_000)).toBe(NOON + 60_000);
  const slow = withSpeed(fast, 1, NOON + 1_000);
  expect(timeAt(slow, NOON + 1_000)).toBe(NOON + 60_000);
  expect(timeAt(slow, NOON + 2_000)).toBe(NOON + 61_000);
});

test("an advance moves the time by exactly its length, at any speed", () => {
  const fast = withSpeed(WALL_CLOCK, 600, NOON);
  expect(timeAt(advancedBy(fast, 4 * HOUR), NOON + 10)).toBe(NOON + 6_000 + 4 * HOUR);
});

test("the system time until a due time depends on the speed: 0 when it is past, infinite while time is paused", () => {
  expect(wallMsUntil(withSpeed(WALL_CLOCK, 60, NOON), NOON + HOUR, NOON)).toBe(60_000);
  expect(wallMsUntil(withSpeed(WALL_CLOCK, 600, NOON), NOON + 1, NOON)).toBe(1);
  expect(wallMsUntil(WALL_CLOCK, NOON - HOUR, NOON)).toBe(0);
  expect(wallMsUntil(pausedAt(NOON), NOON + 1, NOON + HOUR)).toBe(Number.POSITIVE_INFINITY);
  expect(wallMsUntil(pausedAt(NOON), NOON, NOON + HOUR)).toBe(0);
});
