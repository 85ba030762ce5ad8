import { afterAll, beforeAll, expect, test } from "vitest";
import { labelsOf, seriesOf } from "../metrics/scraped.ts";
import { SHORT_INTERVALS, startHealthyJourney } from "../support/alert-journey.ts";
import type { Journey } from "../support/journey.ts";
import { until } from "../support/until.ts";

let journey: Journey;

beforeAll(async () => {
  journey = await startHealthyJourney(SHORT_INTERVALS);
});
afterAll(() => journey.stop());

const figures = async () => Object.fromEntries(seriesOf(await journey.scrape()));

test("commands, calls, the sweep and the customers are counted, and no label names anybody", async () => {
  const viewer = journey.person("viewer");
  await viewer.ask("customers status=error", { roomId: journey.groupRoom });
  await viewer.ask("customer nosuchcustomer", { roomId: journey.groupRoom });
  await viewer.ask("xyzzy plugh", { roomId: journey.groupRoom });
  await viewer.ask("allow space", { roomId: journey.groupRoom });
  await journey.waitForSweeps();
  await until(async () => {
    const series = await figures();
    expect(series).toMatchObject({
      'wholesale_bot_commands_total{command="customers",outcome="answered"}': 2,
      'wholesale_bot_commands_total{command="customer",outcome="answered"}': 1,
      'wholesale_bot_commands_total{command="allow",outcome="refused"}': 1,
      'wholesale_bot_token_rejected{api="webex"}': 0,
      'wholesale_bot_token_rejected{api="wholesale"}': 0,
      'wholesale_bot_customers{status="provisioned"}': 40,
      wholesale_bot_blind: 0,
      wholesale_bot_database_readable: 1,
    });
    const asked = 'wholesale_bot_api_requests_total{api="wholesale",route="GET /wholesale/customers",status="200"}';
    expect(series[asked]).toBeGreaterThan(0);
    expect(series['wholesale_bot_sweep_duration_seconds_count{state="complete"}']).toBeGreaterThan(0);
    expect(series.nodejs_eventloop_lag_p99_seconds).toBeGreaterThan(0);
  });
  const labels = labelsOf(await journey.scrape());
  expect(labels).not.toContain("other");
  expect(labels.filter((value) => value.length > 60 || /@|Y2lz|nosuch|xyzzy|acme/i.test(value))).toEqual([]);
});

test("a token that is rejected shows within two sweeps, and is over with the next good one", async () => {
  await journey.runScenario("blind-401");
  await journey.waitForEvent("sweep.failed");
  await journey.advanceClock("31s");
  await journey.waitForEvent("sweep.failed");
  await journey.advanceClock("10s");
  const [rejected, blind] = ['wholesale_bot_token_rejected{api="wholesale"}', "wholesale_bot_blind"];
  await until(async () => expect(await figures()).toMatchObject({ [rejected]: 1, [blind]: 1 }));
  expect(journey.logged("sweep.failed")).toHaveLength(1);
  expect(journey.logged("sweep.failed")[0]?.cure).toMatch(/token/i);
  await journey.runScenario("all-clear");
  await journey.waitForLog("sweep.recovered");
  await journey.advanceClock("6s");
  await until(async () => expect(await figures()).toMatchObject({ [rejected]: 0, [blind]: 0 }));
});
