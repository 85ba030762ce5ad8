import fc from "fast-check";
import { expect, test } from "vitest";
import { activeMute, wasMuted } from "../../../src/domain/alerts/mute.ts";
import { alertOf, fieldFilter, muteOf } from "../../support/alert-fixtures.ts";
import { propertyRuns } from "../../support/property-runs.ts";
import { HOUR } from "../../support/time.ts";

const alert = alertOf({ badSince: HOUR });

test("ALERTS 23: a mute includes its start and excludes its end", () => {
  const mute = muteOf({ from: HOUR, until: 2 * HOUR });
  const isMuted = (now: number) => activeMute(alert, [mute], now) !== undefined;
  expect([HOUR - 1, HOUR, 2 * HOUR - 1, 2 * HOUR].map(isMuted)).toEqual([false, true, true, false]);
});

test("ALERTS 23: the filter of a mute matches the customer as it was last in error", () => {
  const means = (field: "package" | "externalId" | "package.status", text: string) =>
    activeMute(alert, [muteOf({ filter: fieldFilter(field, text) })], 0) !== undefined;
  expect(means("package", "calling")).toBe(true);
  expect(means("package", "suite")).toBe(false);
  expect(means("package.status", "error")).toBe(true);
  expect(means("externalId", "acme")).toBe(true);
  expect(means("externalId", "bolt")).toBe(false);
});

test("ALERTS 23: of several mutes, the one that ends last is active", () => {
  const [short, long] = [muteOf({ number: 1, until: HOUR }), muteOf({ number: 2, until: 2 * HOUR })];
  expect(activeMute(alert, [short, long], 0)?.number).toBe(2);
  expect(activeMute(alert, [long, short], 0)?.number).toBe(2);
});

test("ALERTS 23: an alert was muted if a mute that has ended covered some of its time in error", () => {
  const was = (from: number, until: number, now = 3 * HOUR) => wasMuted(alert, [muteOf({ from, until })], now);
  expect(was(0, 2 * HOUR)).toBe(true);
  expect(was(1.5 * HOUR, 2 * HOUR)).toBe(true);
  expect(was(0, HOUR)).toBe(false);
  expect(was(0, 4 * HOUR)).toBe(false);
  expect(was(2 * HOUR, 2 * HOUR)).toBe(false);
  expect(wasMuted(alert, [muteOf({ until: 2 * HOUR, filter: fieldFilter("package", "suite") })], 3 * HOUR)).toBe(false);
});

test("ALERTS 12, 23: a mute before the re-opening does not count", () => {
  expect(wasMuted(alertOf({ openedAt: 0, badSince: 2 * HOUR }), [muteOf({ until: HOUR })], 3 * HOUR)).toBe(false);
});

test("ALERTS 23: a mute is either active or has ended", () => {
  const hours = fc.nat(6).map((hour) => hour * HOUR);
  fc.assert(
    fc.property(hours, hours, hours, hours, (from, until, badSince, now) => {
      const mutes = [muteOf({ from, until })];
      const bad = alertOf({ badSince });
      expect(activeMute(bad, mutes, now) !== undefined && wasMuted(bad, mutes, now)).toBe(false);
    }),
    propertyRuns(200),
  );
});
