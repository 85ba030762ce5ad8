import { holdLease, LEASE_MS, type LeaseDeps } from "../../domain/lease.ts";
import type { FaultLog } from "../../domain/ports/runtime.ts";
import { Failure } from "../../errors.ts";
import type { WebexApi } from "../api.ts";
import type { WebexPerson, WebhookEvent } from "../wire.ts";
import { parseActivity, readActivity } from "./activity.ts";
import { readServices, type Services } from "./catalog.ts";
import { catchUp } from "./catch-up.ts";
import { type Ending, listenOn } from "./connection.ts";
import { replaceDevice, takeDevice } from "./device.ts";
import { createProbe, type Probe } from "./probe.ts";
import type { ServiceCalls } from "./service-calls.ts";

export interface ListenerDeps extends LeaseDeps {
  readonly api: WebexApi;
  readonly calls: ServiceCalls;
  /** `WEBEX_API_URL`. */
  readonly apiUrl: string;
  readonly bot: WebexPerson;
  /** Stores an event; what it resolves to is acknowledged. */
  readonly receive: (event: WebhookEvent) => Promise<unknown>;
  /** When the last event was stored, by this process or another one; undefined if none ever was. */
  readonly lastReceivedAt: () => Promise<number | undefined>;
  /** Takes whether the bot hears: undefined, or why not. */
  readonly onState: (failure: Failure | undefined) => void;
  /** How long the probe of a connection may be on its way, in real time. */
  readonly probeMs?: number;
  readonly random: () => number;
  readonly log: FaultLog;
}

export interface Listener {
  stop(): Promise<void>;
}

/** Of several instances the one that has it listens: a device has one connection. */
const LEASE = "socket";
const MAX_WAIT_MS = 32_000;
/** A device is registered anew after so many connections in a row that did not hear. */
const MAX_DEAF = 3;

/** How a connection ended, and whether it heard: `unknown` if it ended too early to say. */
type Outcome = Ending & { readonly heard: "yes" | "no" | "unknown" };

/** Listens by a socket, and connects again whenever that ends, until Webex says that it will not listen to this bot. */
export function startListener(deps: ListenerDeps): Listener {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = listenUntilStopped(deps, signal);
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** The connections in a row that were not proved to hear, and how many of them were proved not to. */
interface Failures {
  readonly all: number;
  readonly deaf: number;
}

const NO_FAILURES: Failures = { all: 0, deaf: 0 };

async function listenUntilStopped(deps: ListenerDeps, signal: AbortSignal): Promise<void> {
  let failures = NO_FAILURES;
  while (!signal.aborted) {
    const isNew = failures.deaf > 0 && failures.deaf % MAX_DEAF === 0;
    const outcome = await listenOnce(deps, isNew, signal);
    if (outcome?.next === "stop") return;
    failures = failuresAfter(failures, outcome);
    const waitMs = outcome === undefined ? LEASE_MS / 3 : Math.min(1_000 * 2 ** failures.all, MAX_WAIT_MS);
    await deps.sleep(waitMs * (0.5 + deps.random() / 2), signal).catch(() => undefined);
  }
}

function failuresAfter({ all, deaf }: Failures, outcome: Outcome | undefined): Failures {
  if (outcome === undefined || outcome.heard === "yes") return NO_FAILURES;
  return { all: all + 1, deaf: outcome.heard === "no" ? deaf + 1 : deaf };
}

/** One connection, under the lease. Undefined if another instance listens. */
async function listenOnce(deps: ListenerDeps, isNew: boolean, signal: AbortSignal): Promise<Outcome | undefined> {
  const { log, onState } = deps;
  let isLost = false;
  const onLost = (): void => {
    isLost = true;
    log.warn("lease.lost", { name: LEASE });
  };
  try {
    const outcome = await holdLease(deps, { name: LEASE, signal, onLost }, (_, ending) => connect(deps, isNew, ending));
    if (outcome === undefined || isLost) return void onState(undefined);
    if (!signal.aborted) report(deps, outcome);
    return outcome;
  } catch (error) {
    log.failing("socket.failed", { error });
    onState(
      new Failure("webex.socket", "Webex gave the bot no connection.", BY_ITSELF, { cause: error, retryable: true }),
    );
    return { next: "again", reason: "failed", heard: "unknown" };
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

async function connect(deps: ListenerDeps, isNew: boolean, signal: AbortSignal): Promise<Outcome> {
  const { calls, apiUrl, lastReceivedAt } = deps;
  const services = await readServices(calls, apiUrl);
  const device = await (isNew ? replaceDevice : takeDevice)(calls, services.devices);
  const heardAt = await lastReceivedAt();
  const probe = createProbe(deps.api, deps.probeMs);
  const over = new AbortController();
  const ending = AbortSignal.any([signal, over.signal]);
  let heard: Outcome["heard"] = "no";
  let bug: unknown;
  const beside = (work: () => Promise<void>): void =>
    void work().catch((error: unknown) => {
      if (!ending.aborted) bug = error;
      over.abort();
    });
  const test = async (): Promise<void> => {
    heard = "unknown";
    await catchUpSince(deps, heardAt, ending);
    heard = (await hearsProbe(deps, probe, ending)) ? "yes" : "no";
    if (heard === "no") over.abort("nothing heard");
  };
  const ended = await listenOn({
    url: device.webSocketUrl,
    token: calls.tokenFor(device.webSocketUrl),
    onReady: () => beside(test),
    onActivity: (activity) => take(deps, services, probe, activity),
    onGap: () => beside(async () => catchUpSince(deps, await lastReceivedAt(), ending)),
    signal: ending,
  });
  over.abort();
  if (bug !== undefined) throw bug;
  return { ...ended, heard };
}

const CATCH_UP = "catch-up";

/** Goes on without what could not be read: what is heard from now on does not depend on it. */
async function catchUpSince(deps: ListenerDeps, heardAt: number | undefined, signal: AbortSignal): Promise<void> {
  if (heardAt === undefined) return;
  try {
    await catchUp(deps, heardAt, signal);
    deps.log.working("socket.failed", CATCH_UP);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    deps.log.failing("socket.failed", { error }, CATCH_UP);
  }
}

const PROBE_AGAIN_MS = 5 * 60_000;

/** A probe that could not be made says nothing of the connection, so it is made again later. */
async function hearsProbe({ sleep, log, onState }: ListenerDeps, probe: Probe, signal: AbortSignal): Promise<boolean> {
  for (;;) {
    try {
      const isHeard = await probe.isHeard(signal);
      if (isHeard) {
        log.working("socket.failed");
        onState(undefined);
      }
      return isHeard;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      log.failing("socket.failed", { error });
      onState(
        new Failure("webex.socket", "The bot could not test its connection to Webex.", BY_ITSELF, { cause: error }),
      );
    }
    await sleep(PROBE_AGAIN_MS, signal);
  }
}

/** Resolves when the events of an activity are stored. */
async function take(deps: ListenerDeps, services: Services, probe: Probe, value: unknown): Promise<void> {
  const activity = parseActivity(value);
  if (activity === undefined || probe.take(activity)) return;
  for (const event of await readActivity(activity, { ...deps, services })) await deps.receive(event);
}
