import assert from "node:assert/strict";
import fc from "fast-check";
import { buildAlertView } from "../../src/domain/alerts/alert-views.ts";
import { currentEvents, statusLine, withWebexStatus } from "../../src/domain/webex-status.ts";
import { parseStatusPage } from "../../src/webex/status-page.ts";
import { expectFit } from "../cards/read-card.ts";
import { nastyText } from "../domain/commands/arbitrary-parts.ts";
import { alertOf, customerOf } from "../support/alert-fixtures.ts";
import { fuzzTarget } from "./target.ts";
import { anyOf } from "./upstream.ts";

const NOW = Date.UTC(2026, 10, 23, 15);
const { subject, ...alert } = alertOf({
  subject: customerOf("acme", { calling: "error" }, [{ level: "error", code: 2560, text: "Maintenance" }]),
});

const time = fc.oneof(
  fc.date({ noInvalidDate: true }).map((one) => one.toISOString()),
  fc.constantFrom("2026-11-23T14:00:00Z", "soon", "", "0", "-1", "275760-09-13"),
);
const name = fc.oneof(nastyText(), fc.constant("Webex Calling upgrade"), fc.constant("Provisioning ".repeat(40)));
const row = fc.record(
  {
    name: anyOf(name),
    status: anyOf(fc.oneof(fc.constantFrom("scheduled", "In Progress", "resolved", "monitoring"), name)),
    components: anyOf(fc.array(anyOf(fc.record({ name: anyOf(name) })))),
    commercial: anyOf(fc.boolean()),
    start_at: anyOf(time),
    end_at: anyOf(time),
    resolved_at: anyOf(time),
  },
  { requiredKeys: [] },
);
const rows = anyOf(fc.array(anyOf(row), { maxLength: 60 }));

export const statusPage = fuzzTarget({
  name: "Webex Status",
  share: 0.05,
  input: anyOf(fc.record({ incidents: rows, scheduled_maintenances: rows }, { requiredKeys: [] })),
  check(page) {
    const events = parseStatusPage(page, NOW) ?? [];
    assert.ok(events.length <= 100, `${events.length} events`);
    const status = { readAt: NOW, events };
    const line = statusLine(currentEvents(status, NOW), NOW) ?? "";
    assert.ok(line.length < 300, line);
    expectFit(withWebexStatus(buildAlertView({ ...alert, subject }, "opened", { now: NOW }), status));
  },
});
