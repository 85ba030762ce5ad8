import { SYSTEM_TIME } from "../../src/app/system-time.ts";
import type { Store } from "../../src/domain/ports/store.ts";
import type { SweepDeps } from "../../src/monitor/sweep.ts";
import { createCrawl } from "../../src/wholesale/crawl.ts";
import { createAuthorizedRequest } from "../../src/wholesale/token.ts";
import { type ReceivedRequest, type ScriptedResponse, startLoopback } from "../support/loopback.ts";
import { NO_METER } from "../support/meter.ts";
import { type ApiCustomer, connectHttp, createTestLog, fixedToken, scriptedApi } from "../wholesale/scripted-api.ts";

/** The customers that the API returns. All of it may be changed during a reading. */
export interface ScriptedWorld {
  customers: readonly ApiCustomer[];
  /** Answers instead of the API, unless it returns undefined. */
  failure?: ((call: ReceivedRequest, index: number) => ScriptedResponse | undefined) | undefined;
  now: number;
}

/** Customers without packages: `customersOf(3)` is healthy-0, healthy-1, healthy-2. */
export function customersOf(count: number, status = "provisioned", name = "healthy"): readonly ApiCustomer[] {
  const ids = Array.from({ length: count }, (_, at) => `${name}-${at}`);
  return ids.map((id) => ({ id, externalId: id, status }));
}

/** A scripted API over HTTP, and the deps of a sweep into this store. */
export async function startScriptedWorld(store: Store, customers: readonly ApiCustomer[]) {
  const world: ScriptedWorld = { customers, now: Date.UTC(2020, 0, 6, 9) };
  const { url, requests } = await startLoopback((call, index) => {
    const failure = world.failure?.(call, index);
    if (failure !== undefined) return failure;
    const [, id] = /\/customers\/(.+)$/.exec(call.path) ?? [];
    if (id === undefined) return scriptedApi(world.customers, { links: true })(call);
    const row = world.customers.find((one) => one.id === decodeURIComponent(id));
    return row === undefined ? { status: 404 } : { json: row };
  });
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  const request = createAuthorizedRequest(connectHttp(url, 1, sleep), fixedToken);
  const log = createTestLog();
  const crawl = createCrawl({ request, requestNow: request, onOutcome: () => {}, sleep, log });
  const deps: SweepDeps = {
    ...store,
    crawl,
    log,
    meter: NO_METER,
    holder: "one",
    random: () => 0,
    users: new Map(),
    ...SYSTEM_TIME,
    clock: () => world.now,
  };
  let reported = 0;
  /** The calls since the last call of this function: `100+50` (offset and max), or the id of the customer. */
  const calls = (): readonly string[] => {
    const since = requests.slice(reported);
    reported = requests.length;
    return since.map(({ path, query }) =>
      path.endsWith("/customers")
        ? `${query.get("status") ?? ""}${query.get("offset")}+${query.get("max")}`
        : path.replace(/.*\//, ""),
    );
  };
  return { world, deps, log, waits, calls };
}
