import type { Problem } from "./catalogue.ts";
import { applyChange } from "./changes.ts";
import type { Entry } from "./customers.ts";
import type { Dice } from "./dice.ts";
import { refuse } from "./exchange.ts";
import { gently } from "./gently.ts";
import type { World } from "./world.ts";

/** Breaking and healing customers, as scenarios do it. Each returns the customers that changed, as people call them. */

export interface Harm {
  /** The package to break; one that is well when absent. */
  readonly package?: string | undefined;
  readonly problem: Problem;
}

export function breakPackage({ customers }: World, entry: Entry, harm: Harm): string {
  const name = harm.package ?? weakest(entry);
  const change = { packages: { [name]: { status: "error", errors: [harm.problem] } } };
  customers.replace(entry.customer.id, applyChange(entry, change));
  return titleOf(entry);
}

/** The package that breaks when nobody says which. */
export function weakest({ customer }: Entry): string {
  const { packages } = customer.resourceDetails;
  const well = packages.find(({ status }) => status === "provisioned");
  const name = (well ?? packages[0])?.name;
  if (name === undefined) throw refuse(400, "The customer has no package to break.");
  return name;
}

/** Everything of the customer that is in error is provisioned again. */
export function heal({ customers }: World, entry: Entry): string {
  const { packages, addOns = [] } = entry.customer.resourceDetails;
  const change = { packages: healed(packages), addOns: healed(addOns), errors: null };
  customers.replace(entry.customer.id, applyChange(entry, change));
  return titleOf(entry);
}

const healed = (items: readonly { readonly name: string; readonly status: string }[]) =>
  Object.fromEntries(
    items
      .filter(({ status }) => status === "error")
      .map(({ name }) => [name, { status: "provisioned", warnings: null }]),
  );

/** One at a time, so that even the unwell of a million need little room; each may be healed when it comes. */
const unwell = ({ customers }: World): Iterable<Entry> =>
  customers.matching({ statuses: ["error", "provisioned_with_errors"] });

const HEALTHY = { statuses: ["provisioned"] };

/** The healthy customer at this share of the world, if there is one. */
export function healthyAt({ customers }: World, share: number): Entry | undefined {
  const [entry] = customers.matching(HEALTHY, Math.floor(share * customers.count(HEALTHY)));
  return entry;
}

/** The healthy from all over the world, others first each time. Who falls ill or well on the way may be left out. */
export function* healthy({ customers, draw }: World): Generator<Entry> {
  for (const rank of shuffled(customers.count(HEALTHY), draw)) {
    const [entry] = customers.matching(HEALTHY, rank);
    if (entry) yield entry;
  }
}

/** Breaks up to `n` healthy customers; `fits` says which will do. */
export async function breakSome(
  world: World,
  { n, harm, fits = () => true }: { n: number; harm: Harm; fits?: (entry: Entry) => boolean },
): Promise<readonly string[]> {
  const found: Entry[] = [];
  for await (const entry of gently(healthy(world))) {
    if (fits(entry)) found.push(entry);
    if (found.length >= n) break;
  }
  const broken: string[] = [];
  for await (const { customer } of gently(found)) {
    const entry = world.customers.find(customer.id);
    if (entry) broken.push(breakPackage(world, entry, harm));
  }
  return broken;
}

export async function healAll(world: World): Promise<readonly string[]> {
  const healed: string[] = [];
  for await (const entry of gently(unwell(world))) healed.push(heal(world, entry));
  return healed;
}

/** The numbers below `count`, each once: a step without a common factor with it comes past all of them. */
function* shuffled(count: number, dice: Dice): Generator<number> {
  const start = Math.floor(dice() * count);
  let step = 1 + Math.floor(dice() * count);
  while (commonFactor(step, count) > 1) step += 1;
  for (let turn = 0; turn < count; turn += 1) yield (start + turn * step) % count;
}

const commonFactor = (a: number, b: number): number => (b === 0 ? a : commonFactor(b, a % b));

export const titleOf = ({ customer }: Entry): string => customer.externalId ?? customer.id;
