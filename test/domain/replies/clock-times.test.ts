import { expect, test } from "vitest";
import { format } from "../../../src/domain/commands/format.ts";
import { parseFormatted } from "../../../src/domain/commands/parse.ts";
import { withClockTimes } from "../../../src/domain/replies/clock-times.ts";

/** A Monday, 10:30 in Berlin. */
const NOW = Date.parse("2026-11-30T09:30:00Z");

async function timed(text: string, zone?: string, now = NOW): Promise<string> {
  const command = parseFormatted(text);
  if (command === undefined) throw new Error(`“${text}” is no command`);
  const timed = await withClockTimes(command, { zone: async () => zone, clock: () => now });
  return timed.ok ? format(timed.command) : `${timed.problem} ${timed.hint} ${timed.suggestion}`;
}

test.each([
  ["errors since 22:00", 'customers status=error,provisioned_with_errors since="2026-11-29T21:00Z"'],
  ["errors since 8 am", 'customers status=error,provisioned_with_errors since="2026-11-30T07:00Z"'],
  ["customers since yesterday 18:00", 'customers since="2026-11-29T17:00Z"'],
  ["summary since monday", 'summary since="2026-11-29T23:00Z"'],
  ["customers since friday 12:00", 'customers since="2026-11-27T11:00Z"'],
  ["changes since 10:00", "changes since=30m"],
  ["handover since monday 8:30", "handover since=2h"],
  ["alerts over since 9:30", "alerts over since=1h"],
  ["alerts since 9:30", 'alerts since="2026-11-30T08:30Z"'],
  ["mute 12 until 12:30", "mute alert=12 for=2h"],
  ["mute acme until tomorrow 10:30 because x", 'mute acme for=1d because="x"'],
  ["mute acme until tomorrow because x", 'mute acme for=1290m because="x"'],
  ["mute acme until monday 10:30 because x", 'mute acme for=1w because="x"'],
  ["mute since=9:30 until=10:00 because=x", 'mute since="2026-11-30T08:30Z" for=1410m because="x"'],
  ["ack 12 until 11:00 on it", 'ack 12 for=30m note="on it"'],
  ["ack 12 until today 18:30", "ack 12 for=8h"],
])("by the clock of the space, “%s” is %s", async (said, canonical) => {
  expect(await timed(said.startsWith("mute 12") ? `${said} because x` : said, "Europe/Berlin")).toBe(
    said.startsWith("mute 12") ? `${canonical} because="x"` : canonical,
  );
});

test("without a zone, the clock is UTC", async () => {
  expect(await timed("errors since 22:00")).toContain('since="2026-11-29T22:00Z"');
});

test("a night with a clock change has another length", async () => {
  const evening = Date.parse("2026-10-24T20:00:00Z");
  expect(await timed("ack 12 until tomorrow 8:00", "Europe/Berlin", evening)).toBe("ack 12 for=11h");
});

test.each([
  "customers friday",
  'customers "8:00" name=Monday',
  "customers since=2h",
  "mute all for=2h because=x",
  "next",
  "ack 12",
])("%s needs no clock, and asks for no zone", async (text) => {
  const command = parseFormatted(text);
  if (command === undefined) throw new Error("no command");
  const zone = () => Promise.reject(new Error("asked for the zone"));
  expect(await withClockTimes(command, { zone, clock: () => NOW })).toEqual({ ok: true, command });
});

test.each([
  [
    "mute acme until yesterday because x",
    "“until yesterday” is past already.",
    'mute acme until="tomorrow" because="x"',
  ],
  [
    "mute 12 until today 10:30 because x",
    "“until today 10:30” is past already.",
    'mute alert=12 until="tomorrow 10:30" because="x"',
  ],
  [
    "ack 12 until yesterday 18:00 on it",
    "“until yesterday 18:00” is past already.",
    'ack 12 until="tomorrow 18:00" note="on it"',
  ],
])("an end that is past is refused, and says what to write: %s", async (said, problem, suggestion) => {
  const hint =
    "Nothing was changed. Write a time to come, such as “until 18:00” or “until tomorrow 8:00”, or a span, such as “for 2 hours”.";
  expect(await timed(said, "Europe/Berlin")).toBe(`${problem} ${hint} ${suggestion}`);
});

test.each([
  ["changes since today 10:31", "“since today 10:31” is still to come."],
  ["errors since tomorrow 8:00", "“since tomorrow 08:00” is still to come."],
])("a beginning that is still to come is refused: %s", async (said, problem) => {
  const hint =
    "Write a time that is past, such as “since 8:00” or “since yesterday 18:00”, or a span, such as “since 2h”.";
  expect(await timed(said, "Europe/Berlin")).toBe(`${problem} ${hint} undefined`);
});
