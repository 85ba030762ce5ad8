import { setImmediate } from "node:timers/promises";
import { httpError } from "../http/http-messages.ts";
import { applyCustomerChange } from "../world/customer-changes.ts";
import type { CustomerEntry } from "../world/customer-generator.ts";
import type { Random } from "../world/random.ts";
import type { WireProblem } from "../world/sample-data.ts";
import type { World } from "../world/world.ts";

/** Breaking and healing customers, as scenarios do it. Each returns the customers that changed, as people call them. */

export interface Breakage {
  /** The package to break; one that is well when absent. */
  readonly package?: string | undefined;
  readonly problem: WireProblem;
}

export function breakPackage({ customers }: World, entry: CustomerEntry, harm: Breakage): string {
  const name = harm.package ?? packageToBreak(entry);
  const change = { packages: { [name]: { status: "error", errors: [harm.problem] } } };
  customers.replace(entry.customer.id, applyCustomerChange(entry, change));
  return customerTitle(entry);
}

/** The package that breaks when nobody says which. */
export function packageToBreak({ customer }: CustomerEntry): string {
  const { packages } = customer.resourceDetails;
  const well = packages.find(({ status }) => status === "provisioned");
  const name = (well ?? packages[0])?.name;
  if (name === undefined) throw httpError(400, "The customer has no package to break.");
  return name;
}

/** Everything of the customer that is in error is provisioned again. */
export function heal({ customers }: World, entry: CustomerEntry): string {
  const { packages, addOns = [] } = entry.customer.resourceDetails;
  const change = { packages: healedItems(packages), addOns: healedItems(addOns), errors: null };
  customers.replace(entry.customer.id, applyCustomerChange(entry, change));
  return customerTitle(entry);
}

const healedItems = (items: readonly { readonly name: string; readonly status: string }[]) =>
  Object.fromEntries(
    items
      .filter(({ status }) => status === "error")
      .map(({ name }) => [name, { status: "provisioned", warnings: null }]),
  );

/** One at a time, so that even the unwell of a million need little room; each may be healed when it comes. */
const unhealthyCustomers = ({ customers }: World): Iterable<CustomerEntry> =>
  customers.matching({ statuses: ["error", "provisioned_with_errors"] });

const HEALTHY = { statuses: ["provisioned"] };

/** The healthy customer at this share of the world, if there is one. */
export function healthyCustomerAt({ customers }: World, share: number): CustomerEntry | undefined {
  const [entry] = customers.matching(HEALTHY, Math.floor(share * customers.count(HEALTHY)));
  return entry;
}

/** The healthy from all over the world, others first each time. Who falls ill or well on the way may be left out. */
export function* healthyCustomers({ customers, random }: World): Generator<CustomerEntry> {
  for (const rank of shuffled(customers.count(HEALTHY), random)) {
    const [entry] = customers.matching(HEALTHY, rank);
    if (entry) yield entry;
  }
}

/** Breaks up to `n` healthy customers; `fits` says which will do. */
export async function breakMany(
  world: World,
  { n, harm, fits = () => true }: { n: number; harm: Breakage; fits?: (entry: CustomerEntry) => boolean },
): Promise<readonly string[]> {
  const found: CustomerEntry[] = [];
  for await (const entry of yieldOften(healthyCustomers(world))) {
    if (fits(entry)) found.push(entry);
    if (found.length >= n) break;
  }
  const broken: string[] = [];
  for await (const { customer } of yieldOften(found)) {
    const entry = world.customers.find(customer.id);
    if (entry) broken.push(breakPackage(world, entry, harm));
  }
  return broken;
}

export async function healAll(world: World): Promise<readonly string[]> {
  const healed: string[] = [];
  for await (const entry of yieldOften(unhealthyCustomers(world))) healed.push(heal(world, entry));
  return healed;
}

/** The numbers below `count`, each once: a step without a common factor with it comes past all of them. */
function* shuffled(count: number, dice: Random): Generator<number> {
  const start = Math.floor(dice() * count);
  let step = 1 + Math.floor(dice() * count);
  while (commonFactor(step, count) > 1) step += 1;
  for (let turn = 0; turn < count; turn += 1) yield (start + turn * step) % count;
}

const commonFactor = (a: number, b: number): number => (b === 0 ? a : commonFactor(b, a % b));

export const customerTitle = ({ customer }: CustomerEntry): string => customer.externalId ?? customer.id;

/** Nobody is kept waiting for longer than this. */
const MAX_BLOCK_MS = 20;

/** Goes through many things without holding up those who ask the sandbox something meanwhile. */
export async function* yieldOften<T>(things: Iterable<T>): AsyncGenerator<T> {
  let since = performance.now();
  for (const thing of things) {
    if (performance.now() - since > MAX_BLOCK_MS) {
      await setImmediate();
      since = performance.now();
    }
    yield thing;
  }
}
