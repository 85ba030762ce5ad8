import { expect, test } from "vitest";
import {
  isRegression,
  nextDueAt,
  type PlanContext,
  planMessage,
  type Timings,
} from "../../../src/domain/alerts/grouping.ts";
import type { Notice, NoticeKind } from "../../../src/domain/alerts/notice.ts";
import type { StormStep } from "../../../src/domain/alerts/storm.ts";
import { alertOf as alertWith, customerOf, problemWithCode } from "../../support/alert-fixtures.ts";
import { HOUR, MINUTE, SECOND } from "../../support/time.ts";

const timings: Timings = {
  waitMs: 30 * SECOND,
  intervalMs: 5 * MINUTE,
  reopenMs: HOUR / 2,
  remindMs: 4 * HOUR,
};
const calm = { hasRepeats: false, hasRegression: false, isQuiet: false };
const storm = {
  ...{ since: 0, messageId: "m1", lastAt: 0, toldAt: 0 },
  ...{ codes: [2560], before: 0, told: 11, posted: 11, edits: 0 },
};

test("ALERTS 20: nothing is due where nothing waits", () => {
  expect(nextDueAt({ lastGroupSentAt: 0 }, calm, timings, HOUR)).toBeUndefined();
});

test("ALERTS 20: notices wait for GROUP_WAIT, counted from the oldest, and for the next window", () => {
  expect(nextDueAt({}, { ...calm, groupAt: HOUR }, timings, HOUR)).toBe(HOUR + 30 * SECOND);
  expect(nextDueAt({ lastGroupSentAt: HOUR - MINUTE }, { ...calm, groupAt: HOUR }, timings, HOUR)).toBe(
    HOUR + 4 * MINUTE,
  );
  expect(nextDueAt({ lastGroupSentAt: HOUR - 5 * MINUTE }, { ...calm, groupAt: HOUR }, timings, HOUR)).toBe(
    HOUR + 30 * SECOND,
  );
});

test("ALERTS 20: a regression in a space without open alerts waits for GROUP_WAIT alone", () => {
  const queue = { lastGroupSentAt: HOUR - MINUTE };
  const regression = { ...calm, groupAt: HOUR, hasRegression: true };
  expect(nextDueAt(queue, { ...regression, isQuiet: true }, timings, HOUR)).toBe(HOUR + 30 * SECOND);
  expect(nextDueAt(queue, regression, timings, HOUR)).toBe(HOUR + 4 * MINUTE);
  expect(nextDueAt(queue, { ...calm, groupAt: HOUR, isQuiet: true }, timings, HOUR)).toBe(HOUR + 4 * MINUTE);
});

test("ALERTS 21: during a storm, a regression waits for the window as well", () => {
  const regression = { ...calm, groupAt: HOUR, hasRegression: true, isQuiet: true };
  expect(nextDueAt({ lastGroupSentAt: HOUR - MINUTE, storm }, regression, timings, HOUR)).toBe(HOUR + 4 * MINUTE);
});

test("ALERTS 27: an urgent notice is due at once, and the grouped ones are not", () => {
  const queue = { lastGroupSentAt: HOUR };
  expect(nextDueAt(queue, { ...calm, urgentAt: HOUR, groupAt: HOUR }, timings, HOUR)).toBe(HOUR);
  expect(nextDueAt(queue, { ...calm, urgentAt: 9 * HOUR, groupAt: HOUR }, timings, HOUR)).toBe(HOUR + 5 * MINUTE);
});

test("ALERTS 28: a possibly sent message is due at once", () => {
  expect(nextDueAt({ lastGroupSentAt: HOUR }, { ...calm, hasRepeats: true, groupAt: HOUR }, timings, HOUR)).toBe(HOUR);
});

test("ALERTS 29: nothing is due before the time of the next try", () => {
  const queue = { retryAt: 2 * HOUR };
  for (const waiting of [{ groupAt: HOUR }, { urgentAt: HOUR }, { groupAt: HOUR, hasRepeats: true }])
    expect(nextDueAt(queue, { ...calm, ...waiting }, timings, HOUR)).toBe(2 * HOUR);
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

const failed = (id: number, code = 2560) =>
  alertWith({
    id,
    key: { scope: "", customerId: `c${id}`, item: "calling", kind: "error" },
    subject: customerOf(`c${id}`, { calling: "error" }, [problemWithCode(code)]),
  });

/** Every alert of a notice has code 2560; those of a storm have its root. */
function context(stormStep?: StormStep): PlanContext {
  const alertOf = ({ alertId }: Notice) => (alertId === 0 ? undefined : failed(alertId));
  const inStorm = stormStep !== undefined && { storm, stormStep };
  const notifiedOf = ({ kind }: Notice) =>
    kind === "alert" || stormStep === undefined ? undefined : { messageId: storm.messageId };
  return { ...inStorm, isGroupDue: true, alertOf, notifiedOf, recent: [] };
}

function plan(notices: readonly Notice[], stormStep?: StormStep): string | undefined {
  const made = planMessage(notices, context(stormStep));
  return made && `${made.form}: ${made.notices.map(({ kind }) => kind).join(", ")}`;
}

const many = (count: number, kind: NoticeKind) => queued(...Array.from({ length: count }, () => kind));

test("ALERTS 21: one alert is a message of its own, two to ten are one message, more are a storm", () => {
  expect(planMessage([], context())).toBeUndefined();
  expect(plan(queued("alert"))).toBe("single: alert");
  expect(plan(queued("alert", "recovery", "retry"))).toBe("group: alert, recovery, retry");
  expect(planMessage(many(10, "alert"), context())?.form).toBe("group");
  expect(planMessage(many(11, "alert"), context())?.form).toBe("storm");
  expect(planMessage(many(11, "reopen"), context())?.form).toBe("storm");
});

test("ALERTS 21: many recoveries are good news, and no storm", () => {
  expect(planMessage(many(11, "recovery"), context())?.form).toBe("group");
});

test("ALERTS 21: while a storm lasts, none of its alerts has a message of its own", () => {
  expect(plan(queued("alert"), "edit")).toBe("storm: alert");
  expect(plan(queued("recovery", "retry"), "edit")).toBe("storm: recovery, retry");
});

test("ALERTS 27: outages go first, then the other urgent notices, then alerts, then reminders and the end of a storm", () => {
  expect(plan(queued("alert", "digest", "baseline", "outage-end", "outage"))).toBe("standalone: outage");
  expect(plan(queued("alert", "digest", "baseline", "outage-end"))).toBe("standalone: outage-end");
  expect(plan(queued("alert", "digest", "baseline"))).toBe("standalone: baseline");
  expect(plan(queued("alert", "digest", "report"))).toBe("standalone: digest");
  expect(plan(queued("reminder", "alert", "recovery"))).toBe("group: alert, recovery");
  expect(plan(queued("reminder"))).toBe("standalone: reminder");
  expect(plan(queued("storm-end", "alert"), "edit")).toBe("storm: alert");
  expect(plan(queued("storm-end", "alert"), "end")).toBe("storm: alert, storm-end");
  expect(plan(queued("storm-end"), "end")).toBe("storm: storm-end");
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
