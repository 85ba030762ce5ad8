import { expect, test } from "vitest";
import { plain } from "../../src/cards/plain-text.ts";
import { normalizeText } from "../../src/domain/commands/tokenize.ts";
import { foreignText } from "../../src/domain/foreign-text.ts";
import { formatTime } from "../../src/domain/views/text.ts";
import { clockOf, READERS_CLOCK, writeTimes } from "../../src/domain/views/time-mark.ts";
import { roomSchema } from "../../src/webex/wire.ts";
import { DAY, HOUR } from "../support/time.ts";

const NOW = Date.UTC(2026, 10, 23, 23, 30);

test.each([
  ["today", NOW, "23:30 UTC"],
  ["another day", NOW + HOUR, "24 Nov, 00:30 UTC"],
  ["another year", NOW - 365 * DAY, "23 Nov 2025, 23:30 UTC"],
])("a time of %s", (_, at, written) => {
  expect(writeTimes(`until ${formatTime(at, NOW)}.`, clockOf("UTC"))).toBe(`until ${written}.`);
});

test("a zone has its own clock and its own day, and is named once in a span", () => {
  const span = `${formatTime(NOW, NOW)}–${formatTime(NOW + HOUR, NOW)}`;
  expect(writeTimes(span, clockOf("Europe/Berlin"))).toBe("00:30–24 Nov, 01:30 CET");
  expect(writeTimes(span, READERS_CLOCK)).toBe(
    "{{TIME(2026-11-23T23:30:00Z)}}–{{DATE(2026-11-24T00:30:00Z, SHORT)}} {{TIME(2026-11-24T00:30:00Z)}}",
  );
});

test("a mark outlives what makes foreign texts inert, and one that was cut is left out", () => {
  const mark = formatTime(NOW, NOW);
  expect(writeTimes(plain(`since ${mark}`, 80), clockOf("UTC"))).toBe("since 23:30 UTC");
  for (let max = 8; max < 6 + mark.length; max += 1)
    expect(writeTimes(plain(`since ${mark}`, max), clockOf("UTC"))).toMatch(/^since …?$/);
});

const FOREIGN = "Firm \ue000t0\ue001";

test.each([
  ["a name of the API", () => foreignText(FOREIGN)],
  ["the name of a person or a space", () => roomSchema.parse({ id: "r", title: FOREIGN }).title],
  ["what people type", () => normalizeText(FOREIGN)],
])("no text from outside is read as a time: %s", (_, text) => {
  expect(writeTimes(text(), clockOf("UTC"))).not.toContain("00:00");
  expect(writeTimes(text(), clockOf("UTC"))).toContain("Firm");
});
