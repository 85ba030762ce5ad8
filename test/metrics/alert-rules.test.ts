import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { Store } from "../../src/domain/ports/store.ts";
import { onFile, type TestDatabase } from "../support/databases.ts";
import { SILENT_LOG } from "../support/logs.ts";
import { findPromtool, promtool, promtoolOn } from "../support/promtool.ts";
import { MINUTE } from "../support/time.ts";
import { namesOf, newMetrics, seriesOf } from "./scraped.ts";

const RULES = resolve(import.meta.dirname, "../../docs/prometheus-rules.yml");
const TEXT = readFileSync(RULES, "utf8");
const PAGE = readFileSync(resolve(RULES, "../operate.md"), "utf8");
const START = Date.UTC(2026, 10, 29, 9);
const SWEEP_MS = 5 * MINUTE;

const ALERTS = [...TEXT.matchAll(/- alert: (\w+)/g)].map(([, name = ""]) => name);

/** The metrics that an expression names. */
const usedIn = (expression: string): readonly string[] =>
  [...expression.matchAll(/\b(?:wholesale_bot|process|nodejs)_\w+/g)].map(([name]) => name);

/** The names of the metrics that the bot exports. */
async function exported(database: TestDatabase): Promise<readonly string[]> {
  const metrics = newMetrics({ ofProcess: true });
  metrics.addStored({ store: await database.open(), sweepMs: SWEEP_MS, clock: () => START });
  metrics.watchCalls("webex", SILENT_LOG);
  return namesOf(await metrics.render());
}

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

const DASHBOARD: { readonly panels: readonly Panel[] } = JSON.parse(
  readFileSync(resolve(RULES, "../grafana.json"), "utf8"),
);
const QUERIES = DASHBOARD.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

describe("the files", () => {
  test("there are six rules, each with what to do, and the page explains them in their order", () => {
    expect(ALERTS).toHaveLength(6);
    expect(TEXT.match(/^ {10}description: /gm)).toHaveLength(6);
    expect([...PAGE.matchAll(/^\| `(WholesaleBot\w+)` \|/gm)].map(([, name]) => name).toSorted()).toEqual(
      ALERTS.toSorted(),
    );
  });

  test("each panel of the dashboard has a title and a query", () => {
    expect(DASHBOARD.panels.filter(({ title, targets }) => title === "" || targets.length === 0)).toEqual([]);
    expect(QUERIES.length).toBeGreaterThan(15);
  });
});

onFile((database) => {
  test("rules, dashboard and page name metrics that the bot has, and the page names all of ours", async () => {
    const names = await exported(database);
    const rules = [...TEXT.matchAll(/^ {8}expr: (.*)$/gm)].map(([, expression = ""]) => expression);
    expect(rules).toHaveLength(6);
    expect([...rules, ...QUERIES].flatMap(usedIn).filter((name) => !names.includes(name))).toEqual([]);
    const ours = names.filter((name) => /^wholesale_bot_/.test(name) && !/_(?:bucket|count|sum)$/.test(name));
    expect([...PAGE.matchAll(/^\| `(wholesale_bot_\w+)` \|/gm)].map(([, name]) => name).toSorted()).toEqual(
      ours.toSorted(),
    );
  });
});

/** A bot of which only the database and its metrics exist; the scenario says what happens in each minute. */
interface Bot {
  readonly store: Store;
  readonly metrics: ReturnType<typeof newMetrics>;
  readonly call: (path: string, status: number) => void;
  now: number;
}

async function sweep({ store, now, call }: Bot): Promise<void> {
  call("/wholesale/customers", 200);
  const fence = await store.leases.acquire("", "ada", now, MINUTE);
  if (fence === undefined) throw new Error("Somebody else holds the lease.");
  const { sweep } = await store.writer.beginSweep(fence, now);
  await store.writer.endSweep({ ...sweep, state: "complete", endedAt: now }, { seen: new Set() }, fence);
}

async function failToRead({ store, now, call }: Bot, status: number): Promise<void> {
  call("/wholesale/customers", status);
  const isUnauthorized = status === 401;
  const cause = isUnauthorized ? "wholesale.unauthorized" : "wholesale.broken";
  await store.outbox.recordReadFailure("", { cause, isUnauthorized }, now);
}

const schedule = ({ store, now }: Bot) =>
  store.outbox.runScheduled({ now, runningSince: START, sweepIntervalMs: SWEEP_MS });

const reportOnce = async ({ store, now }: Bot, minute: number) =>
  minute === 5 ? store.outbox.notifyOps(["A report"], now) : undefined;

async function deliver({ store, now }: Bot): Promise<void> {
  for (;;) {
    const message = await store.outbox.claim("ada", now, MINUTE);
    if (message === undefined) return;
    await store.outbox.beginPost(message, now);
    await store.outbox.delivered(message, { messageId: `m${now}` }, now);
  }
}

/** Takes the next message, and fails for a reason that lies in the message. */
async function giveUp({ store, now }: Bot): Promise<void> {
  const message = await store.outbox.claim("ada", now, MINUTE);
  if (message !== undefined) await store.outbox.failed(message, { kind: "rejected" }, now, 0);
}

interface Scenario {
  readonly name: string;
  readonly minute: (bot: Bot, minute: number) => Promise<void>;
  readonly isUp?: boolean;
  /** The alerts that fire at the end, and since which minute at the latest. */
  readonly fires: Readonly<Record<string, number>>;
}

const everySweep = async (bot: Bot, minute: number): Promise<void> => {
  if (minute % 5 === 0) await sweep(bot);
  await schedule(bot);
};

const SCENARIOS: readonly Scenario[] = [
  { name: "all is well", minute: everySweep, fires: {} },
  {
    name: "one 401 between good sweeps",
    async minute(bot, minute) {
      if (minute === 12) bot.call("/wholesale/customers", 401);
      await everySweep(bot, minute);
      if (minute === 13) bot.call("/wholesale/customers", 200);
    },
    fires: {},
  },
  {
    name: "the Wholesale token has expired",
    async minute(bot, minute) {
      if (minute === 0) await sweep(bot);
      if (minute > 5) await failToRead(bot, 401);
      await schedule(bot);
      await deliver(bot);
    },
    fires: { WholesaleBotTokenRejected: 10, WholesaleBotBlind: 10, WholesaleBotSweepOverdue: 40 },
  },
  {
    name: "the Wholesale API is down",
    async minute(bot, minute) {
      if (minute === 0) await sweep(bot);
      if (minute > 5) await failToRead(bot, 503);
      await schedule(bot);
      await deliver(bot);
    },
    fires: { WholesaleBotBlind: 20, WholesaleBotSweepOverdue: 40 },
  },
  {
    name: "the bot does nothing any more, and does not notice",
    minute: async (bot, minute) => (minute === 0 ? sweep(bot) : undefined),
    fires: { WholesaleBotSweepOverdue: 40 },
  },
  {
    name: "nothing is delivered",
    async minute(bot, minute) {
      await reportOnce(bot, minute);
      await everySweep(bot, minute);
    },
    fires: { WholesaleBotNoticesLate: 22 },
  },
  {
    name: "Webex refuses a message for good",
    async minute(bot, minute) {
      await reportOnce(bot, minute);
      await everySweep(bot, minute);
      await giveUp(bot);
    },
    fires: { WholesaleBotNoticesDead: 7 },
  },
  { name: "no instance answers", minute: everySweep, isUp: false, fires: { WholesaleBotDown: 6 } },
];

const MINUTES = 60;

/** Plays the scenario, and scrapes once a minute. */
async function record(database: TestDatabase, { minute }: Scenario): Promise<readonly string[]> {
  const store = await database.open({ opsRoomId: "ops" });
  const metrics = newMetrics();
  const { onAttempt } = metrics.watchCalls("wholesale", SILENT_LOG);
  const call = (path: string, outcome: number) => onAttempt({ method: "GET", path, outcome, ms: 5 });
  const bot: Bot = { store, metrics, call, now: START };
  metrics.addStored({ store, sweepMs: SWEEP_MS, clock: () => bot.now });
  const scrapes: string[] = [];
  for (let at = 0; at <= MINUTES; at += 1) {
    bot.now = START + at * MINUTE;
    await minute(bot, at);
    scrapes.push(await metrics.render());
  }
  return scrapes;
}

/** The scrapes as series of promtool, whose time begins at 0. */
function inputOf(scrapes: readonly string[]) {
  const parsed = scrapes.map(seriesOf);
  return [...new Set(parsed.flatMap((one) => [...one.keys()]))].map((series) => {
    const shift = series.includes("_timestamp_seconds") ? START / 1000 : 0;
    const values = parsed.map((one) => (one.has(series) ? (one.get(series) ?? 0) - shift : "_"));
    return { series: series.includes("{") ? series : `${series}{}`, values: values.join(" ") };
  });
}

const SEVERITY = new Map(
  [...TEXT.matchAll(/- alert: (\w+)[\s\S]*?severity: (\w+)/g)].map(([, name = "", severity = ""]) => [name, severity]),
);

const firing = (name: string) => {
  const api = name === "WholesaleBotTokenRejected" ? 'api="wholesale", ' : "";
  const severity = SEVERITY.get(name) ?? "";
  return `ALERTS{alertname="${name}", alertstate="firing", ${api}severity="${severity}"}`;
};

/** For each alert: it fires from its minute on until the end. At the start nothing fires, and at the end nothing else. */
function expectationsOf({ fires }: Scenario) {
  const expr = 'ALERTS{alertstate="firing"}';
  const samples = (names: readonly string[]) => names.map((name) => ({ labels: firing(name), value: 1 }));
  const each = Object.entries(fires).map(([name, minute]) => ({
    expr: `ALERTS{alertstate="firing", alertname="${name}"}`,
    eval_time: `${minute}m`,
    exp_samples: samples([name]),
  }));
  return [
    { expr, eval_time: "3m", exp_samples: [] },
    ...each,
    { expr, eval_time: `${MINUTES}m`, exp_samples: samples(Object.keys(fires)) },
  ];
}

describe.skipIf(findPromtool() === undefined)("promtool", () => {
  test("the rules are well formed", () => {
    expect(promtool(["check", "rules", RULES])).toMatchObject({ ok: true });
  });

  test("each query of the dashboard is PromQL", () => {
    const rules = QUERIES.map((expr, at) => ({ record: `q${at}`, expr: expr.replaceAll("$__rate_interval", "5m") }));
    expect(promtoolOn(["check", "rules"], { groups: [{ name: "dashboard", rules }] })).toMatchObject({ ok: true });
  });

  onFile((database) => {
    test.each(SCENARIOS)("$name", async (scenario) => {
      const up = { series: 'up{job="wholesale-bot"}', values: `${scenario.isUp === false ? 0 : 1}x${MINUTES}` };
      const file = {
        rule_files: [RULES],
        evaluation_interval: "1m",
        tests: [
          {
            interval: "1m",
            input_series: [up, ...inputOf(await record(database, scenario))],
            promql_expr_test: expectationsOf(scenario),
          },
        ],
      };
      const { ok, printed } = promtoolOn(["test", "rules"], file);
      expect(ok, printed).toBe(true);
    });
  });
});
