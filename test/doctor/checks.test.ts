import { expect, test } from "vitest";
import { judgeBackup, judgeFreeSpace } from "../../src/doctor/checks/database.ts";
import { checkNode } from "../../src/doctor/checks/host.ts";
import { clockSkew } from "../../src/http.ts";

const DAY = 24 * 60 * 60_000;
const NOW = Date.UTC(2026, 10, 23, 9);

test.each([
  ["20.18.9", "failed"],
  ["18.20.0", "failed"],
  ["20.19.0", "ok"],
  ["20.19.4", "ok"],
  ["22.1.0", "ok"],
])("Node.js %s: %s", (version, state) => {
  expect(checkNode(version).state).toBe(state);
});

test("a disk with less than 256 MB is nearly full", () => {
  expect(judgeFreeSpace(255)).toMatchObject({ state: "failed", finding: "255 MB free, less than 256 MB" });
  expect(judgeFreeSpace(20_480)).toMatchObject({ state: "ok", finding: "20 GB free" });
});

test("a habit of backups that ended is a failure; none at all may mean that they are made by other means", () => {
  expect(judgeBackup(undefined, { now: NOW, isNew: true })).toEqual({ state: "ok", finding: expect.any(String) });
  expect(judgeBackup(undefined, { now: NOW, isNew: false })).toMatchObject({ state: "ok", cure: expect.any(String) });
  expect(judgeBackup(NOW - 6 * DAY, { now: NOW, isNew: false }).state).toBe("ok");
  expect(judgeBackup(NOW - 8 * DAY, { now: NOW, isNew: false })).toMatchObject({
    state: "failed",
    finding: "the last one is 8 d old",
  });
});

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
