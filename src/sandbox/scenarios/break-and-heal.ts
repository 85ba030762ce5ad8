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

const HEALTHY = { statuses: ["provisioned"] };

/** The healthy customer at this share of the world, if there is one. */
export function healthyCustomerAt({ customers }: World, share: number): CustomerEntry | undefined {
  const places = [...customers.matchingPlaces(HEALTHY)];
  return customers.at(places[Math.floor(share * places.length)] ?? -1);
}

/** The healthy customers, in another random order each time. */
export function* healthyCustomers({ customers, random }: World): Generator<CustomerEntry> {
  for (const place of shuffled([...customers.matchingPlaces(HEALTHY)], random)) {
    const entry = customers.at(place);
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
  const unhealthy = world.customers.matching({ statuses: ["error", "provisioned_with_errors"] });
  for await (const entry of yieldOften(unhealthy)) healed.push(heal(world, entry));
  return healed;
}

/** Fisher and Yates's shuffle, one item at a time. */
function* shuffled<T>(items: readonly T[], random: Random): Generator<T> {
  const left = [...items];
  for (let count = left.length; count > 0; count -= 1) {
    const at = Math.floor(random() * count);
    const item = left[at] as T;
    left[at] = left[count - 1] as T;
    yield item;
  }
}

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
