import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { ScheduledFault } from "../bench/soak/fault-schedule.ts";
import { soak } from "../bench/soak/soak.ts";
import { isInAgreement } from "../bench/soak/soak-report.ts";

const script = fileURLToPath(new URL("../../dist-sandbox/sandbox/bot/bot-main.js", import.meta.url));
const RETRY_AFTER_S = 0.01;

const FAULTS: readonly ScheduledFault[] = [
  { hour: 0.5, hours: 0.5, faults: [{ api: "webex", status: 500, probability: 0.3 }] },
  { hour: 1, hours: 1, faults: [{ api: "wholesale", status: 503, retryAfter: RETRY_AFTER_S }] },
  { hour: 2.5, hours: 0.5, faults: [{ lie: "half" }] },
  { hour: 3, hours: 0, scenario: ["storm", { n: 15 }] },
];

/** `npm run soak` does the same for days. */
test("after six hours of changes and faults every space is in agreement, and no law is broken", async () => {
  const world = { customers: 60, changesPerHour: 40, days: 1, dayHours: 6, quietHours: 2 };
  const { days, brokenLaws } = await soak({ ...world, script, speed: 1_800, faultSchedule: [FAULTS] });
  expect(brokenLaws).toEqual([]);
  expect(days[0]?.verdicts.filter((verdict) => !isInAgreement(verdict))).toEqual([]);
  expect(Math.min(...(days[0]?.messages ?? []))).toBeGreaterThan(0);
});
