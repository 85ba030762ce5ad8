import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import { commandOfWord } from "../domain/commands/command-words.ts";
import type { LogEvent } from "../domain/log-events.ts";
import type { Meter } from "../domain/ports/meter.ts";
import type { FaultLog } from "../domain/ports/runtime.ts";
import type { Attempt, Retry } from "../http.ts";
import { routeOf, statusOf } from "./labels.ts";
import { PREFIX } from "./prefix.ts";

/** From a reply of the snapshot to a call that is waited for with its retries. */
const CALL_SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const WAIT_SECONDS = [0.01, 0.1, 0.5, 1, 5, 15, 60];
const SWEEP_SECONDS = [1, 5, 15, 60, 300, 900, 3600];

/** The figures that this process counts by itself. */
export function createMeter(registry: Registry): Meter {
  const registers = [registry];
  const commands = new Counter({
    name: `${PREFIX}commands_total`,
    help: "Commands and presses, by command and by what became of them.",
    labelNames: ["command", "outcome"],
    registers,
  });
  const commandSeconds = new Histogram({
    name: `${PREFIX}command_duration_seconds`,
    help: "Time from taking up a command to the end of its reply.",
    labelNames: ["command"],
    buckets: CALL_SECONDS,
    registers,
  });
  const sweepSeconds = new Histogram({
    name: `${PREFIX}sweep_duration_seconds`,
    help: "Duration of the sweeps of this process, by how they ended.",
    labelNames: ["state"],
    buckets: SWEEP_SECONDS,
    registers,
  });
  const refused = new Counter({
    name: `${PREFIX}webhooks_refused_total`,
    help: "Calls of the webhook that were refused.",
    labelNames: ["reason"],
    registers,
  });
  return {
    command(name, outcome, ms) {
      const command = name === "" ? "none" : (commandOfWord(name) ?? "other");
      commands.inc({ command, outcome });
      commandSeconds.observe({ command }, ms / 1000);
    },
    sweep: (state, ms) => sweepSeconds.observe({ state }, ms / 1000),
    budgetWait: createBudgetWait(registry),
    webexStatus: createStatusGauge(registry),
    webhookRefused: (reason) => refused.inc({ reason }),
  };
}

function createStatusGauge(registry: Registry): Meter["webexStatus"] {
  const events = new Gauge({
    name: `${PREFIX}webex_status_events`,
    help: "Incidents and maintenances of Webex that are on, by its status page (STATUS_URL).",
    labelNames: ["kind"],
    registers: [registry],
  });
  return ({ incidents, maintenances }) => {
    events.set({ kind: "incident" }, incidents);
    events.set({ kind: "maintenance" }, maintenances);
  };
}

function createBudgetWait(registry: Registry): Meter["budgetWait"] {
  const waiting = new Gauge({
    name: `${PREFIX}api_budget_waiting`,
    help: "Calls to the Wholesale API that wait for API_CALLS_PER_MINUTE now.",
    labelNames: ["kind"],
    registers: [registry],
  });
  const waitSeconds = new Histogram({
    name: `${PREFIX}api_budget_wait_seconds`,
    help: "How long calls to the Wholesale API waited for API_CALLS_PER_MINUTE.",
    labelNames: ["kind"],
    buckets: WAIT_SECONDS,
    registers: [registry],
  });
  return (kind) => {
    const end = waitSeconds.startTimer({ kind });
    waiting.inc({ kind });
    return () => {
      waiting.dec({ kind });
      end();
    };
  };
}

export type Api = "webex" | "wholesale";

/** The two callbacks of an HTTP client. */
export interface CallWatch {
  readonly onAttempt: (attempt: Attempt) => void;
  readonly onRetry: (retry: Retry) => void;
}

/** Counts the calls to an API, and logs its retries. */
export function createCallWatch(registry: Registry): (api: Api, log: FaultLog) => CallWatch {
  const registers = [registry];
  const requests = new Counter({
    name: `${PREFIX}api_requests_total`,
    help: "Calls to Webex and to the Wholesale API, each try by itself.",
    labelNames: ["api", "route", "status"],
    registers,
  });
  const seconds = new Histogram({
    name: `${PREFIX}api_request_duration_seconds`,
    help: "Time until an API answered, or failed to.",
    labelNames: ["api", "route"],
    buckets: CALL_SECONDS,
    registers,
  });
  const retries = new Counter({
    name: `${PREFIX}api_retries_total`,
    help: "Calls that were made again, by the outcome of the try before.",
    labelNames: ["api", "status"],
    registers,
  });
  const rejected = new Gauge({
    name: `${PREFIX}token_rejected`,
    help: "1 while the API rejects the token of the bot.",
    labelNames: ["api"],
    registers,
  });
  const setSkew = createSkewGauge(registry);
  return (api, log) => {
    rejected.set({ api }, 0);
    return {
      onAttempt({ method, path, outcome, ms, clockSkewMs }) {
        setSkew(api, clockSkewMs);
        const route = routeOf({ method, path });
        requests.inc({ api, route, status: statusOf(outcome) });
        seconds.observe({ api, route }, ms / 1000);
        const isRejected = rejectsToken(route, outcome);
        if (isRejected !== undefined) rejected.set({ api }, isRejected ? 1 : 0);
        if (typeof outcome === "number" && outcome < 400) log.working(`${api}.retry`, route);
      },
      onRetry(retry) {
        retries.inc({ api, status: statusOf(retry.reason) });
        log.failing(`${api}.retry`, { ...retry, error: retry.reason }, routeOf(retry));
      },
    };
  };
}

function createSkewGauge(registry: Registry): (api: Api, clockSkewMs: number | undefined) => void {
  const skew = new Gauge({
    name: `${PREFIX}clock_skew_seconds`,
    help: "How far the clock of this machine is ahead of Webex's; negative: behind.",
    registers: [registry],
  });
  return (api, clockSkewMs) => {
    if (api === "webex" && clockSkewMs !== undefined) skew.set(clockSkewMs / 1000);
  };
}

/** Undefined when the outcome says nothing about the token. A new token that was refused is worse than none. */
function rejectsToken(route: string, outcome: number | string): boolean | undefined {
  if (outcome === 401) return true;
  if (route.endsWith("/access_token")) return outcome === 400 ? true : undefined;
  return typeof outcome === "number" && outcome < 300 ? false : undefined;
}

/** Makes the same log, which counts its events, also those of lasting faults that are not written each time. */
export function createEventCount(registry: Registry): (log: FaultLog) => FaultLog {
  const events = new Counter({
    name: `${PREFIX}log_events_total`,
    help: "Events by their name in the log; docs/operate.md explains each.",
    labelNames: ["event"],
    registers: [registry],
  });
  const counted = <E extends LogEvent>(event: E): E => {
    events.inc({ event });
    return event;
  };
  return (log) => ({
    info: (event, fields) => log.info(counted(event), fields),
    warn: (event, fields) => log.warn(counted(event), fields),
    error: (event, fields) => log.error(counted(event), fields),
    failing: (fault, fields, of) => log.failing(counted(fault), fields, of),
    working: log.working,
  });
}
