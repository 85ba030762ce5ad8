import { expect, test } from "vitest";
import { sinceTime } from "../../../src/domain/customers/since.ts";

const NOON = Date.UTC(2026, 10, 23, 12);

test.each([
  ["30m", NOON - 30 * 60_000],
  ["2h", NOON - 2 * 3_600_000],
  ["7D", NOON - 7 * 86_400_000],
  ["1w", NOON - 7 * 86_400_000],
  ["2026-11-23", Date.UTC(2026, 10, 23)],
  ["2026-11-23T10:30", Date.UTC(2026, 10, 23, 10, 30)],
  ["2026-11-23t10:30:05.5z", Date.UTC(2026, 10, 23, 10, 30, 5, 500)],
  ["2026-11-23T10:30+01:00", Date.UTC(2026, 10, 23, 9, 30)],
])("%s is a time, in UTC where no zone is given", (text, at) => {
  expect(sinceTime(text, NOON)).toBe(at);
});

test.each(["", "2", "h", "soon", "2x", "-2h", "1.5h", "2026", "2026-13-01", "yesterday", "2026-11-23 10:00"])(
  "%j is no time",
  (text) => {
    expect(sinceTime(text, NOON)).toBeUndefined();
  },
);
