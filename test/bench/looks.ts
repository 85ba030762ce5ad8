import type { Home } from "./homes.ts";
import { openEyes } from "./seeing.ts";
import { startTwins, type Twins } from "./twins.ts";

/** What looks took in a world of this size, in calls. */
export interface Looks {
  readonly customers: number;
  /** As the sandbox makes its worlds, with one customer of seven unwell. */
  readonly crowded: { readonly unwell: number; readonly calls: number };
  /** With as many unwell customers as in every other world. */
  readonly usual: number;
  /** When some of those have recovered since. */
  readonly recovered: number;
  /** Of the usual one, in milliseconds. */
  readonly ms: number;
  /** Of a sweep of the same world. */
  readonly sweepCalls: number;
}

export const UNWELL = 40;
export const RECOVERED = 10;

/** Looks at a world of its own, with the bot's own look and an empty database. */
export async function lookAt(customers: number, home: Home): Promise<Looks> {
  const twins = await startTwins(customers);
  const eyes = await openEyes(twins, home);
  const callsOf = async (look: () => Promise<unknown>): Promise<number> => {
    await twins.wholesaleCalls();
    await look();
    return twins.wholesaleCalls();
  };
  try {
    const sweepCalls = await callsOf(eyes.sweep);
    const unwell = (await eyes.store.snapshot.unwell("")).length;
    const crowded = { unwell, calls: await callsOf(eyes.look) };
    await twins.console("POST", "/scenarios/heal-all");
    await eyes.sweep();
    // That scenario leaves add-ons as they are.
    for (const id of await eyes.store.snapshot.unwell("")) await recover(twins, id);
    await eyes.look();
    const { changed } = await twins.console<{ changed: readonly string[] }>("POST", "/scenarios/storm", {
      n: UNWELL,
    });
    await eyes.look();
    const found = (await eyes.store.snapshot.unwell("")).length;
    if (found !== UNWELL) throw new Error(`${found} customers are unwell, not ${UNWELL}.`);
    let ms = 0;
    const usual = await callsOf(async () => {
      ms = await eyes.look();
    });
    for (const id of changed.slice(0, RECOVERED)) await recover(twins, id);
    const recovered = await callsOf(eyes.look);
    return { customers, crowded, usual, recovered, ms, sweepCalls };
  } finally {
    await eyes.close();
    await twins.stop();
  }
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
