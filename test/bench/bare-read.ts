import { createHttp } from "../../src/http.ts";
import { NO_SECRETS } from "../support/secrets.ts";
import type { Twins } from "./twins.ts";

/** In milliseconds. */
export interface Cost {
  readonly ms: number;
  /** The time of the processor. */
  readonly cpuMs: number;
}

/** The bare minimum of a sweep: the same pages with the same client, each parsed as JSON and forgotten. */
export async function readBare({ env }: Twins): Promise<Cost> {
  const { WHOLESALE_API_URL: baseUrl = "", WHOLESALE_ACCESS_TOKEN: token } = env;
  const http = createHttp({ secrets: NO_SECRETS, baseUrl, connections: 6, timeoutMs: 30_000, retries: 0 });
  const headers = { authorization: `Bearer ${token}` };
  const [begun, cpuBefore] = [performance.now(), process.cpuUsage()];
  for (let offset = 0, hasMore = true; hasMore; offset += 100) {
    const query = { offset, max: 100 };
    const page = await http.request({ method: "GET", path: "/wholesale/customers", query, headers });
    if (page.status !== 200 || page.json() === undefined) throw new Error(`Page ${offset}: ${page.status}`);
    hasMore = page.hasNext;
  }
  const { user, system } = process.cpuUsage(cpuBefore);
  const cost = { ms: performance.now() - begun, cpuMs: (user + system) / 1000 };
  await http.close();
  return cost;
}
