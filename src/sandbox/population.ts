import { createCensus } from "./census.ts";
import { placesNamed } from "./customer-ids.ts";
import { type Entry, entryAt, partnerAt, statusAt } from "./customers.ts";

export interface PopulationDeps {
  readonly seed: number;
  readonly size: number;
  /** Called after every change. */
  readonly touched: () => void;
}

/**
 * The customers by their place in the world. Untouched ones are made anew whenever somebody asks, changed ones are kept as
 * text, in a tenth of the room that objects take: a million customers cost two megabytes and what has become of them.
 */
export function createPopulation({ seed, size, touched }: PopulationDeps) {
  const changed = new Map<number, string>();
  /** Names that customers were given later, which do not tell their place. */
  const given = new Map<string, Set<number>>();
  const census = createCensus({
    size,
    statusAt: (place) => statusAt(seed, place),
    partnerAt: (place) => partnerAt(seed, place),
  });

  function at(place: number): Entry | undefined {
    if (census.status(place) === undefined) return undefined;
    const text = changed.get(place);
    return text === undefined ? entryAt(seed, place) : JSON.parse(text);
  }

  function rememberNames(place: number, { customer }: Entry): void {
    for (const name of [customer.id, customer.orgId, customer.externalId]) {
      if (name === undefined || placesNamed(seed, name).includes(place)) continue;
      given.set(name, (given.get(name) ?? new Set()).add(place));
    }
  }

  return {
    at,
    places: census.places,
    size: () => census.total({}),
    total: census.total,
    byStatus: census.byStatus,
    fits: census.fits,
    find: census.find,
    /** Where a customer of this id may be: where the id says, or where one was given it. */
    placesOf: (id: string): Iterable<number> => new Set([...placesNamed(seed, id), ...(given.get(id) ?? [])]),

    keep(place: number, entry: Entry): void {
      census.put(place, entry.customer.status);
      changed.set(place, JSON.stringify(entry));
      rememberNames(place, entry);
      touched();
    },

    remove(place: number): void {
      census.clear(place);
      changed.delete(place);
      touched();
    },
  };
}
