import fc from "fast-check";
import { expect, test } from "vitest";
import { nextDigestAt } from "../../../src/domain/alerts/digest-time.ts";
import { propertyRuns } from "../../support/property-runs.ts";
import { DAY, HOUR, MINUTE } from "../../support/time.ts";

const at = Date.parse;

/** The digests between two moments, as ISO times. */
function digests(schedule: { time: string; zone: string }, from: string, to: string): readonly string[] {
  const found: string[] = [];
  for (let next = nextDigestAt(schedule, at(from)); next < at(to); next = nextDigestAt(schedule, next))
    found.push(new Date(next).toISOString().replace(":00.000Z", "Z"));
  return found;
}

/** Just these digests come from an hour before the first to the last. */
function expectDigests(schedule: { time: string; zone: string }, days: readonly string[]): void {
  const [first = "", last = ""] = [days.at(0), days.at(-1)];
  const from = new Date(at(first) - HOUR).toISOString();
  expect(digests(schedule, from, new Date(at(last) + 1).toISOString())).toEqual(days);
}

test("a digest comes at its time today, or tomorrow when that has passed or is now", () => {
  const morning = { time: "09:00", zone: "UTC" };
  expect(nextDigestAt(morning, at("2026-11-23T08:59:59Z"))).toBe(at("2026-11-23T09:00Z"));
  expect(nextDigestAt(morning, at("2026-11-23T09:00Z"))).toBe(at("2026-11-24T09:00Z"));
  expect(nextDigestAt({ time: "00:00", zone: "UTC" }, at("2026-12-31T12:00Z"))).toBe(at("2027-01-01T00:00Z"));
});

test("a digest keeps its time by the wall when the clocks change", () => {
  const berlin = { time: "09:00", zone: "Europe/Berlin" };
  expect(digests(berlin, "2026-10-24T00:00Z", "2026-10-27T00:00Z")).toEqual([
    "2026-10-24T07:00Z",
    "2026-10-25T08:00Z",
    "2026-10-26T08:00Z",
  ]);
  expect(digests(berlin, "2027-03-27T00:00Z", "2027-03-30T00:00Z")).toEqual([
    "2027-03-27T08:00Z",
    "2027-03-28T07:00Z",
    "2027-03-29T07:00Z",
  ]);
});

test.each([
  ["Europe/Berlin", "02:30", "2026-10-24T00:30Z", "2026-10-25T00:30Z", "2026-10-26T01:30Z"],
  ["America/New_York", "01:30", "2026-10-31T05:30Z", "2026-11-01T05:30Z", "2026-11-02T06:30Z"],
  ["Australia/Lord_Howe", "01:45", "2027-04-02T14:45Z", "2027-04-03T14:45Z", "2027-04-04T15:15Z"],
])("a time that the clocks of %s show twice comes once, the first time", (zone, time, ...days) => {
  expectDigests({ time, zone }, days);
});

test.each([
  ["Europe/Berlin", "02:30", "2027-03-27T01:30Z", "2027-03-28T01:30Z", "2027-03-29T00:30Z"],
  ["America/New_York", "02:30", "2027-03-13T07:30Z", "2027-03-14T07:30Z", "2027-03-15T06:30Z"],
  ["Australia/Lord_Howe", "02:15", "2026-10-02T15:45Z", "2026-10-03T15:45Z", "2026-10-04T15:15Z"],
])("a time that the clocks of %s leave out comes when they have gone past it", (zone, time, ...days) => {
  expectDigests({ time, zone }, days);
});

test("no day goes without its digest, not the short one either, whenever one asks", () => {
  const late = { time: "23:30", zone: "Europe/Berlin" };
  expect(nextDigestAt(late, at("2027-03-27T22:30Z"))).toBe(at("2027-03-28T21:30Z"));
  const early = { time: "00:15", zone: "Europe/Berlin" };
  expect(nextDigestAt(early, at("2026-10-24T22:15Z"))).toBe(at("2026-10-25T23:15Z"));
});

test.each([
  ["Asia/Kolkata", "09:00", "2026-11-23T03:30Z"],
  ["Asia/Kathmandu", "09:00", "2026-11-23T03:15Z"],
  ["America/St_Johns", "09:00", "2026-11-23T12:30Z"],
  ["Pacific/Kiritimati", "09:00", "2026-11-23T19:00Z"],
  ["Pacific/Pago_Pago", "09:00", "2026-11-23T20:00Z"],
])("the clocks of %s are what counts", (zone, time, expected) => {
  expect(nextDigestAt({ time, zone }, at("2026-11-23T00:00Z"))).toBe(at(expected));
});

const ZONES = [
  ...["UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/St_Johns", "America/Santiago"],
  ...["Asia/Kolkata", "Asia/Kathmandu", "Australia/Adelaide", "Australia/Lord_Howe", "Pacific/Chatham"],
  // The clocks of this zone change at midnight.
  ...["Asia/Beirut", "America/Havana", "America/Nuuk"],
] as const;

/** On which some of them change their clocks. */
const SUNDAYS = [
  ...["2026-09-06", "2026-09-27", "2026-10-04", "2026-10-25", "2026-11-01"],
  ...["2027-03-14", "2027-03-28", "2027-04-04"],
] as const;

const DAY_MINUTES = 24 * 60;

test("the next digest is soon, shows its time or lies just behind a gap, and is the same whenever one asks", () => {
  const moments = fc
    .tuple(fc.constantFrom(...SUNDAYS), fc.integer({ min: -DAY_MINUTES, max: 2 * DAY_MINUTES }))
    .map(([sunday, minute]) => at(sunday) / MINUTE + minute);
  const minutes = fc.integer({ min: 0, max: DAY_MINUTES - 1 });
  const check = (zone: string, minute: number, moment: number) => {
    const schedule = { time: new Date(minute * MINUTE).toISOString().slice(11, 16), zone };
    const next = nextDigestAt(schedule, moment * MINUTE);
    const aheadBy = (from: number, to: number) => (to - from + DAY_MINUTES) % DAY_MINUTES;
    const shown = clockAt(next, zone);
    const skipped = aheadBy(clockAt(next - HOUR, zone), shown) - 60;
    expect(next).toBeGreaterThan(moment * MINUTE);
    expect(next).toBeLessThanOrEqual(moment * MINUTE + DAY + 2 * HOUR);
    expect(aheadBy(minute, shown)).toBeLessThanOrEqual(Math.max(0, skipped));
    expect(nextDigestAt(schedule, next - 1)).toBe(next);
  };
  fc.assert(fc.property(fc.constantFrom(...ZONES), minutes, moments, check), propertyRuns(400));
});

/** The local time of a zone, in minutes of the day. */
function clockAt(moment: number, zone: string): number {
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
  const [hours = 0, minutes = 0] = clock.format(moment).split(":").map(Number);
  return hours * 60 + minutes;
}
