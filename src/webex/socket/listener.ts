import { withLeaseRenewal } from "../../domain/lease.ts";
import type { FaultLog, Time } from "../../domain/ports/runtime.ts";
import type { Fence, Leases } from "../../domain/ports/snapshot.ts";
import { Failure } from "../../errors.ts";
import type { WebexApi } from "../api.ts";
import type { WebexPerson, WebhookEvent } from "../wire.ts";
import { parseActivity, readActivity } from "./activity.ts";
import { readServices, type Services } from "./catalog.ts";
import { eventsSince } from "./catch-up.ts";
import { type Ending, listenOn } from "./connection.ts";
import { type Device, dropDevice, takeDevice } from "./device.ts";
import { createProbe, type Probe } from "./probe.ts";
import type { ServiceCalls } from "./service-calls.ts";

export interface ListenerDeps extends Time {
  readonly api: WebexApi;
  readonly calls: ServiceCalls;
  /** `WEBEX_API_URL`. */
  readonly apiUrl: string;
  readonly bot: WebexPerson;
  readonly leases: Leases;
  /** Names this process in leases. */
  readonly holder: string;
  /** Stores an event; what it resolves to is acknowledged. */
  readonly receive: (event: WebhookEvent) => Promise<unknown>;
  /** When the last event was stored, by this process or another one; undefined if none ever was. */
  readonly lastReceivedAt: () => Promise<number | undefined>;
  /** Takes whether the bot hears: undefined, or why not. */
  readonly onState: (failure: Failure | undefined) => void;
  readonly random: () => number;
  readonly log: FaultLog;
}

export interface Listener {
  stop(): Promise<void>;
}

/** Of several instances the one that has it listens: a device has one connection. */
const LEASE = "socket";
const LEASE_MS = 30_000;
const MAX_WAIT_MS = 32_000;
/** A device is registered anew after so many connections in a row that were not proved to hear. */
const MAX_UNPROVED = 3;

/** How a connection ended, and whether it was proved to hear. */
type Outcome = Ending & { readonly wasProved: boolean };

/** Listens by a socket, and connects again whenever that ends, until Webex says that it will not listen to this bot. */
export function startListener(deps: ListenerDeps): Listener {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = (async () => {
    let failures = 0;
    while (!signal.aborted) {
      const ending = await listenOnce(deps, failures, signal);
      if (ending === undefined || ending.wasProved) failures = 0;
      else failures += 1;
      if (ending?.next === "stop") return;
      const waitMs = ending === undefined ? LEASE_MS / 3 : Math.min(1_000 * 2 ** failures, MAX_WAIT_MS);
      await deps.sleep(waitMs * (0.5 + deps.random() / 2), signal).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** One connection, under the lease. Undefined if another instance listens. */
async function listenOnce(deps: ListenerDeps, failures: number, signal: AbortSignal): Promise<Outcome | undefined> {
  const { leases, holder, clock, sleep, log, onState } = deps;
  const ending = new AbortController();
  const end = (): void => ending.abort();
  signal.addEventListener("abort", end, { once: true });
  let fence: Fence | undefined;
  try {
    fence = await leases.acquire(LEASE, holder, clock(), LEASE_MS);
    if (fence === undefined) return void onState(undefined);
    const held = fence;
    const renew = async (): Promise<void> => {
      if (!(await leases.renew(held, clock(), LEASE_MS).catch(() => true))) end();
    };
    const ended = await withLeaseRenewal({ sleep, everyMs: LEASE_MS / 3, renew }, () =>
      connect(deps, failures, ending),
    );
    if (!signal.aborted) report(deps, ended);
    return ended;
  } catch (error) {
    log.failing("socket.failed", { error });
    onState(
      new Failure("webex.socket", "Webex gave the bot no connection.", BY_ITSELF, { cause: error, retryable: true }),
    );
    return { next: "again", reason: "failed", wasReady: false, wasProved: false };
  } finally {
    signal.removeEventListener("abort", end);
    if (fence !== undefined) await leases.release(fence).catch(() => undefined);
  }
}

function report({ log, onState }: ListenerDeps, { next, reason }: Ending): void {
  if (next === "again") {
    onState(new Failure("webex.socket", `The connection to Webex ended (${reason}).`, BY_ITSELF, { retryable: true }));
    log.failing("socket.failed", { reason });
  } else {
    const error = refusalOf(reason);
    onState(error);
    log.error("socket.refused", { reason, error });
  }
}

const BY_ITSELF = "The bot connects again by itself; if that lasts, its log says why.";

/** The code of a failure after which the bot does not connect again. */
export const SOCKET_REFUSED = "webex.socket_refused";

/** Webex would end the next connection as well, or that of another program. */
function refusalOf(code: string): Failure {
  const isReplaced = code === "4000";
  const what = isReplaced
    ? "Another program listens with the bot's token, so this one does not hear."
    : `Webex does not let the bot listen (${code}).`;
  const hint = isReplaced
    ? "Stop the other program, then restart this one. Several instances need one PostgreSQL database."
    : "See that WEBEX_BOT_TOKEN is right, or set PUBLIC_URL, so that Webex calls the bot; then restart it.";
  return new Failure(SOCKET_REFUSED, what, hint);
}

async function connect(deps: ListenerDeps, failures: number, ending: AbortController): Promise<Outcome> {
  const { calls, apiUrl, log, onState, lastReceivedAt } = deps;
  const services = await readServices(calls, apiUrl);
  const device = await deviceFor(calls, services, failures);
  const heardAt = await lastReceivedAt();
  const probe = createProbe(deps.api);
  let wasProved = false;
  const giveUp = (error: unknown): void => {
    if (ending.signal.aborted) return;
    log.failing("socket.failed", { error });
    ending.abort();
  };
  const prove = async (): Promise<void> => {
    await catchUp(deps, heardAt);
    while (!(await isHeard(deps, probe, ending.signal))) await deps.sleep(PROBE_AGAIN_MS, ending.signal);
    wasProved = true;
    log.working("socket.failed");
    onState(undefined);
  };
  const ended = await listenOn({
    url: device.webSocketUrl,
    token: calls.tokenFor(device.webSocketUrl),
    onReady: () => void prove().catch(giveUp),
    onActivity: (activity) => take(deps, services, probe, activity),
    onGap: () =>
      void lastReceivedAt()
        .then((at) => catchUp(deps, at))
        .catch(giveUp),
    signal: ending.signal,
  });
  return { ...ended, wasProved };
}

/** How long an activity of our own may be on its way. */
const PROBE_MS = 30_000;
const PROBE_AGAIN_MS = 5 * 60_000;

/** False if the probe could not be made, which says nothing of the connection; throws if it was, and was not heard. */
async function isHeard({ log, onState }: ListenerDeps, probe: Probe, signal: AbortSignal): Promise<boolean> {
  try {
    await probe.hear(AbortSignal.any([signal, AbortSignal.timeout(PROBE_MS)]));
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    log.failing("socket.failed", { error });
    onState(
      new Failure("webex.socket", "The bot could not test its connection to Webex.", BY_ITSELF, { cause: error }),
    );
    return false;
  }
}

async function deviceFor(calls: ServiceCalls, { devices }: Services, failures: number): Promise<Device> {
  const device = await takeDevice(calls, devices);
  if (failures === 0 || failures % MAX_UNPROVED !== 0) return device;
  await dropDevice(calls, device);
  return takeDevice(calls, devices);
}

/** Resolves when the events of an activity are stored. */
async function take(deps: ListenerDeps, services: Services, probe: Probe, value: unknown): Promise<void> {
  const activity = parseActivity(value);
  if (activity === undefined || probe.take(activity)) return;
  for (const event of await readActivity(activity, { ...deps, services })) await deps.receive(event);
}

const OVERLAP_MS = 60_000;
/** The inbox knows for a day which messages it has had. */
const MAX_CATCH_UP_MS = 23 * 60 * 60_000;

async function catchUp(deps: ListenerDeps, heardAt: number | undefined): Promise<void> {
  if (heardAt === undefined) return;
  const since = Math.max(heardAt - OVERLAP_MS, deps.clock() - MAX_CATCH_UP_MS);
  for (const event of await eventsSince(since, deps)) await deps.receive(event);
}
