import {
  type CustomerEntry,
  createSubPartners,
  generateCustomer,
  generatedStatus,
  generatedSubPartner,
} from "./customer-generator.ts";
import { candidateIndexes } from "./customer-ids.ts";

interface CustomerRepositoryDeps {
  readonly seed: number;
  readonly size: number;
  /** Called after every change. */
  readonly onChange: () => void;
}

export interface CustomerQuery {
  readonly externalId?: string | undefined;
  readonly orgId?: string | undefined;
  readonly subPartnerOrgId?: string | undefined;
  /** Any of these; every status when absent. */
  readonly statuses?: readonly string[] | undefined;
  /** Only this share of the places, from the first on; all of them when absent. Not for ids. */
  readonly share?: number;
}

/**
 * All customers of the world, each at its place. A customer is generated from its place whenever it is read, until it is
 * changed; of the others only the status is kept, so that 100,000 of them are there at once.
 */
export function createCustomerRepository({ seed, size, onChange }: CustomerRepositoryDeps) {
  const subPartners = createSubPartners(seed);
  const statuses: (string | undefined)[] = Array.from({ length: size }, (_, place) => generatedStatus(seed, place));
  const changed = new Map<number, CustomerEntry>();
  /** Ids that do not tell the place of their customer, because they were changed. */
  const changedIds = new Map<string, Set<number>>();

  const at = (place: number): CustomerEntry | undefined =>
    statuses[place] === undefined ? undefined : (changed.get(place) ?? generateCustomer(seed, place));

  const candidatePlaces = (id: string): readonly number[] =>
    [...new Set([...candidateIndexes(seed, id), ...(changedIds.get(id) ?? [])])].sort((a, b) => a - b);

  function isOfPartner(orgId: string | undefined): (place: number) => boolean {
    if (orgId === undefined) return () => true;
    const partner = subPartners.findIndex((known) => known.orgId === orgId);
    return (place) => partner !== -1 && generatedSubPartner(seed, place) === partner;
  }

  function* matchingPlaces(query: CustomerQuery): Generator<number> {
    const { statuses: wanted, share = 1 } = query;
    const id = query.externalId ?? query.orgId;
    const places = id === undefined ? range(Math.ceil(statuses.length * share)) : candidatePlaces(id);
    const matchesPartner = isOfPartner(query.subPartnerOrgId);
    const matchesId = id === undefined ? () => true : (place: number) => matchesIds(at(place), query);
    for (const place of places) {
      if (matchesStatus(statuses[place], wanted) && matchesPartner(place) && matchesId(place)) yield place;
    }
  }

  function set(place: number, entry: CustomerEntry): void {
    statuses[place] = entry.customer.status;
    changed.set(place, entry);
    const { id, orgId, externalId } = entry.customer;
    for (const name of [id, orgId, externalId]) {
      if (name === undefined || candidateIndexes(seed, name).includes(place)) continue;
      changedIds.set(name, (changedIds.get(name) ?? new Set()).add(place));
    }
    onChange();
  }

  const placeOf = (id: string): number => candidatePlaces(id).find((place) => hasId(at(place), id)) ?? -1;

  return {
    subPartners,
    at,
    size: (): number => statuses.reduce((count, status) => count + (status === undefined ? 0 : 1), 0),
    byStatus(): Readonly<Record<string, number>> {
      const counts: Record<string, number> = {};
      for (const status of statuses) if (status !== undefined) counts[status] = (counts[status] ?? 0) + 1;
      return counts;
    },
    find: (id: string): CustomerEntry | undefined => at(placeOf(id)),
    matchingPlaces,
    /** The matching customers by place, from the `offset`th on. The current one may be changed during the iteration. */
    *matching(query: CustomerQuery, offset = 0): Generator<CustomerEntry> {
      let skip = offset;
      for (const place of matchingPlaces(query)) {
        skip -= 1;
        const entry = skip < 0 ? at(place) : undefined;
        if (entry) yield entry;
      }
    },
    /** The customer that would be generated at the next place. */
    next: () => generateCustomer(seed, statuses.length),
    add: (entry: CustomerEntry) => set(statuses.length, entry),
    /** Replaces the customer with this id. */
    replace(id: string, entry: CustomerEntry): void {
      const place = placeOf(id);
      if (place !== -1) set(place, entry);
    },
    remove(id: string): void {
      const place = placeOf(id);
      if (place === -1) return;
      statuses[place] = undefined;
      changed.delete(place);
      onChange();
    },
  };
}

function* range(end: number): Generator<number> {
  for (let number = 0; number < end; number += 1) yield number;
}

const matchesStatus = (status: string | undefined, wanted: readonly string[] | undefined): boolean =>
  status !== undefined && (wanted === undefined || wanted.includes(status));

function hasId(entry: CustomerEntry | undefined, id: string): boolean {
  if (!entry) return false;
  const { customer } = entry;
  return customer.id === id || customer.externalId === id || customer.orgId === id;
}

function matchesIds(entry: CustomerEntry | undefined, query: CustomerQuery): boolean {
  if (!entry) return false;
  const { customer, hasOrganization } = entry;
  if (query.externalId !== undefined && customer.externalId !== query.externalId) return false;
  return query.orgId === undefined || (hasOrganization && customer.orgId === query.orgId);
}
