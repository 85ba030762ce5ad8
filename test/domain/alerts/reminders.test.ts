import { expect, test } from "vitest";
import { isUnattended, nextReminderAt } from "../../../src/domain/alerts/schedule.ts";
import { alertOf, DAY, HOUR, notifiedOf } from "../../support/alert-fixtures.ts";

const ack = { personId: "olga", name: "Olga", at: 0 };

/** When it is reminded of in the first days, by a bot that sleeps in between. */
function reminders(asleep: { readonly from: number; readonly to: number } = { from: 0, to: 0 }) {
  const at: number[] = [];
  let next = nextReminderAt({ at: 0, reminded: 0 }, 4 * HOUR);
  while (next < 4 * DAY) {
    const isAsleep = next >= asleep.from && next < asleep.to;
    at.push(isAsleep ? asleep.to : next);
    next = nextReminderAt({ at: isAsleep ? asleep.to : next, reminded: at.length }, 4 * HOUR);
  }
  return at.map((moment) => moment / HOUR);
}

test("ALERTS 22: it is reminded of after REMIND_AFTER, after twice that, then daily", () => {
  expect(reminders()).toEqual([4, 8, 32, 56, 80]);
});

test("ALERTS 22: reminders that nobody could send are not made up for", () => {
  expect(reminders({ from: HOUR, to: 3 * DAY })).toEqual([72, 76]);
  expect(reminders({ from: 10 * HOUR, to: 2 * DAY })).toEqual([4, 8, 48, 72]);
});

test("ALERTS 22: who is reminded was told that it is open, which it still is, and nobody's", () => {
  expect(isUnattended(alertOf(), notifiedOf())).toBe(true);
  expect(isUnattended(alertOf({ state: "healing" }), notifiedOf())).toBe(true);
  expect(isUnattended(alertOf({ state: "closed" }), notifiedOf())).toBe(false);
  expect(isUnattended(alertOf(), notifiedOf({ state: "closed" }))).toBe(false);
  expect(isUnattended(alertOf({ ack }), notifiedOf())).toBe(false);
});

test("ALERTS 10, 13: what is on its way out, or flaps, is not reminded of", () => {
  expect(isUnattended(alertOf({ suspended: true }), notifiedOf())).toBe(false);
  const flapping = { since: 0, changedAt: 0, unchangedObservations: 0 };
  expect(isUnattended(alertOf({ flapping }), notifiedOf())).toBe(false);
  expect(isUnattended(alertOf({ flapping }), notifiedOf({ state: "flapping" }))).toBe(false);
});
