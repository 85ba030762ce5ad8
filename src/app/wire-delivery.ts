import type { Config } from "../config.ts";
import type { HealthReport } from "../domain/health-report.ts";
import type { Gate, Presence } from "../domain/ports/messaging.ts";
import type { FaultLog, Secrets, Time } from "../domain/ports/runtime.ts";
import type { Store } from "../domain/ports/store.ts";
import type { WebexStatus } from "../domain/webex-status.ts";
import type { CallStatus } from "../health.ts";
import { createHttp } from "../http.ts";
import { startDelivery } from "../monitor/deliver.ts";
import { startHeartbeat } from "../monitor/loops.ts";
import { startScheduler } from "../monitor/scheduler.ts";
import type { Shutdown } from "../shutdown.ts";
import type { Platform } from "./platform.ts";

interface WireDeliveryDeps {
  readonly config: Config;
  readonly store: Store;
  readonly gate: Gate;
  readonly presence: Presence;
  readonly messages: CallStatus;
  readonly webexStatus: () => WebexStatus | undefined;
  readonly health: () => Promise<HealthReport>;
  readonly holder: string;
  readonly time: Time;
  readonly platform: Platform;
  readonly secrets: Secrets;
  readonly log: FaultLog;
  readonly shutdown: Shutdown;
}

/** Starts the loops that work on the outbox, and the calls to `HEARTBEAT_URL`. */
export async function wireDelivery(deps: WireDeliveryDeps): Promise<void> {
  const { config, store, gate, presence, time, platform, log, shutdown, holder } = deps;
  const { outbox, cards } = store;
  const { timings, heartbeatUrl } = config.alerting;
  const released = await outbox.release();
  if (released > 0) log.info("outbox.leases_released", { messages: released });
  shutdown.add(
    startDelivery({
      outbox,
      gate,
      presence,
      cards,
      onCommit: store.onCommit,
      holder,
      log,
      ...time,
      recordPost: deps.messages.record,
      webexStatus: deps.webexStatus,
      pauseMs: Math.min(1_000, Math.max(50, timings.waitMs / 2)),
      random: platform.random,
    }).stop,
  );
  shutdown.add(startScheduler({ outbox, sweepIntervalMs: config.monitor.sweepMs, log, ...time }).stop);
  if (heartbeatUrl !== undefined) wireHeartbeat(deps, heartbeatUrl);
}

const HEARTBEAT_HTTP = { connections: 1, timeoutMs: 10_000, retries: 2 };

function wireHeartbeat({ health, time, platform, secrets, log, shutdown }: WireDeliveryDeps, address: string): void {
  const { origin, pathname, search } = new URL(address);
  const http = createHttp({
    baseUrl: origin,
    ...HEARTBEAT_HTTP,
    ...platform.network,
    random: platform.random,
    secrets,
  });
  shutdown.add(() => http.close());
  const isHealthy = async () => (await health()).checks.every(({ ok, stopsHeartbeat }) => ok || !stopsHeartbeat);
  const ping = async () => void (await http.request({ method: "GET", path: `${pathname}${search}` }));
  shutdown.add(startHeartbeat({ isHealthy, ping, sleep: time.sleep, log }).stop);
}
