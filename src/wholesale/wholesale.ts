import type { Log, Time, Tokens } from "../domain/ports.ts";
import type { Wholesale, WholesaleWalk } from "../domain/wholesale.ts";
import { createHttp, type HttpOptions } from "../http.ts";
import { createAsk } from "./ask.ts";
import { type CallKind, createBudget, paced } from "./budget.ts";
import { createCached } from "./cached.ts";
import { createClient } from "./client.ts";
import { createToken, type WholesaleAuth } from "./token.ts";
import { createWalk } from "./walk.ts";

export interface WholesaleDeps extends Time {
  /** `WHOLESALE_API_URL`. */
  readonly apiUrl: string;
  readonly auth: WholesaleAuth;
  /** `API_CALLS_PER_MINUTE`. */
  readonly callsPerMinute: number;
  readonly tokens: Tokens;
  readonly log: Log;
  /** Other than the usual connections and patience. */
  readonly http?: Partial<Omit<HttpOptions, "baseUrl" | "onRetry">>;
}

export interface WholesaleRoom extends Wholesale {
  readonly walk: WholesaleWalk;
  close(): Promise<void>;
}

/** The whole room behind its two ports: HTTP, one budget for every call, token, client and cache, walk. */
export function createWholesale(deps: WholesaleDeps): WholesaleRoom {
  const { apiUrl, auth, tokens, clock, sleep, log } = deps;
  const budget = createBudget({ perMinute: deps.callsPerMinute, clock, sleep });
  const http = createHttp({
    connections: 6,
    timeoutMs: 30_000,
    retries: 3,
    // Somebody waits for the answer, and the room with him: rather say soon how long it takes.
    waitCapMs: 8_000,
    waitTotalMs: 15_000,
    ...deps.http,
    baseUrl: apiUrl,
    onRetry: (retry) => {
      budget.spend();
      log.info("wholesale.retry", { ...retry });
    },
  });
  const pacedFor = (kind: CallKind) => paced(http, budget, kind);
  const token = createToken({ auth, http: pacedFor("question"), tokens, clock, log });
  const cached = createCached(createClient({ http: pacedFor("question"), token, clock, log }), clock);
  const walk = createWalk({
    ask: createAsk(pacedFor("walk"), token),
    askNow: createAsk(pacedFor("question"), token),
    sleep,
    log,
  });
  const close = async (): Promise<void> => {
    cached.close();
    await http.close();
  };
  return { list: cached.list, get: cached.get, walk, close };
}
