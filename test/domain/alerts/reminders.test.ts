import { expect, test } from "vitest";
import { isUnattended, mayEscalate, nextReminderAt } from "../../../src/domain/alerts/due-times.ts";
import { alertOf } from "../../support/alert-fixtures.ts";
import { DAY, HOUR } from "../../support/time.ts";

const ack = { personId: "olga", name: "Olga", at: 0 };

/** The hours of the reminders in the first days, if the bot is down for some time. */
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

test("ALERTS 22: missed reminders are not sent later in a row", () => {
  expect(reminders({ from: HOUR, to: 3 * DAY })).toEqual([72, 76]);
  expect(reminders({ from: 10 * HOUR, to: 2 * DAY })).toEqual([4, 8, 48, 72]);
});

test("ALERTS 22: only alerts that are open and not acknowledged are repeated", () => {
  expect(isUnattended(alertOf())).toBe(true);
  expect(isUnattended(alertOf({ state: "healing" }))).toBe(true);
  expect(isUnattended(alertOf({ state: "closed" }))).toBe(false);
  expect(isUnattended(alertOf({ ack }))).toBe(false);
});

test("ALERTS 10, 13: no reminder while the item is being deleted, or while the alert flaps", () => {
  expect(isUnattended(alertOf({ suspended: true }))).toBe(false);
  const flapping = { since: 0, changedAt: 0, unchangedObservations: 0 };
  expect(isUnattended(alertOf({ flapping }))).toBe(false);
});

test("ALERTS 24: an alert that is healing is repeated, but does not escalate", () => {
  expect(mayEscalate(alertOf())).toBe(true);
  expect(mayEscalate(alertOf({ state: "healing" }))).toBe(false);
  expect(mayEscalate(alertOf({ ack }))).toBe(false);
});
