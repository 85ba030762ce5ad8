import { expect, test } from "vitest";
import { freshnessOf, isComplete, scopeText } from "../../src/cards/freshness.ts";
import { CARD_TIME_FORMAT, textTimeFormat } from "../../src/cards/words.ts";
import { READERS_CLOCK, writeTimes } from "../../src/domain/views/time-mark.ts";
import type { Freshness } from "../../src/domain/views/views.ts";
import { inUtc } from "../support/in-utc.ts";
import { SECOND } from "../support/time.ts";

const NOW = Date.UTC(2026, 10, 23, 15, 4, 0, 123);
const asOf = (seconds: number): Freshness => ({
  source: "snapshot",
  readAt: NOW - seconds * SECOND,
  now: NOW,
});

test.each<[string, Freshness, string]>([
  ["live", { source: "live", readAt: NOW }, "live, 15:04 UTC"],
  ["this moment", asOf(0), "as of just now, complete (15:04 UTC)"],
  ["seconds", asOf(40), "as of 40 s ago, complete (15:03 UTC)"],
  ["minutes, without seconds", asOf(12 * 60 + 5), "as of 12 min ago, complete (14:51 UTC)"],
  ["hours", asOf(3 * 3_600 + 12 * 60 + 59), "as of 3 h 12 min ago, complete (11:51 UTC)"],
  [
    "days, and then the day is shown",
    asOf(2 * 86_400 + 3_600 + 120),
    "as of 2 d 1 h ago, complete (21 Nov, 14:02 UTC)",
  ],
  ["a clock that runs ahead", asOf(-5), "as of just now, complete (15:04 UTC)"],
  [
    "a first reading",
    { source: "snapshot", now: NOW, readSoFar: 4_200 },
    "first reading in progress: 4,200 customers read so far",
  ],
  [
    "its first customer",
    { source: "snapshot", now: NOW, readSoFar: 1 },
    "first reading in progress: 1 customer read so far",
  ],
  ["nothing read at all", { source: "snapshot", now: NOW }, "first reading not started"],
])("how fresh an answer is: %s", (_, freshness, words) => {
  expect(inUtc(freshnessOf(freshness, textTimeFormat(NOW)))).toBe(words);
});

test("on a card the client puts the time into its reader's zone", () => {
  expect(writeTimes(freshnessOf(asOf(40), CARD_TIME_FORMAT), READERS_CLOCK)).toBe(
    "as of 40 s ago, complete ({{TIME(2026-11-23T15:03:20Z)}})",
  );
  expect(writeTimes(freshnessOf(asOf(86_400), CARD_TIME_FORMAT), READERS_CLOCK)).toContain(
    "{{DATE(2026-11-22T15:04:00Z, SHORT)}}",
  );
});

test("only before the first complete reading may somebody be missing", () => {
  expect(isComplete({ source: "live", readAt: NOW })).toBe(true);
  expect(isComplete(asOf(9_999))).toBe(true);
  expect(isComplete({ source: "snapshot", now: NOW, readSoFar: 4_200 })).toBe(false);
});

test("another year is shown", () => {
  expect(inUtc(textTimeFormat(NOW).dateTime(Date.UTC(2025, 11, 31, 23, 59)))).toBe("31 Dec 2025, 23:59 UTC");
  expect(inUtc(textTimeFormat(NOW).dateTime(NOW))).toBe("23 Nov, 15:04 UTC");
});

test("a bound space shows its sub-partner", () => {
  expect(scopeText("Acme **Reseller**")).toBe("for Acme ∗∗Reseller∗∗");
  expect(scopeText(undefined)).toBe("");
  expect(scopeText("\u200b")).toBe("for one sub-partner");
});
