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

interface StoredCustomers {
  readonly seed: number;
  readonly subPartners: ReturnType<typeof createSubPartners>;
  /** The status of the customer at each place; undefined once it is removed. */
  readonly statuses: (string | undefined)[];
  readonly changed: Map<number, CustomerEntry>;
  /** The places of ids that were changed: they cannot be derived from the id. */
  readonly changedIds: Map<string, Set<number>>;
}

/**
 * All customers of the world, each at its place. A customer is generated from its place whenever it is read, until it is
 * changed; of the others only the status is kept, so that 100,000 of them are there at once.
 */
export function createCustomerRepository({ seed, size, onChange }: CustomerRepositoryDeps) {
  const stored: StoredCustomers = {
    seed,
    subPartners: createSubPartners(seed),
    statuses: Array.from({ length: size }, (_, place) => generatedStatus(seed, place)),
    changed: new Map(),
    changedIds: new Map(),
  };
  const { statuses } = stored;

  return {
    subPartners: stored.subPartners,
    at: (place: number) => entryAt(stored, place),
    size: (): number => statuses.reduce((count, status) => count + (status === undefined ? 0 : 1), 0),
    byStatus: () => countByStatus(statuses),
    find: (id: string) => entryAt(stored, placeOf(stored, id)),
    /** True if the customer belongs to this sub-partner; of any sub-partner when absent. */
    isOf: (id: string, subPartnerOrgId: string | undefined): boolean =>
      partnerFilter(stored, subPartnerOrgId)(placeOf(stored, id)),
    matchingPlaces: (query: CustomerQuery) => matchingPlaces(stored, query),
    /** The matching customers by place, from the `offset`th on. The current one may be changed during the iteration. */
    matching: (query: CustomerQuery, offset = 0) => matchingEntries(stored, query, offset),
    /** The customer that would be generated at the next place. */
    next: () => generateCustomer(seed, statuses.length),
    add(entry: CustomerEntry): void {
      saveEntry(stored, statuses.length, entry);
      onChange();
    },
    replace(id: string, entry: CustomerEntry): void {
      const place = placeOf(stored, id);
      if (place === -1) return;
      saveEntry(stored, place, entry);
      onChange();
    },
    remove(id: string): void {
      const place = placeOf(stored, id);
      if (place === -1) return;
      statuses[place] = undefined;
      stored.changed.delete(place);
      onChange();
    },
  };
}

function entryAt({ seed, statuses, changed }: StoredCustomers, place: number): CustomerEntry | undefined {
  return statuses[place] === undefined ? undefined : (changed.get(place) ?? generateCustomer(seed, place));
}

function countByStatus(statuses: StoredCustomers["statuses"]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const status of statuses) if (status !== undefined) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** -1 when no customer has this id. */
function placeOf(stored: StoredCustomers, id: string): number {
  return candidatePlaces(stored, id).find((place) => hasId(entryAt(stored, place), id)) ?? -1;
}

function candidatePlaces({ seed, changedIds }: StoredCustomers, id: string): readonly number[] {
  return [...new Set([...candidateIndexes(seed, id), ...(changedIds.get(id) ?? [])])].sort((a, b) => a - b);
}

function* matchingEntries(stored: StoredCustomers, query: CustomerQuery, offset: number): Generator<CustomerEntry> {
  let skip = offset;
  for (const place of matchingPlaces(stored, query)) {
    skip -= 1;
    const entry = skip < 0 ? entryAt(stored, place) : undefined;
    if (entry) yield entry;
  }
}

function* matchingPlaces(stored: StoredCustomers, query: CustomerQuery): Generator<number> {
  const { statuses } = stored;
  const { statuses: wanted, share = 1 } = query;
  const id = query.externalId ?? query.orgId;
  const places = id === undefined ? range(Math.ceil(statuses.length * share)) : candidatePlaces(stored, id);
  const matchesPartner = partnerFilter(stored, query.subPartnerOrgId);
  const matchesId = id === undefined ? () => true : (place: number) => matchesIds(entryAt(stored, place), query);
  for (const place of places) {
    if (matchesStatus(statuses[place], wanted) && matchesPartner(place) && matchesId(place)) yield place;
  }
}

function partnerFilter({ seed, subPartners }: StoredCustomers, orgId: string | undefined): (place: number) => boolean {
  if (orgId === undefined) return () => true;
  const partner = subPartners.findIndex((known) => known.orgId === orgId);
  return (place) => partner !== -1 && generatedSubPartner(seed, place) === partner;
}

function saveEntry({ seed, statuses, changed, changedIds }: StoredCustomers, place: number, entry: CustomerEntry) {
  statuses[place] = entry.customer.status;
  changed.set(place, entry);
  const { id, orgId, externalId } = entry.customer;
  for (const name of [id, orgId, externalId]) {
    if (name === undefined || candidateIndexes(seed, name).includes(place)) continue;
    changedIds.set(name, (changedIds.get(name) ?? new Set()).add(place));
  }
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
