import fc from "fast-check";
import { expect, test } from "vitest";
import { formatSince, MAX_SINCE, parseSince } from "../../../src/domain/customers/since.ts";
import { HOUR } from "../../support/time.ts";

test.each([
  ["30s", 30_000],
  ["15m", HOUR / 4],
  ["2h", 2 * HOUR],
  ["3D", 72 * HOUR],
  ["1w", 168 * HOUR],
  ["2 hours", 2 * HOUR],
  ["90 min", 1.5 * HOUR],
  ["day", 24 * HOUR],
  [" today ", 24 * HOUR],
  ["400d", MAX_SINCE],
])("%s is a span", (text, span) => {
  expect(parseSince(text)).toBe(span);
});

test.each(["", "0h", "-2h", "h", "2", "2x", "401d", "1.5h", "99999999999h", "2h30m", "soon"])(
  "“%s” is none",
  (text) => {
    expect(parseSince(text)).toBeUndefined();
  },
);

test("a span of whole seconds is read back as it was written", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: MAX_SINCE / 1000 }), (seconds) => {
      expect(parseSince(formatSince(seconds * 1000))).toBe(seconds * 1000);
    }),
  );
});
