import { expect, test } from "vitest";
import { AUDIT_OUTCOMES } from "../../src/domain/audit.ts";
import { COMMAND_NAMES } from "../../src/domain/commands/registry.ts";
import type { Store } from "../../src/domain/ports/store.ts";
import { SILENT_LOG } from "../support/logs.ts";
import { findPromtool, promtool } from "../support/promtool.ts";
import { labelsOf, namesOf, newMetrics, seriesOf } from "./scraped.ts";

/** The contents of the database; `status` names the customers. */
function storeWith(read: { readonly statuses?: readonly string[]; readonly wait?: Promise<void> } = {}) {
  let readings = 0;
  const counts = (read.statuses ?? []).map((value) => ({ value, customers: 3 }));
  const store = {
    rooms: { scopes: async () => [""] },
    inbox: { waiting: async () => 7 },
    outbox: {
      async state() {
        readings += 1;
        await read.wait;
        return { waiting: 2, oldestAt: 40_000, dead: 1, cancelled: 0 };
      },
    },
    alerts: { visibility: async () => ({ tookMs: 1, completeAt: 90_000 }), countActive: async () => 5 },
    snapshot: { trend: async () => [{ day: "2026-11-28", byStatus: counts }] },
  } as unknown as Store;
  return { store, readings: () => readings };
}

function withStore(read?: Parameters<typeof storeWith>[0]) {
  const metrics = newMetrics();
  const { store, readings } = storeWith(read);
  let now = 100_000;
  metrics.addStored({ store, sweepMs: 300_000, clock: () => now });
  return { metrics, readings, pass: (ms: number) => (now += ms) };
}

test("what happens is counted, with names for labels", async () => {
  const metrics = newMetrics();
  metrics.meter.command("customers", "answered", 40);
  metrics.meter.sweep("complete", 2_000);
  metrics.meter.webhookRefused("signature");
  const { onAttempt, onRetry } = metrics.watchCalls("webex", SILENT_LOG);
  onAttempt({ method: "GET", path: "/messages/Y2lzY29zcGFyazovL3VzL01FU1NBR0Uv", outcome: 503, ms: 20 });
  onRetry({ method: "GET", path: "/messages/Y2lz", retry: 1, waitMs: 5, reason: "ECONNRESET" });
  metrics.countEvents(SILENT_LOG).failing("sweep.failed");
  const series = seriesOf(await metrics.render());
  const expected = [
    ['wholesale_bot_info{version="1.2.3"}', 1],
    ['wholesale_bot_commands_total{command="customers",outcome="answered"}', 1],
    ['wholesale_bot_command_duration_seconds_bucket{le="0.05",command="customers"}', 1],
    ['wholesale_bot_command_duration_seconds_bucket{le="0.025",command="customers"}', 0],
    ['wholesale_bot_sweep_duration_seconds_sum{state="complete"}', 2],
    ['wholesale_bot_webhooks_refused_total{reason="signature"}', 1],
    ['wholesale_bot_api_requests_total{api="webex",route="GET /messages/{id}",status="503"}', 1],
    ['wholesale_bot_api_retries_total{api="webex",status="no answer"}', 1],
    ['wholesale_bot_log_events_total{event="sweep.failed"}', 1],
  ] as const;
  for (const [key, value] of expected) expect([key, series.get(key)]).toEqual([key, value]);
});

test("a wait for the budget is a gauge while it lasts, and then in a histogram", async () => {
  const metrics = newMetrics();
  const waiting = async () => seriesOf(await metrics.render()).get('wholesale_bot_api_budget_waiting{kind="crawl"}');
  const end = metrics.meter.budgetWait("crawl");
  expect(await waiting()).toBe(1);
  end();
  expect(await waiting()).toBe(0);
  const series = seriesOf(await metrics.render());
  expect(series.get('wholesale_bot_api_budget_wait_seconds_count{kind="crawl"}')).toBe(1);
});

test.each([
  ["webex", "GET", "/people/me", 401, 1],
  ["webex", "GET", "/people/me", 200, 0],
  ["webex", "GET", "/people/me", 503, 1],
  ["wholesale", "POST", "/access_token", 400, 1],
  ["wholesale", "POST", "/access_token", 200, 1],
  ["wholesale", "GET", "/wholesale/customers", 200, 0],
] as const)("a token that %s rejected (%s %s: %i) is a gauge", async (api, method, path, outcome, expected) => {
  const metrics = newMetrics();
  const { onAttempt } = metrics.watchCalls(api, SILENT_LOG);
  onAttempt({ method: "GET", path: "/people/me", outcome: 401, ms: 1 });
  onAttempt({ method, path, outcome, ms: 1 });
  expect(seriesOf(await metrics.render()).get(`wholesale_bot_token_rejected{api="${api}"}`)).toBe(expected);
});

test("what is in the database is read when somebody looks, once in five seconds", async () => {
  const { metrics, readings, pass } = withStore({ statuses: ["error", "provisioned"] });
  const [first] = await Promise.all([metrics.render(), metrics.render()]);
  expect(Object.fromEntries(seriesOf(first))).toMatchObject({
    wholesale_bot_database_readable: 1,
    wholesale_bot_sweep_last_complete_timestamp_seconds: 90,
    wholesale_bot_sweep_max_age_seconds: 900,
    'wholesale_bot_customers{status="error"}': 3,
    wholesale_bot_alerts_open: 5,
    wholesale_bot_blind: 0,
    wholesale_bot_outage_seconds: 0,
    wholesale_bot_outbox_pending: 2,
    wholesale_bot_outbox_oldest_seconds: 60,
    wholesale_bot_outbox_dead: 1,
    wholesale_bot_inbox_waiting: 7,
  });
  expect(readings()).toBe(1);
  pass(5_000);
  await metrics.render();
  expect(readings()).toBe(2);
});

test("a scrape does not wait for a database that hangs, asks it once, and has no old figures", async () => {
  const { metrics, readings, pass } = withStore({ wait: new Promise(() => undefined) });
  for (let scrape = 0; scrape < 2; scrape += 1) {
    const series = seriesOf(await metrics.render());
    expect(series.get("wholesale_bot_database_readable")).toBe(0);
    expect(series.has("wholesale_bot_outbox_dead")).toBe(false);
    pass(60_000);
  }
  expect(readings()).toBe(1);
});

/** Ids, names, addresses, and inputs of which there may be any number. */
const ODD = Array.from({ length: 500 }, (_, at) => `odd-${at}@example.com`);

function doOddThings(metrics: ReturnType<typeof newMetrics>, odd: readonly string[]): void {
  for (const [at, text] of odd.entries()) {
    metrics.meter.command(text, "answered", at * 100);
    for (const api of ["webex", "wholesale"] as const) {
      const { onAttempt, onRetry } = metrics.watchCalls(api, SILENT_LOG);
      const paths = [`/${text}`, `/messages/${text}`, `/a/${text}/b/${at}`, `/people/${text}/${text}`, "", "//", text];
      for (const path of paths) {
        onAttempt({ method: text, path, outcome: at * 7, ms: at });
        onAttempt({ method: "GET", path, outcome: at + 0.5, ms: at });
        onAttempt({ method: "GET", path, outcome: text, ms: at });
        onRetry({ method: "PATCH", path, retry: at, waitMs: 1, reason: at % 2 === 0 ? text : at });
      }
    }
  }
}

test("PRODUCT 5: no label has an id, a name or an address, and their number has a bound", async () => {
  const { metrics } = withStore({ statuses: ODD });
  doOddThings(metrics, ODD);
  const scrape = await metrics.render();
  const count = seriesOf(scrape).size;
  expect(labelsOf(scrape).filter((value) => /odd|@|example|Y2lz/.test(value))).toEqual([]);
  expect(seriesOf(scrape).get('wholesale_bot_customers{status="other"}')).toBe(3 * ODD.length);
  doOddThings(metrics, ODD.toReversed());
  doOddThings(
    metrics,
    ODD.map((text) => `more ${text}`),
  );
  expect(seriesOf(await metrics.render()).size).toBe(count);
  expect(count).toBeLessThan(500);
});

test("every command with every outcome makes a bounded number of series", async () => {
  const metrics = newMetrics();
  for (const name of [...COMMAND_NAMES, ""])
    for (const outcome of [...AUDIT_OUTCOMES, "postponed"] as const) metrics.meter.command(name, outcome, 1);
  expect(seriesOf(await metrics.render()).size).toBeLessThan(25 * (COMMAND_NAMES.length + 1));
});

test("event loop, memory and processor are measured where somebody may look", async () => {
  const names = namesOf(await newMetrics({ ofProcess: true }).render());
  expect(names).toEqual(expect.arrayContaining(["nodejs_eventloop_lag_p99_seconds", "process_resident_memory_bytes"]));
  expect(namesOf(await newMetrics().render()).filter((name) => !name.startsWith("wholesale_bot_"))).toEqual([]);
});

test.skipIf(findPromtool() === undefined)("promtool finds nothing to complain about in our metrics", async () => {
  const { metrics } = withStore({ statuses: ["error"] });
  doOddThings(metrics, ODD.slice(0, 20));
  metrics.meter.sweep("failed", 1);
  expect(promtool(["check", "metrics"], await metrics.render())).toEqual({ ok: true, printed: "" });
});
