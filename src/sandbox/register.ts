import type { StatusQuery } from "./census.ts";
import { type CustomerEntry, generateCustomer } from "./customers.ts";
import { createSubPartners } from "./partners.ts";
import { type CustomerStoreDeps, createCustomerStore } from "./population.ts";

export interface CustomerQuery {
  readonly externalId?: string | undefined;
  readonly orgId?: string | undefined;
  readonly subPartnerOrgId?: string | undefined;
  /** Any of these; every status when absent. */
  readonly statuses?: readonly string[] | undefined;
  /** How much of the world is looked through, from its beginning; all of it when absent. Not for ids. */
  readonly share?: number;
}

/** All customers of the world, to be found, changed, added and removed. */
export function createCustomerRepository(deps: CustomerStoreDeps) {
  const { seed } = deps;
  const population = createCustomerStore(deps);
  const subPartners = createSubPartners(seed);

  /** Undefined when there is no such sub-partner, and so nobody to be found. */
  function sought({ statuses, subPartnerOrgId }: CustomerQuery): StatusQuery | undefined {
    if (subPartnerOrgId === undefined) return { statuses };
    const partner = subPartners.findIndex(({ orgId }) => orgId === subPartnerOrgId);
    return partner === -1 ? undefined : { statuses, partner };
  }

  function places(wanted: CustomerQuery, offset: number): Iterable<number> {
    const whom = sought(wanted);
    if (!whom) return [];
    const id = wanted.externalId ?? wanted.orgId;
    if (id === undefined) return population.find(whom, offset, wanted.share);
    const named = [...population.candidatesFor(id)].sort((a, b) => a - b);
    return named
      .filter((place) => population.matches(place, whom) && matchesIds(population.at(place), wanted))
      .slice(offset);
  }

  function placeOf(id: string): number | undefined {
    for (const place of population.candidatesFor(id)) if (hasId(population.at(place), id)) return place;
    return undefined;
  }

  return {
    seed,
    subPartners,
    size: population.size,
    byStatus: population.byStatus,
    find: (id: string): CustomerEntry | undefined => population.at(placeOf(id) ?? -1),
    /** How many fit; not for ids. */
    count: (wanted: Pick<CustomerQuery, "statuses" | "subPartnerOrgId">): number => {
      const whom = sought(wanted);
      return whom ? population.total(whom) : 0;
    },
    /** Those that fit, from the `offset`th on, in the order of the world. The one in hand may be changed on the way. */
    *matching(wanted: CustomerQuery, offset = 0): Generator<CustomerEntry> {
      for (const place of places(wanted, offset)) {
        const entry = population.at(place);
        if (entry) yield entry;
      }
    },
    /** A customer that the world would have had next, in its untouched form. */
    next: () => generateCustomer(seed, population.length()),
    add: (entry: CustomerEntry) => population.set(population.length(), entry),
    /** Puts the changed entry in the place of the one with this id. */
    replace(id: string, entry: CustomerEntry): void {
      const place = placeOf(id);
      if (place !== undefined) population.set(place, entry);
    },
    remove(id: string): void {
      const place = placeOf(id);
      if (place !== undefined) population.remove(place);
    },
  };
}

function hasId(entry: CustomerEntry | undefined, id: string): boolean {
  if (!entry) return false;
  const { customer } = entry;
  return customer.id === id || customer.externalId === id || customer.orgId === id;
}

function matchesIds(entry: CustomerEntry | undefined, wanted: CustomerQuery): boolean {
  if (!entry) return false;
  const { customer, hasOrganization } = entry;
  if (wanted.externalId !== undefined && customer.externalId !== wanted.externalId) return false;
  return wanted.orgId === undefined || (hasOrganization && customer.orgId === wanted.orgId);
}
