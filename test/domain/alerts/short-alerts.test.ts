import { expect, test } from "vitest";
import type { ShortAlert } from "../../../src/domain/alerts/notice.ts";
import { cameAndWentLines } from "../../../src/domain/alerts/short-alerts.ts";
import { inUtc } from "../../support/in-utc.ts";
import { MINUTE } from "../../support/time.ts";

const NOON = Date.UTC(2026, 10, 23, 12);

const passed = (but: Partial<ShortAlert> = {}): ShortAlert => ({
  title: "Firm 030 · Calling",
  kind: "error",
  codes: [7000],
  from: NOON,
  to: NOON + 4 * MINUTE,
  ...but,
});

test("ALERTS 20: an alert that came and went is one line, with its codes and times", () => {
  expect(inUtc(cameAndWentLines([passed()], NOON))).toEqual([
    "Came and went: Firm 030 · Calling · 7000 · 12:00–12:04 UTC",
  ]);
  expect(inUtc(cameAndWentLines([passed({ kind: "warnings", codes: [] })], NOON))).toEqual([
    "Came and went: Firm 030 · Calling · with warnings · without a code · 12:00–12:04 UTC",
  ]);
});

test("ALERTS 20: ten are named, the oldest first, and the rest is counted by code", () => {
  const many = Array.from({ length: 13 }, (_, i) =>
    passed({ title: `Firm ${i}`, from: NOON - i * MINUTE, codes: i === 0 ? [] : [i === 1 ? 2560 : 7000] }),
  );
  const lines = cameAndWentLines(many, NOON);
  expect(lines).toHaveLength(11);
  expect(lines[0]).toContain("Firm 12 ");
  expect(lines[10]).toBe("And 3 more came and went: code 7000 ×1, code 2560 ×1, without a code ×1");
});
