import { expect, test } from "vitest";
import { isStandalone, isSummaryNotice, type NoticeKind } from "../../../src/domain/alerts/notice.ts";

test("ALERTS 15, 16, 20: notices about single alerts are grouped; summary notices and others are urgent", () => {
  const kept: readonly NoticeKind[] = [
    "alert",
    "retry",
    "reopen",
    "recovery",
    "flapping",
    "flapping-end",
    "code-change",
    "reminder",
    "storm-end",
  ];
  const urgent: readonly NoticeKind[] = [
    "outage",
    "outage-end",
    "baseline",
    "catch-up",
    "digest",
    "escalation",
    "follow",
    "suspended",
    "report",
  ];
  expect(kept.filter(isStandalone)).toEqual([]);
  expect(urgent.filter((kind) => !isStandalone(kind))).toEqual([]);
  expect([...kept, ...urgent].filter(isSummaryNotice)).toEqual(["baseline", "catch-up"]);
});
