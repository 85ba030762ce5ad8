import { setImmediate } from "node:timers/promises";
import { httpError } from "../http/http-messages.ts";
import { applyCustomerChange } from "../world/customer-changes.ts";
import type { CustomerEntry } from "../world/customer-generator.ts";
import type { Random } from "../world/random.ts";
import type { WireProblem } from "../world/sample-data.ts";
import type { World } from "../world/world.ts";

/** Breaks and heals customers. Each function returns the titles of the changed customers. */

export interface Breakage {
  /** The package to break; a healthy one when absent. */
  readonly package?: string | undefined;
  readonly problem: WireProblem;
}

export function breakPackage({ customers }: World, entry: CustomerEntry, breakage: Breakage): string {
  const name = breakage.package ?? packageToBreak(entry);
  const change = { packages: { [name]: { status: "error", errors: [breakage.problem] } } };
  customers.replace(entry.customer.id, applyCustomerChange(entry, change));
  return customerTitle(entry);
}

/** The first healthy package, or the first of all. Throws an error 400 when there is none. */
export function packageToBreak({ customer }: CustomerEntry): string {
  const { packages } = customer.resourceDetails;
  const healthy = packages.find(({ status }) => status === "provisioned");
  const name = (healthy ?? packages[0])?.name;
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

/** The healthy customer at this position, from 0 up to 1. */
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

/** Breaks up to `n` healthy customers that satisfy `fits`. */
export async function breakMany(
  world: World,
  { n, breakage, fits = () => true }: { n: number; breakage: Breakage; fits?: (entry: CustomerEntry) => boolean },
): Promise<readonly string[]> {
  const found: CustomerEntry[] = [];
  for await (const entry of yieldOften(healthyCustomers(world))) {
    if (fits(entry)) found.push(entry);
    if (found.length >= n) break;
  }
  const broken: string[] = [];
  for await (const { customer } of yieldOften(found)) {
    const entry = world.customers.find(customer.id);
    if (entry) broken.push(breakPackage(world, entry, breakage));
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

/** The longest time between two yields to the event loop. */
const MAX_BLOCK_MS = 20;

/** Iterates without blocking the event loop, so that the sandbox answers meanwhile. */
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
