import type { BenchMonitor } from "./monitor.ts";
import type { Twins } from "./twins.ts";

/** The number of calls of quick polls with so many customers. */
export interface QuickPollCalls {
  readonly customers: number;
  /** As the sandbox makes its worlds, in which one customer of seven is unhealthy, and the largest after its storm. */
  readonly manyUnhealthy: { readonly unhealthy: number; readonly calls: number };
  /** With as many unhealthy customers as in every other world. */
  readonly usual: number;
  /** When some of those have recovered since. */
  readonly recovered: number;
  /** Of the usual one, in milliseconds. */
  readonly ms: number;
  /** Of a sweep of the same world. */
  readonly sweepCalls: number;
}

export const UNHEALTHY_COUNT = 40;
export const RECOVERED_COUNT = 10;

/** Runs the bot's own quick poll again and again, and changes the customers in between. */
export async function measureQuickPolls(twins: Twins, monitor: BenchMonitor): Promise<QuickPollCalls> {
  const { snapshot } = monitor.store;
  const callsOf = async (work: () => Promise<unknown>): Promise<number> => {
    await twins.wholesaleCalls();
    await work();
    return twins.wholesaleCalls();
  };
  const sweepCalls = await callsOf(monitor.sweep);
  const { customers } = await snapshot.age("");
  const unhealthy = (await snapshot.unhealthy("")).length;
  const manyUnhealthy = { unhealthy, calls: await callsOf(monitor.quickPoll) };
  const few = await leaveUnhealthy(twins, monitor);
  let ms = 0;
  const usual = await callsOf(async () => {
    ms = await monitor.quickPoll();
  });
  for (const id of few.slice(0, RECOVERED_COUNT)) await recover(twins, id);
  const recovered = await callsOf(monitor.quickPoll);
  return { customers, manyUnhealthy, usual, recovered, ms, sweepCalls };
}

/** Heals everybody, then breaks just so many, and lets the bot see both. */
async function leaveUnhealthy(twins: Twins, { store: { snapshot }, sweep, quickPoll }: BenchMonitor) {
  await twins.console("POST", "/scenarios/heal-all");
  await sweep();
  // That scenario leaves add-ons as they are.
  for (const id of await snapshot.unhealthy("")) await recover(twins, id);
  // An alert is closed by the second reading without its error (ALERTS 11).
  await sweep();
  await sweep();
  const storm = { n: UNHEALTHY_COUNT };
  const { changed } = await twins.console<{ changed: readonly string[] }>("POST", "/scenarios/storm", storm);
  await quickPoll();
  const found = (await snapshot.unhealthy("")).length;
  if (found !== UNHEALTHY_COUNT) throw new Error(`${found} customers are unhealthy, not ${UNHEALTHY_COUNT}.`);
  return changed;
}

async function recover(twins: Twins, id: string): Promise<void> {
  const path = `/customers/${encodeURIComponent(id)}`;
  const { packages, resourceDetails } = await twins.console<Items>("GET", path);
  const well = (names: readonly string[]) =>
    Object.fromEntries(names.map((name) => [name, { status: "provisioned", warnings: null }]));
  const addOns = well((resourceDetails.addOns ?? []).map(({ name }) => name));
  await twins.console("PATCH", path, { packages: well(packages), addOns, errors: null });
}

interface Items {
  readonly packages: readonly string[];
  readonly resourceDetails: { readonly addOns?: readonly { readonly name: string }[] };
}
