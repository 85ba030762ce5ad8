import type { Config } from "../config.ts";
import type { FaultLog, Secrets, Time } from "../domain/ports/runtime.ts";
import type { Store } from "../domain/ports/store.ts";
import type { Failure } from "../errors.ts";
import type { CallStatus } from "../health.ts";
import { createHttp } from "../http.ts";
import type { Shutdown } from "../shutdown.ts";
import { type ListenerDeps, SOCKET_REFUSED, startListener } from "../webex/socket/listener.ts";
import { createServiceCalls } from "../webex/socket/service-calls.ts";
import type { Platform } from "./platform.ts";

const SERVICE_HTTP = { connections: 2, timeoutMs: 20_000, retries: 2 };

interface SocketParts extends Pick<ListenerDeps, "api" | "bot" | "receive" | "holder"> {
  readonly config: Pick<Config, "webex">;
  readonly time: Time;
  readonly platform: Platform;
  readonly secrets: Secrets;
  readonly log: FaultLog;
  readonly shutdown: Shutdown;
  readonly store: Store;
  readonly events: CallStatus;
}

/** Listens to Webex by a websocket, because `PUBLIC_URL` is not set. */
export function startSocket({
  config,
  time,
  platform,
  secrets,
  log,
  shutdown,
  store,
  events,
  ...parts
}: SocketParts): void {
  const { apiUrl, botToken: token } = config.webex;
  const { network, random } = platform;
  const openHttp = (baseUrl: string) => createHttp({ baseUrl, ...SERVICE_HTTP, ...network, random, secrets });
  const calls = createServiceCalls({ apiUrl, token, openHttp });
  shutdown.add(() => calls.close());
  const { leases, inbox } = store;
  log.warn("socket.experimental");
  const { lastReceivedAt } = inbox;
  const onState = (failure: Failure | undefined): void => {
    events.record(failure);
    if (failure?.code === SOCKET_REFUSED) void tellOps(failure);
  };
  const tellOps = async ({ message, hint }: Failure): Promise<void> => {
    const lines = ["The bot does not hear Webex", message, hint];
    await store.outbox
      .notifyOps(lines, time.clock())
      .catch((error: unknown) => log.failing("delivery.failed", { error }));
  };
  const deps = { ...time, ...parts, calls, apiUrl, leases, lastReceivedAt, onState, random, log };
  shutdown.add(startListener(deps).stop);
}
