import { createStatusIndex } from "./census.ts";
import { candidateIndexes } from "./customer-ids.ts";
import { type CustomerEntry, generateCustomer, generatedStatus, generatedSubPartner } from "./customers.ts";

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
    candidatesFor: (id: string): Iterable<number> =>
      new Set([...candidateIndexes(seed, id), ...(given.get(id) ?? [])]),

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
