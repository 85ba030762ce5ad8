import type { Problem } from "./catalogue.ts";
import { applyChange } from "./changes.ts";
import type { Entry } from "./customers.ts";
import { refuse } from "./exchange.ts";
import type { World } from "./world.ts";

/** Breaking and healing customers, as scenarios do it. Each returns the customers that changed, as people call them. */

export interface Harm {
  /** The package to break; one that is well when absent. */
  readonly package?: string | undefined;
  readonly problem: Problem;
}

export function breakPackage({ customers }: World, entry: Entry, harm: Harm): string {
  const { packages } = entry.customer.resourceDetails;
  const well = packages.find(({ status }) => status === "provisioned");
  const name = harm.package ?? (well ?? packages[0])?.name;
  if (name === undefined) throw refuse(400, "The customer has no package to break.");
  const change = { packages: { [name]: { status: "error", errors: [harm.problem] } } };
  customers.replace(entry.customer.id, applyChange(entry, change));
  return titleOf(entry);
}

/** Everything of the customer that is in error is provisioned again. */
export function heal({ customers }: World, entry: Entry): string {
  const broken = entry.customer.resourceDetails.packages.filter(({ status }) => status === "error");
  const packages = Object.fromEntries(
    broken.map(({ name }) => [name, { status: "provisioned", warnings: null }]),
  );
  customers.replace(entry.customer.id, applyChange(entry, { packages, errors: null }));
  return titleOf(entry);
}

export const unwell = ({ customers }: World): readonly Entry[] => [
  ...customers.matching({ statuses: ["error", "provisioned_with_errors"] }),
];

/** Up to `n` healthy customers from all over the world, others each time; `fits` says which will do. */
export function someHealthy(
  world: World,
  n: number,
  fits: (entry: Entry) => boolean = () => true,
): readonly Entry[] {
  const found: Entry[] = [];
  for (const entry of world.customers.matching({ statuses: ["provisioned"] })) {
    if (fits(entry)) found.push(entry);
    // Among a million customers, those from the start will do.
    if (found.length >= 10 * n + 400) break;
  }
  const order = new Map(found.map((entry) => [entry, world.draw()]));
  return found.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0)).slice(0, n);
}

export const titleOf = ({ customer }: Entry): string => customer.externalId ?? customer.id;
