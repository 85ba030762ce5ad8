import { expect, test } from "vitest";
import { clockCheck, clockSkew, DATABASE_CLOCK, WEBEX_CLOCK } from "../../src/domain/clock-check.ts";

const NOW = Date.UTC(2026, 10, 23, 9);

test("the header Date tells the skew of a clock, but not the length of an answer, nor the part of a second", () => {
  const header = new Date(NOW).toUTCString();
  const skew = (sentAt: number, answeredAt: number) => clockSkew(header, { sentAt, answeredAt });
  expect(skew(NOW + 100, NOW + 900)).toBe(0);
  expect(skew(NOW - 20_000, NOW + 20_000)).toBe(0);
  expect(skew(NOW + 61_000, NOW + 61_500)).toBe(60_000);
  expect(skew(NOW - 61_500, NOW - 60_000)).toBe(-60_000);
  expect(clockSkew("yesterday", { sentAt: NOW, answeredAt: NOW })).toBeUndefined();
  expect(clockSkew(undefined, { sentAt: NOW, answeredAt: NOW })).toBeUndefined();
});

test("instances that share a database must agree to seconds; Webex is a minute away before it matters", () => {
  expect(clockCheck(-10_000, WEBEX_CLOCK)).toMatchObject({ ok: true, detail: "agrees with Webex" });
  expect(clockCheck(-90_000, WEBEX_CLOCK)).toMatchObject({
    ok: false,
    detail: "1 min 30 s behind Webex; set this machine's by NTP",
  });
  expect(clockCheck(10_000, DATABASE_CLOCK)).toMatchObject({
    ok: false,
    detail: "10 s ahead of the database server; set both by NTP",
  });
});
