import {
  type CustomerEntry,
  createSubPartners,
  generateCustomer,
  generatedStatus,
  generatedSubPartner,
} from "./customer-generator.ts";
import { candidateIndexes } from "./customer-ids.ts";
import { createStatusIndex, type StatusQuery } from "./status-index.ts";

export interface CustomerStoreDeps {
  readonly seed: number;
  readonly size: number;
  /** Called after every change. */
  readonly onChange: () => void;
}

/**
 * The customers by their place in the world. Untouched ones are made anew whenever somebody asks, changed ones are kept as
 * text, in a tenth of the room that objects take: a million customers cost two megabytes and what has become of them.
 */
export function createCustomerStore({ seed, size, onChange }: CustomerStoreDeps) {
  const changed = new Map<number, string>();
  /** Names that customers were given later, which do not tell their place. */
  const given = new Map<string, Set<number>>();
  const census = createStatusIndex({
    size,
    statusOf: (place) => generatedStatus(seed, place),
    partnerOf: (place) => generatedSubPartner(seed, place),
  });

  function at(place: number): CustomerEntry | undefined {
    if (census.status(place) === undefined) return undefined;
    const text = changed.get(place);
    return text === undefined ? generateCustomer(seed, place) : JSON.parse(text);
  }

  function rememberNames(place: number, { customer }: CustomerEntry): void {
    for (const name of [customer.id, customer.orgId, customer.externalId]) {
      if (name === undefined || candidateIndexes(seed, name).includes(place)) continue;
      given.set(name, (given.get(name) ?? new Set()).add(place));
    }
  }

  return {
    at,
    length: census.length,
    size: () => census.total({}),
    total: census.total,
    byStatus: census.byStatus,
    matches: census.matches,
    find: census.find,
    /** Where a customer of this id may be: where the id says, or where one was given it. */
    candidatesFor: (id: string): Iterable<number> => new Set([...candidateIndexes(seed, id), ...(given.get(id) ?? [])]),

    set(place: number, entry: CustomerEntry): void {
      census.put(place, entry.customer.status);
      changed.set(place, JSON.stringify(entry));
      rememberNames(place, entry);
      onChange();
    },

    remove(place: number): void {
      census.clear(place);
      changed.delete(place);
      onChange();
    },
  };
}

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
