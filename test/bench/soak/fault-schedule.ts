import type { ScenarioParameters } from "../../../src/sandbox/scenarios/scenario-steps.ts";
import type { NewFault } from "../../../src/sandbox/world/faults.ts";

/** The faults of both APIs on a day, by the hour at which they begin. */
export interface ScheduledFault {
  readonly hour: number;
  readonly hours: number;
  readonly faults?: readonly NewFault[];
  readonly scenario?: readonly [name: string, parameters: ScenarioParameters];
}

/** The bot's own client waits by the clock on the wall, which is hours of a fast one: it is asked to wait for next to nothing. */
const RETRY_AFTER_S = 0.01;

/** Seven days, and then the same again. Each has its quiet hours, from 20 on. */
const DAYS: readonly (readonly ScheduledFault[])[] = [
  [
    { hour: 2, hours: 1, faults: [{ status: 429, retryAfter: RETRY_AFTER_S, probability: 0.3 }] },
    { hour: 6, hours: 2, faults: [{ api: "webex", status: 500, probability: 0.3 }] },
    { hour: 12, hours: 1, scenario: ["storm", { n: 30 }] },
  ],
  [
    { hour: 3, hours: 4, faults: [{ api: "wholesale", status: 503, retryAfter: RETRY_AFTER_S }] },
    {
      hour: 10,
      hours: 2,
      faults: [{ api: "webex", path: "/messages", method: "POST", drop: true, probability: 0.3 }],
    },
    { hour: 15, hours: 1, scenario: ["flap", { times: 9, everyMs: 12 * 60_000 }] },
  ],
  [
    { hour: 2, hours: 1, faults: [{ lie: "half" }] },
    { hour: 5, hours: 1, faults: [{ lie: "empty" }] },
    { hour: 9, hours: 2, faults: [{ api: "webex", status: 503, retryAfter: RETRY_AFTER_S }] },
    { hour: 14, hours: 1, scenario: ["maintenance", { n: 20 }] },
  ],
  [
    { hour: 1, hours: 3, faults: [{ api: "wholesale", status: 500, probability: 0.05 }] },
    { hour: 8, hours: 2, faults: [{ api: "wholesale", path: "/wholesale", status: 401 }] },
    { hour: 13, hours: 1, scenario: ["storm", { n: 60 }] },
    { hour: 16, hours: 1, scenario: ["heal-all", {}] },
  ],
  [
    { hour: 4, hours: 6, faults: [{ api: "wholesale", status: 503, retryAfter: RETRY_AFTER_S }] },
    { hour: 12, hours: 1, scenario: ["storm", { n: 25 }] },
    { hour: 13, hours: 1, faults: [{ api: "webex", status: 503, retryAfter: RETRY_AFTER_S }] },
  ],
  [
    { hour: 3, hours: 2, faults: [{ drop: true, probability: 0.05 }] },
    { hour: 9, hours: 2, faults: [{ lie: "half" }] },
    { hour: 15, hours: 1, scenario: ["flap", { times: 12, everyMs: 10 * 60_000 }] },
  ],
  [{ hour: 10, hours: 1, scenario: ["retry", { times: 5, everyMs: 10 * 60_000 }] }],
];

export const faultsOfDay = (day: number): readonly ScheduledFault[] => DAYS[day % DAYS.length] ?? [];
