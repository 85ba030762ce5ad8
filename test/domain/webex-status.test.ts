import { expect, test } from "vitest";
import { buildAlertsView, buildAlertView } from "../../src/domain/alerts/alert-views.ts";
import { buildStormView } from "../../src/domain/alerts/storm-views.ts";
import type { View } from "../../src/domain/views/views.ts";
import {
  describeEvent,
  type StatusEvent,
  statusLine,
  webexStatusCheck,
  withWebexStatus,
} from "../../src/domain/webex-status.ts";
import { alertOf, customerOf } from "../support/alert-fixtures.ts";
import { inUtc } from "../support/in-utc.ts";
import { HOUR, MINUTE } from "../support/time.ts";

const NOW = Date.parse("2026-11-23T15:00:00Z");

const upgrade: StatusEvent = {
  kind: "maintenance",
  name: "Webex Calling upgrade",
  components: ["Webex Calling"],
  status: "in_progress",
  since: NOW - HOUR,
  until: NOW + HOUR,
};
const meetings: StatusEvent = {
  kind: "incident",
  name: "Webex Meetings: no video",
  components: [],
  status: "monitoring",
};
const orders: StatusEvent = { ...meetings, name: "Control Hub: orders fail", since: NOW - HOUR };

const problem = (text: string) => ({ level: "warning", code: 2560, text }) as const;
const SAID = problem("Unavailable due to maintenance, unable to start provisioning.");

const failing = (id: number, item = "webex_calling", reason = SAID) =>
  alertOf({
    id,
    key: { scope: "", customerId: `c${id}`, item, kind: "error" },
    subject: customerOf(`c${id}`, { [item]: "error" }, [reason]),
  });

const lineOn = (view: View, ...events: readonly StatusEvent[]) => {
  const shown = withWebexStatus(view, { readAt: NOW - MINUTE, events });
  return "webexStatus" in shown ? inUtc(shown.webexStatus ?? "") : undefined;
};
const alertView = (alert = failing(1)) => buildAlertView(alert, "opened", { now: NOW });

test("an event in one line, with its end or its beginning", () => {
  expect(inUtc(describeEvent(upgrade, NOW))).toBe("Webex Calling upgrade (maintenance until 16:00 UTC)");
  expect(inUtc(describeEvent(orders, NOW))).toBe("Control Hub: orders fail (monitoring since 14:00 UTC)");
  expect(describeEvent({ ...meetings, status: "" }, NOW)).toBe("Webex Meetings: no video (incident)");
  expect(statusLine([meetings, orders, orders], NOW)).toBe(
    "Webex Status: Webex Meetings: no video (monitoring) and 2 more",
  );
  expect(statusLine([], NOW)).toBeUndefined();
});

test("the check fails once the page was not read for 10 minutes", () => {
  const checkOf = (readAt: number | undefined, startedAt = NOW - HOUR) =>
    webexStatusCheck(readAt === undefined ? undefined : { readAt, events: [] }, { startedAt, now: NOW });
  expect(checkOf(NOW - 9 * MINUTE)).toMatchObject({ ok: true, vital: false, detail: "read 9 min ago" });
  expect(checkOf(NOW - 11 * MINUTE)).toMatchObject({ ok: false, detail: "read 11 min ago" });
  expect(checkOf(undefined)).toMatchObject({ ok: false, detail: "not read for 1 h" });
  expect(checkOf(undefined, NOW - MINUTE)).toMatchObject({ ok: true, stopsHeartbeat: false });
});

test("the card of an alert that speaks of maintenance has the line, where it may be about its package", () => {
  expect(lineOn(alertView(), upgrade)).toBe("Webex Status: Webex Calling upgrade (maintenance until 16:00 UTC)");
  expect(lineOn(alertView(), meetings)).toBeUndefined();
  expect(lineOn(alertView(), meetings, orders)).toContain("Control Hub");
  expect(lineOn(alertView(failing(1, "webex_suite")), meetings, upgrade)).toContain("and 1 more");
  expect(lineOn(alertView(failing(1, "cx_essentials")), upgrade)).toBeUndefined();
  expect(lineOn(alertView(failing(1, "webex_calling", problem("The zip is wrong."))), upgrade)).toBeUndefined();
  expect(lineOn(alertView({ ...failing(1), state: "closed", reason: "recovered" }), upgrade)).toBeUndefined();
});

test("so has the card of several alerts, and of a storm, if many customers share a code", () => {
  const crowd = (size: number) => Array.from({ length: size }, (_, at) => failing(at + 1));
  expect(lineOn(buildAlertsView(crowd(5), { now: NOW }), upgrade)).toContain("upgrade");
  expect(lineOn(buildAlertsView(crowd(4), { now: NOW }), upgrade)).toBeUndefined();
  expect(lineOn(buildStormView(crowd(12), { isOver: false }, { now: NOW }), upgrade)).toContain("upgrade");
});

test("what is over, or was read long ago, is not shown, and nothing else of a card changes", () => {
  const view = alertView();
  expect(lineOn(view, { ...upgrade, until: NOW - 1 })).toBeUndefined();
  expect(withWebexStatus(view, { readAt: NOW - HOUR, events: [upgrade] })).toEqual(view);
  expect(withWebexStatus(view, undefined)).toEqual(view);
  expect(withWebexStatus(view, { readAt: NOW, events: [upgrade] })).toEqual({
    ...view,
    webexStatus: expect.any(String),
  });
});
