import type { Store } from "../../src/domain/ports.ts";
import { createHttp } from "../../src/http.ts";
import type { SweepDeps } from "../../src/monitor/sweep.ts";
import { REAL_TIME } from "../../src/time.ts";
import { createAsk } from "../../src/wholesale/ask.ts";
import { createWalk } from "../../src/wholesale/walk.ts";
import { type Answer, type Heard, startLoopback } from "../support/loopback.ts";
import { api, createTestLog, type Row } from "../wholesale/api.ts";

export const MINUTE = 60_000;

/** What the API holds, and what is wrong with it: both may change while it is read. */
export interface World {
  customers: readonly Row[];
  /** Answers instead of the API, or lets it answer. */
  trouble?: ((heard: Heard, index: number) => Answer | undefined) | undefined;
  now: number;
}

/** Customers without a word about packages: `many(3)` is healthy-0, healthy-1, healthy-2. */
export function many(count: number, status = "provisioned", name = "healthy"): readonly Row[] {
  return Array.from({ length: count }, (_, at) => ({
    id: `${name}-${at}`,
    externalId: `${name}-${at}`,
    status,
  }));
}

/** A world behind a real HTTP API, and what it takes to sweep it into this store. */
export async function settle(store: Store, customers: readonly Row[]) {
  const world: World = { customers, now: Date.UTC(2020, 0, 6, 9) };
  const { url, heard } = await startLoopback((call, index) => {
    const troubled = world.trouble?.(call, index);
    if (troubled !== undefined) return troubled;
    const [, id] = /\/customers\/(.+)$/.exec(call.path) ?? [];
    if (id === undefined) return api(world.customers, { links: true })(call);
    const row = world.customers.find((one) => one.id === decodeURIComponent(id));
    return row === undefined ? { status: 404 } : { json: row };
  });
  const waits: number[] = [];
  const sleep = async (ms: number) => void waits.push(ms);
  const http = createHttp({ baseUrl: `${url}/v1`, connections: 2, timeoutMs: 5_000, retries: 1, sleep });
  const ask = createAsk(http, { current: async () => "t0ken", after: async () => undefined });
  const log = createTestLog();
  const walk = createWalk({ ask, askNow: ask, sleep, log });
  const deps: SweepDeps = { ...store, walk, log, holder: "one", ...REAL_TIME, clock: () => world.now };
  let told = 0;
  /** The calls since somebody last asked for them, as `100+50` (offset and max), or as the id that was asked for. */
  const calls = (): readonly string[] => {
    const since = heard.slice(told);
    told = heard.length;
    return since.map(({ path, query }) =>
      path.endsWith("/customers")
        ? `${query.get("status") ?? ""}${query.get("offset")}+${query.get("max")}`
        : path.replace(/.*\//, ""),
    );
  };
  return { world, deps, log, waits, calls };
}
