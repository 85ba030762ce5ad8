import type { Clock, Log, Tokens, Wholesale } from "../domain/ports.ts";
import { createHttp, type HttpOptions } from "../http.ts";
import { createCached } from "./cached.ts";
import { createClient } from "./client.ts";
import { createToken, type WholesaleAuth } from "./token.ts";

export interface WholesaleDeps {
  /** `WHOLESALE_API_URL`. */
  readonly apiUrl: string;
  readonly auth: WholesaleAuth;
  readonly tokens: Tokens;
  readonly clock: Clock;
  readonly log: Log;
  /** Other than the usual connections and patience. */
  readonly http?: Partial<Omit<HttpOptions, "baseUrl" | "onRetry">>;
}

/** The whole room: HTTP, token, client and cache, behind the port. */
export function createWholesale(deps: WholesaleDeps): Wholesale & { close(): Promise<void> } {
  const { apiUrl, auth, tokens, clock, log } = deps;
  const http = createHttp({
    connections: 4,
    timeoutMs: 30_000,
    retries: 3,
    // Somebody waits for the answer, and the room with him: rather say soon how long it takes.
    waitCapMs: 8_000,
    waitTotalMs: 15_000,
    ...deps.http,
    baseUrl: apiUrl,
    onRetry: (retry) => log.info("wholesale.retry", { ...retry }),
  });
  const token = createToken({ auth, http, tokens, clock, log });
  const cached = createCached(createClient({ http, token, clock, log }));
  const close = async (): Promise<void> => {
    cached.close();
    await http.close();
  };
  return { list: cached.list, get: cached.get, close };
}
