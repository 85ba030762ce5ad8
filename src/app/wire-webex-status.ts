import type { Config } from "../config.ts";
import type { HealthCheck } from "../domain/health-report.ts";
import type { Meter } from "../domain/ports/meter.ts";
import type { FaultLog, Secrets, Time } from "../domain/ports/runtime.ts";
import { type WebexStatus, webexStatusCheck } from "../domain/webex-status.ts";
import { createHttp } from "../http.ts";
import { startLoop } from "../monitor/loops.ts";
import type { Shutdown } from "../shutdown.ts";
import { createStatusReader, STATUS_HTTP } from "../webex/status-page.ts";
import type { Platform } from "./platform.ts";

interface WireWebexStatusDeps {
  readonly config: Config;
  readonly time: Time;
  readonly platform: Platform;
  readonly secrets: Secrets;
  readonly meter: Meter;
  readonly log: FaultLog;
  readonly shutdown: Shutdown;
}

interface WiredWebexStatus {
  readonly current: () => WebexStatus | undefined;
  /** For the health; absent when Webex Status is not read. */
  readonly check: (() => HealthCheck) | undefined;
}

const READ_INTERVAL_MS = 60_000;

/** Starts the loop that reads `STATUS_URL`. Nothing waits for it: what it has read is shown beside alerts. */
export function wireWebexStatus({ config, shutdown, ...deps }: WireWebexStatusDeps): WiredWebexStatus {
  if (config.statusUrl === undefined) return { current: () => undefined, check: undefined };
  const { time, platform, secrets, meter, log } = deps;
  const { statusUrl: url } = config;
  const { network, random } = platform;
  const http = createHttp({ baseUrl: new URL(url).origin, ...STATUS_HTTP, ...network, random, secrets });
  shutdown.add(() => http.close());
  const reader = createStatusReader({ http, url, meter, clock: time.clock, log });
  const run = async (signal: AbortSignal): Promise<void> => {
    await reader.read(signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  };
  shutdown.add(startLoop({ name: "webex_status", pauseMs: READ_INTERVAL_MS, atOnce: true, run, ...time, log }).stop);
  const startedAt = time.clock();
  const check = () => webexStatusCheck(reader.current(), { startedAt, now: time.clock() });
  return { current: reader.current, check };
}
