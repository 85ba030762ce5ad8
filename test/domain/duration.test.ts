import { expect, test } from "vitest";
import { parseDuration } from "../../src/domain/duration.ts";

test.each([
  ["30s", 30_000],
  ["5m", 300_000],
  ["1.5h", 5_400_000],
  ["2 D", 172_800_000],
  [" 200ms ", 200],
])("%j is %i milliseconds", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});

test.each(["", "30", "s", "-5m", "5 minutes", "1h30m", "١m", "1e3s"])("%j is no time", (text) => {
  expect(parseDuration(text)).toBeUndefined();
});
