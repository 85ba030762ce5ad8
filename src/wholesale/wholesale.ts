import type { Log, Time } from "../domain/ports/runtime.ts";
import type { Tokens } from "../domain/ports/store.ts";
import type { Wholesale, WholesaleCrawler } from "../domain/ports/wholesale.ts";
import { createHttp, type HttpOptions } from "../http.ts";
import { type CallKind, createBudget, withBudget } from "./budget.ts";
import { createCachedWholesale } from "./cached.ts";
import { createClient } from "./client.ts";
import { createCrawl } from "./crawl.ts";
import { createAccessToken, createAuthorizedRequest, type WholesaleAuth } from "./token.ts";

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

export interface WholesaleApi extends Wholesale {
  readonly crawl: WholesaleCrawler;
  close(): Promise<void>;
}

/** The whole room behind its two ports: HTTP, one budget for every call, token, client and cache, walk. */
export function createWholesale(deps: WholesaleDeps): WholesaleApi {
  const { apiUrl, auth, tokens, clock, sleep, log } = deps;
  const budget = createBudget({ perMinute: deps.callsPerMinute, clock, sleep });
  const http = createHttp({
    connections: 6,
    timeoutMs: 30_000,
    retries: 3,
    // Somebody waits for the answer, and the room with him: rather say soon how long it takes.
    maxWaitMs: 8_000,
    maxTotalWaitMs: 15_000,
    ...deps.http,
    baseUrl: apiUrl,
    onRetry: (retry) => {
      budget.spend();
      log.info("wholesale.retry", { ...retry });
    },
  });
  const pacedFor = (kind: CallKind) => withBudget(http, budget, kind);
  const token = createAccessToken({ auth, http: pacedFor("question"), tokens, clock, log });
  const cached = createCachedWholesale(createClient({ http: pacedFor("question"), token, clock, log }), clock);
  const crawl = createCrawl({
    request: createAuthorizedRequest(pacedFor("crawl"), token),
    requestNow: createAuthorizedRequest(pacedFor("question"), token),
    sleep,
    log,
  });
  const close = async (): Promise<void> => {
    cached.close();
    await http.close();
  };
  return { list: cached.list, get: cached.get, crawl, close };
}
