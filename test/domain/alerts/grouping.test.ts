import { expect, test } from "vitest";
import { isRegression, nextDueAt, planMessage, type Timings } from "../../../src/domain/alerts/grouping.ts";
import type { Notice, NoticeKind } from "../../../src/domain/alerts/notice.ts";
import { HOUR, MINUTE, SECOND } from "../../support/time.ts";

const timings: Timings = {
  waitMs: 30 * SECOND,
  intervalMs: 5 * MINUTE,
  reopenMs: HOUR / 2,
  remindMs: 4 * HOUR,
};
const calm = { possiblySent: false, hasRegression: false, isQuiet: false };
const storm = { since: 0, messageId: "m1", lastAt: 0 };

test("ALERTS 20: nothing is due where nothing waits", () => {
  expect(nextDueAt({ lastGroupSentAt: 0 }, calm, timings)).toBeUndefined();
});

test("ALERTS 20: notices wait for GROUP_WAIT, counted from the oldest, and for the next window", () => {
  expect(nextDueAt({}, { ...calm, groupAt: HOUR }, timings)).toBe(HOUR + 30 * SECOND);
  expect(nextDueAt({ lastGroupSentAt: HOUR - MINUTE }, { ...calm, groupAt: HOUR }, timings)).toBe(HOUR + 4 * MINUTE);
  expect(nextDueAt({ lastGroupSentAt: HOUR - 5 * MINUTE }, { ...calm, groupAt: HOUR }, timings)).toBe(
    HOUR + 30 * SECOND,
  );
});

test("ALERTS 20: a regression in a space without open alerts waits for GROUP_WAIT alone", () => {
  const queue = { lastGroupSentAt: HOUR - MINUTE };
  const regression = { ...calm, groupAt: HOUR, hasRegression: true };
  expect(nextDueAt(queue, { ...regression, isQuiet: true }, timings)).toBe(HOUR + 30 * SECOND);
  expect(nextDueAt(queue, regression, timings)).toBe(HOUR + 4 * MINUTE);
  expect(nextDueAt(queue, { ...calm, groupAt: HOUR, isQuiet: true }, timings)).toBe(HOUR + 4 * MINUTE);
});

test("ALERTS 21: during a storm, a regression waits for the window as well", () => {
  const regression = { ...calm, groupAt: HOUR, hasRegression: true, isQuiet: true };
  expect(nextDueAt({ lastGroupSentAt: HOUR - MINUTE, storm }, regression, timings)).toBe(HOUR + 4 * MINUTE);
});

test("ALERTS 27: an urgent notice is due at once, and the grouped ones are not", () => {
  const queue = { lastGroupSentAt: HOUR };
  expect(nextDueAt(queue, { ...calm, urgentAt: HOUR, groupAt: HOUR }, timings)).toBe(HOUR);
  expect(nextDueAt(queue, { ...calm, urgentAt: 9 * HOUR, groupAt: HOUR }, timings)).toBe(HOUR + 5 * MINUTE);
});

test("ALERTS 28: a possibly sent message is due at once", () => {
  expect(nextDueAt({ lastGroupSentAt: HOUR }, { ...calm, possiblySent: true, groupAt: HOUR }, timings)).toBe(HOUR);
});

test("ALERTS 29: nothing is due before the time of the next try", () => {
  const queue = { retryAt: 2 * HOUR };
  for (const waiting of [{ groupAt: HOUR }, { urgentAt: HOUR }, { groupAt: HOUR, possiblySent: true }])
    expect(nextDueAt(queue, { ...calm, ...waiting }, timings)).toBe(2 * HOUR);
});

test("ALERTS 20: a regression is an item that was GOOD before", () => {
  expect(isRegression({ previousStatus: "provisioned" })).toBe(true);
  expect(isRegression({ previousStatus: "provisioning" })).toBe(false);
  expect(isRegression({})).toBe(false);
});

const OF_ONE_ALERT: readonly NoticeKind[] = [
  ...(["alert", "retry", "reopen", "recovery", "flapping", "flapping-end", "escalation"] as const),
];

/** A possibly sent notice. */
const asRepeat = (kind: NoticeKind) => ({ kind, possiblySent: true });

/** Notices in the order in which they were queued. */
function queued(...all: readonly (NoticeKind | ReturnType<typeof asRepeat>)[]): readonly Notice[] {
  return all.map((one, at) => {
    const { kind, possiblySent } = typeof one === "string" ? { kind: one, possiblySent: false } : one;
    const alertId = OF_ONE_ALERT.includes(kind) ? at + 1 : 0;
    const rest = { generation: 1, queuedAt: 0, possiblySent, details: {} };
    return { id: at + 1, recipient: { roomId: "hq" }, kind, alertId, ...rest };
  });
}

function plan(notices: readonly Notice[], inStorm = false): string | undefined {
  const made = planMessage(notices, inStorm ? storm : undefined);
  return made && `${made.form}: ${made.notices.map(({ kind }) => kind).join(", ")}`;
}

const many = (count: number, kind: NoticeKind) => queued(...Array.from({ length: count }, () => kind));

test("ALERTS 21: one alert is a message of its own, two to ten are one message, more are a storm", () => {
  expect(planMessage([], undefined)).toBeUndefined();
  expect(plan(queued("alert"))).toBe("single: alert");
  expect(plan(queued("alert", "recovery", "retry"))).toBe("group: alert, recovery, retry");
  expect(planMessage(many(10, "alert"), undefined)?.form).toBe("group");
  expect(planMessage(many(11, "alert"), undefined)?.form).toBe("storm");
  expect(planMessage(many(11, "reopen"), undefined)?.form).toBe("storm");
});

test("ALERTS 21: many recoveries are good news, and no storm", () => {
  expect(planMessage(many(11, "recovery"), undefined)?.form).toBe("group");
});

test("ALERTS 21: while a storm lasts, no alert has a message of its own", () => {
  expect(plan(queued("alert"), true)).toBe("storm: alert");
  expect(plan(queued("recovery", "retry"), true)).toBe("storm: recovery, retry");
});

test("ALERTS 27: outages go first, then the other urgent notices, then alerts, then reminders and the end of a storm", () => {
  expect(plan(queued("alert", "digest", "baseline", "outage-end", "outage"))).toBe("standalone: outage");
  expect(plan(queued("alert", "digest", "baseline", "outage-end"))).toBe("standalone: outage-end");
  expect(plan(queued("alert", "digest", "baseline"))).toBe("standalone: baseline");
  expect(plan(queued("alert", "digest", "report"))).toBe("standalone: digest");
  expect(plan(queued("reminder", "alert", "recovery"))).toBe("group: alert, recovery");
  expect(plan(queued("reminder"))).toBe("standalone: reminder");
  expect(plan(queued("storm-end", "alert"), true)).toBe("storm: alert");
  expect(plan(queued("storm-end"), true)).toBe("standalone: storm-end");
});

test("ALERTS 24: an escalation is of one alert, and goes alone", () => {
  expect(plan(queued("alert", "escalation"))).toBe("standalone: escalation");
});

test("ALERTS 28: possibly sent notices go first, without any other", () => {
  expect(plan(queued("outage", asRepeat("alert"), asRepeat("recovery"), "alert"))).toBe("group: alert, recovery");
  expect(plan(queued("alert", asRepeat("alert")))).toBe("single: alert");
  expect(plan(queued("outage", asRepeat("baseline"), "alert"))).toBe("standalone: baseline");
  expect(plan([...many(11, "alert"), ...queued(asRepeat("alert"))])).toBe("single: alert");
});
