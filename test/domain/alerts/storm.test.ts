import { expect, test } from "vitest";
import {
  codeOf,
  isOfStorm,
  NO_CODE,
  newStormCodes,
  nextLookAt,
  type Storm,
  stormStepAt,
  stormTimes,
} from "../../../src/domain/alerts/storm.ts";
import { alertOf, customerOf, problemWithCode } from "../../support/alert-fixtures.ts";
import { HOUR, MINUTE, SECOND } from "../../support/time.ts";

const timings = { waitMs: 30 * SECOND, intervalMs: 5 * MINUTE };
const at = (minutes: number) => HOUR + minutes * MINUTE;
/** It began at minute 0 with 20 alerts of code 2560. */
const storm: Storm = {
  ...{ since: at(0), messageId: "root", lastAt: at(0), toldAt: at(0) },
  ...{ codes: [2560], before: 0, told: 20, posted: 20, edits: 0 },
};
const failed = (id: number, ...codes: readonly number[]) =>
  alertOf({ id, subject: customerOf(`c${id}`, { calling: "error" }, codes.map(problemWithCode)) });
const several = (first: number, count: number, code: number) =>
  Array.from({ length: count }, (_, i) => failed(first + i, code));

test("ALERTS 21: over ten new alerts in one message are a storm about their codes", () => {
  expect(newStormCodes(several(1, 10, 2560), [])).toBeUndefined();
  expect(newStormCodes([...several(1, 10, 2560), failed(11, 7, 9), failed(12)], [])).toEqual({
    codes: [2560, 7, NO_CODE],
    before: [],
  });
});

test("ALERTS 21: so are 20 of one code within 30 minutes, and nothing else is part of it", () => {
  const recent = [...several(1, 19, 2560), ...several(40, 3, 7)].map((one) => ({ alertId: one.id, code: codeOf(one) }));
  expect(newStormCodes([failed(30, 7), failed(31, 9)], recent)).toBeUndefined();
  expect(newStormCodes([failed(30, 7), failed(31, 2560)], recent)).toEqual({
    codes: [2560],
    before: recent.slice(0, 19).map(({ alertId }) => alertId),
  });
  // One alert that is told again and again is one.
  expect(newStormCodes([failed(19, 2560)], recent)).toBeUndefined();
});

test("ALERTS 21: a storm tells new alerts of its codes, and everything about the alerts of its thread", () => {
  const tells = (kind: "alert" | "reopen" | "recovery", code: number, root?: string) =>
    isOfStorm(storm, { kind, alert: failed(1, code), notified: root === undefined ? undefined : { messageId: root } });
  expect(tells("alert", 2560)).toBe(true);
  expect(tells("alert", 7)).toBe(false);
  expect(tells("reopen", 2560, "another root")).toBe(true);
  expect(tells("recovery", 2560, "another root")).toBe(false);
  expect(tells("recovery", 7, "root")).toBe(true);
});

test("ALERTS 21: its summary is edited after 5, 10, 20, 40 minutes, if there is news", () => {
  const edits = [0, 5, 10, 20, 40].map((told) => {
    const lane = { opened: 1, oldestAt: at(told + 1), newestAt: at(told + 1) };
    return stormTimes({ storm: { ...storm, toldAt: at(told) } }, lane, timings);
  });
  expect(edits).toEqual([5, 10, 20, 40, 80].map((minutes) => ({ edit: at(minutes) })));
  expect(stormTimes({ storm }, { opened: 0 }, timings)).toEqual({});
  // Later news waits only for what comes with it.
  expect(stormTimes({ storm }, { opened: 1, oldestAt: at(8) }, timings)).toEqual({ edit: at(8.5) });
});

test("ALERTS 21: a reply follows when its number has doubled, in the next window", () => {
  const queue = { storm, lastGroupSentAt: at(4) };
  const lane = { opened: 19, oldestAt: at(4.5), newestAt: at(6) };
  expect(stormTimes(queue, lane, timings)).toEqual({ edit: at(5) });
  expect(stormTimes(queue, { ...lane, opened: 20 }, timings)).toEqual({ edit: at(5), reply: at(9) });
  expect(stormStepAt({ edit: at(5), reply: at(9) }, at(6))).toBe("edit");
  expect(stormStepAt({ edit: at(5), reply: at(9) }, at(9))).toBe("reply");
});

test("ALERTS 21, 30: where Webex takes no more edits, replies say the same", () => {
  const queue = { storm: { ...storm, edits: 9, toldAt: at(20) }, lastGroupSentAt: at(38) };
  expect(stormTimes(queue, { opened: 1, oldestAt: at(21) }, timings)).toEqual({ reply: at(43) });
});

test("ALERTS 21: it ends after ten minutes without a new alert, also without one that waits", () => {
  const end = { opened: 0, endQueuedAt: at(10) };
  expect(stormTimes({ storm, lastGroupSentAt: at(0) }, end, timings)).toEqual({ end: at(10.5) });
  expect(stormTimes({ storm }, { ...end, oldestAt: at(9), newestAt: at(9) }, timings)).toMatchObject({ end: at(19) });
});

test("ALERTS 21: whether its number has doubled is asked once a window", () => {
  expect([0, 4, 5, 12].map((now) => nextLookAt(storm, timings.intervalMs, at(now)))).toEqual([5, 5, 10, 15].map(at));
});
