import { expect, test } from "vitest";
import { activityReport, NO_ACTIVITY, recordCall } from "../../src/sandbox/world/bot-activity.ts";
import type { Call } from "../../src/sandbox/world/call-log.ts";
import { startTwins } from "./twins.ts";

const START = Date.parse("2026-05-01T08:00:00Z");
const LIST = "/wholesale/customers";

/** A call of the bot, so many milliseconds after the start; it takes 100 ms. */
function call(after: number, query: string, answer: Partial<Call> = {}): Call {
  const time = new Date(START + after).toISOString();
  const usual = {
    api: "wholesale",
    method: "GET",
    path: LIST,
    status: 200,
    by: "wholesale",
    ms: 100,
  } as const;
  return { ...usual, time, query, ...answer };
}

const page = (after: number, offset: number, items: number, hasNext: boolean) =>
  call(after, offset === 0 ? "max=100" : `max=100&offset=${offset}`, { items, hasNext });
const unhealthyList = (after: number, status: string) =>
  call(after, `status=${status}&max=100`, { items: 3, hasNext: false });
const QUICK_POLL = [unhealthyList(0, "error"), unhealthyList(500, "provisioned_with_errors")];

const report = (calls: readonly Call[], after = 10_000) =>
  activityReport(calls.reduce(recordCall, NO_ACTIVITY), START + after);

test("without calls of the bot, no sweep and no quick poll is reported", () => {
  expect(report([])).toMatchObject({ walk: undefined, underWay: undefined, look: undefined });
  expect(new Set(report([]).callsPerMinute)).toEqual(new Set([0]));
});

test("consecutive pages are a sweep, complete when no next page is linked", () => {
  const pages = [page(0, 0, 100, true), page(500, 100, 100, true), page(1_100, 200, 50, false)];
  expect(report(pages.slice(0, 2))).toMatchObject({ walk: undefined, underWay: { pages: 2, customers: 200 } });
  expect(report(pages)).toMatchObject({
    walk: { pages: 3, customers: 250, tookMs: 1_200, ended: START + 1_200 },
    underWay: undefined,
  });
});

test("the last complete sweep is reported while the next one is under way", () => {
  const calls = [page(0, 0, 100, true), page(500, 100, 20, false), page(5_000, 0, 100, true)];
  expect(report(calls)).toMatchObject({ walk: { customers: 120 }, underWay: { pages: 1, customers: 100 } });
});

test("a sweep goes on after a refused call and with smaller pages; other queries do not disturb it", () => {
  const calls = [
    page(0, 0, 100, true),
    call(300, "max=10", { items: 10, hasNext: true }),
    call(500, "max=100&offset=100", { status: 504 }),
    call(700, "externalId=Acme", { items: 1, hasNext: false }),
    call(800, "max=10&offset=10", { items: 10, hasNext: true }),
    call(1_000, "max=50&offset=100", { items: 50, hasNext: true }),
    call(1_500, "max=50&offset=150", { items: 12, hasNext: false }),
  ];
  expect(report(calls.slice(0, 5))).toMatchObject({ walk: undefined, underWay: { pages: 1 } });
  expect(report(calls)).toMatchObject({ walk: { pages: 3, customers: 162 }, underWay: undefined });
});

test("without links to next pages, a full page may be followed by another one", () => {
  const calls = [page(0, 0, 100, false), page(500, 100, 0, false)];
  expect(report(calls)).toMatchObject({ walk: { pages: 2, customers: 100 } });
});

test("a sweep without calls for a minute is no longer under way", () => {
  expect(report([page(0, 0, 100, true)], 61_000).underWay).toBeUndefined();
});

test("a quick poll is both lists of unhealthy customers and the look-ups by id after them", () => {
  expect(report(QUICK_POLL.slice(0, 1)).look).toBeUndefined();
  expect(report(QUICK_POLL)).toMatchObject({ look: { calls: 2, ended: START + 600 } });
  const byId = call(1_000, "", { path: `${LIST}/Y2lz` });
  const gone = call(1_200, "", { path: `${LIST}/Y2lw`, status: 404 });
  const later = call(30_000, "", { path: `${LIST}/Y2lz` });
  expect(report([...QUICK_POLL, byId, gone, later])).toMatchObject({ look: { calls: 4, ended: START + 1_300 } });
});

test("the next quick poll begins with a list that was already read; one call may read both", () => {
  const second = [unhealthyList(5_000, "error"), unhealthyList(5_500, "provisioned_with_errors")];
  expect(report([...QUICK_POLL, ...second])).toMatchObject({ look: { calls: 2, ended: START + 5_600 } });
  const both = call(0, "status=error&status=provisioned_with_errors", { items: 6, hasNext: false });
  expect(report([both, both])).toMatchObject({ look: { calls: 1 } });
});

test("further pages of a list belong to the quick poll", () => {
  const [first, last] = [call(0, "status=error", { hasNext: true }), call(100, "status=error&offset=50")];
  const others = unhealthyList(500, "provisioned_with_errors");
  expect(report([first, last, others])).toMatchObject({ look: { calls: 3 } });
});

test("a query for one status alone is no quick poll", () => {
  expect(report([...QUICK_POLL, unhealthyList(4_000, "error"), call(4_500, "status=provisioned")])).toMatchObject({
    look: { ended: START + 600 },
  });
});

test("the call rate counts all calls of the Wholesale token in the last minute, refused ones too, and no others", () => {
  const calls = [
    call(0, "", { status: 429 }),
    call(10_000, "", { path: "/organizations/x" }),
    call(10_000, "", { by: "bot", api: "webex" }),
    call(59_000, "max=100"),
  ];
  expect(report(calls, 59_500).callsPerMinute.slice(-3)).toEqual([2, 2, 3]);
  expect(report(calls, 65_000).callsPerMinute.at(-1)).toBe(2);
  expect(report(calls, 600_000).callsPerMinute.at(-1)).toBe(0);
});

test("the control API reports the bot's activity and its budget", async () => {
  const { wholesale, control } = await startTwins({ callsPerMinute: 60 });
  for (const query of ["max=100", "max=100&offset=100", "max=100&offset=200", "status=error"]) {
    await wholesale("GET", `${LIST}?${query}`);
  }
  await wholesale("GET", `${LIST}?status=provisioned_with_errors`);
  const { body } = await control("GET", "/seeing");
  expect(body).toMatchObject({ walk: { pages: 3, customers: 250 }, look: { calls: 2 }, budget: 60 });
  expect(body.callsPerMinute.at(-1)).toBe(5);
});
