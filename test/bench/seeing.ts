import { openStore } from "../../src/app/open-store.ts";
import type { Store } from "../../src/domain/ports.ts";
import { lookOnce } from "../../src/monitor/look.ts";
import { type SweepDeps, sweepOnce } from "../../src/monitor/sweep.ts";
import { REAL_TIME } from "../../src/time.ts";
import { createWholesale } from "../../src/wholesale/wholesale.ts";
import type { Home } from "./homes.ts";
import type { Twins } from "./twins.ts";

/** The bot's eyes without the bot: its own sweep and look, to be called one at a time. */
export interface Eyes {
  readonly store: Store;
  /** Each in milliseconds. */
  sweep(): Promise<number>;
  look(): Promise<number>;
  close(): Promise<void>;
}

/** More than any run needs, so that waiting for the budget hides nothing. */
export const CALLS_PER_MINUTE = 10_000_000;

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

export async function openEyes({ env }: Twins, home: Home): Promise<Eyes> {
  const store = await openStore(home);
  const wholesale = createWholesale({
    apiUrl: env.WHOLESALE_API_URL ?? "",
    auth: { kind: "static", accessToken: env.WHOLESALE_ACCESS_TOKEN ?? "" },
    callsPerMinute: CALLS_PER_MINUTE,
    tokens: store.tokens,
    ...REAL_TIME,
    log: silent,
  });
  const deps: SweepDeps = { ...store, walk: wholesale.walk, holder: "bench", ...REAL_TIME, log: silent };
  const at = { scope: "", signal: new AbortController().signal };
  return {
    store,
    sweep: () =>
      timed(async () => {
        const swept = await sweepOnce(deps, at);
        if (swept?.state !== "complete") throw new Error(`The sweep was not complete: ${swept?.state}`);
      }),
    look: () => timed(() => lookOnce(deps, at)),
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
