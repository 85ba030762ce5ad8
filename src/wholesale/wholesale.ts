import { setTimeout as timer } from "node:timers/promises";
import type { Meter } from "../domain/ports/meter.ts";
import type { FaultLog, Secrets, Sleep, Time } from "../domain/ports/runtime.ts";
import type { Leases } from "../domain/ports/snapshot.ts";
import type { SharedCalls, Tokens } from "../domain/ports/store.ts";
import type { Wholesale, WholesaleCrawler } from "../domain/ports/wholesale.ts";
import { createHttp, type HttpOptions } from "../http.ts";
import { createBucket } from "./bucket.ts";
import { type Budget, type CallKind, createBudget, withBudget } from "./budget.ts";
import { createCachedWholesale } from "./cached.ts";
import { createClient } from "./client.ts";
import { createCrawl } from "./crawl.ts";
import { createSharedBucket } from "./shared-bucket.ts";
import { type AuthorizedRequest, createAccessToken, createAuthorizedRequest, type WholesaleAuth } from "./token.ts";

export interface WholesaleDeps extends Time {
  /** `WHOLESALE_API_URL`. */
  readonly apiUrl: string;
  readonly auth: WholesaleAuth;
  /** `API_CALLS_PER_MINUTE`. */
  readonly callsPerMinute: number;
  /** The calls of all instances; absent where there is one. */
  readonly sharedCalls?: SharedCalls | undefined;
  readonly tokens: Tokens;
  readonly secrets: Secrets;
  readonly leases: Leases;
  /** Names this process in leases. */
  readonly holder: string;
  /** Called with what became of a page of a crawl: undefined, or its failure. */
  readonly onCrawl: (failure: unknown) => void;
  readonly meter: Pick<Meter, "budgetWait">;
  readonly log: FaultLog;
  /** Overrides the defaults for connections and retries. */
  readonly http?: Partial<Omit<HttpOptions, "baseUrl" | "secrets">>;
}

export interface WholesaleApi extends Wholesale {
  readonly crawl: WholesaleCrawler;
  /** Any other call with the access token. */
  readonly request: AuthorizedRequest;
  close(): Promise<void>;
}

function budgetOf({ callsPerMinute, sharedCalls, clock, sleep }: WholesaleDeps): Budget {
  if (sharedCalls === undefined) return createBudget({ bucket: createBucket(callsPerMinute, clock), sleep });
  // The clock of the database server fills this one, also where the bot's own clock is simulated.
  return createBudget({ bucket: createSharedBucket(callsPerMinute, sharedCalls), sleep: sleepReally });
}

const sleepReally: Sleep = (ms, signal) => timer(ms, undefined, { ref: false, ...(signal && { signal }) });

/** Both ports to the Wholesale API: queries of people (cached) and the crawler, with one budget for all calls. */
export function createWholesale(deps: WholesaleDeps): WholesaleApi {
  const { apiUrl, secrets, clock, sleep, log } = deps;
  const budget = budgetOf(deps);
  const http = createHttp({
    connections: 6,
    timeoutMs: 30_000,
    retries: 3,
    // A person waits, so a failure with a hint is better than a long wait.
    maxWaitMs: 8_000,
    maxTotalWaitMs: 15_000,
    ...deps.http,
    baseUrl: apiUrl,
    secrets,
    onRetry: (retry) => {
      budget.spend();
      deps.http?.onRetry?.(retry);
    },
  });
  const httpFor = (kind: CallKind) => withBudget(http, budget, kind, deps.meter);
  const token = createAccessToken({ ...deps, http: httpFor("question") });
  const cached = createCachedWholesale(createClient({ http: httpFor("question"), token, clock, log }), clock);
  const request = createAuthorizedRequest(httpFor("question"), token);
  const crawl = createCrawl({
    request: createAuthorizedRequest(httpFor("crawl"), token),
    requestNow: request,
    onOutcome: deps.onCrawl,
    sleep,
    log,
  });
  const close = async (): Promise<void> => {
    cached.close();
    await http.close();
  };
  return { list: cached.list, get: cached.get, subscribers: cached.subscribers, crawl, request, close };
}
