import { openStore } from "../../src/app/open-store.ts";
import { SYSTEM_TIME } from "../../src/app/system-time.ts";
import type { Store } from "../../src/domain/ports/store.ts";
import { quickPollOnce } from "../../src/monitor/quick-poll.ts";
import { type SweepDeps, sweepOnce } from "../../src/monitor/sweep.ts";
import { createWholesale } from "../../src/wholesale/wholesale.ts";
import { SILENT_LOG } from "../support/logs.ts";
import { NO_METER } from "../support/meter.ts";
import { NO_SECRETS } from "../support/secrets.ts";
import { type BenchDatabase, CALLS_PER_MINUTE } from "./bench-databases.ts";
import type { Twins } from "./twins.ts";

/** The bot's monitor without the bot: its own sweep and quick poll, to be called one at a time. */
export interface BenchMonitor {
  readonly store: Store;
  /** Each in milliseconds. */
  sweep(): Promise<number>;
  quickPoll(): Promise<number>;
  close(): Promise<void>;
}

export async function openBenchMonitor({ env }: Twins, home: BenchDatabase): Promise<BenchMonitor> {
  const store = await openStore({ ...home, ownsFile: true });
  const wholesale = createWholesale({
    apiUrl: env.WHOLESALE_API_URL ?? "",
    auth: { kind: "static", accessToken: env.WHOLESALE_ACCESS_TOKEN ?? "" },
    callsPerMinute: CALLS_PER_MINUTE,
    tokens: store.tokens,
    leases: store.leases,
    holder: "bench",
    secrets: NO_SECRETS,
    onCrawl: () => undefined,
    ...SYSTEM_TIME,
    meter: NO_METER,
    log: SILENT_LOG,
  });
  const deps: SweepDeps = {
    ...store,
    crawl: wholesale.crawl,
    holder: "bench",
    random: Math.random,
    users: new Map(),
    ...SYSTEM_TIME,
    meter: NO_METER,
    log: SILENT_LOG,
  };
  const at = { scope: "", signal: new AbortController().signal };
  return {
    store,
    sweep: () =>
      timed(async () => {
        const swept = await sweepOnce(deps, at);
        if (swept?.state !== "complete") throw new Error(`The sweep was not complete: ${swept?.state}`);
      }),
    quickPoll: () => timed(() => quickPollOnce(deps, at)),
    async close() {
      await wholesale.close();
      await store.close();
    },
  };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
