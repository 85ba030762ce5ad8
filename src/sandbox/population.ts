import { placesNamed } from "./customer-ids.ts";
import { type Entry, entryAt, statusAt } from "./customers.ts";

export interface PopulationDeps {
  readonly seed: number;
  readonly size: number;
  /** Called after every change. */
  readonly touched: () => void;
}

/**
 * The customers by their place in the world. Untouched ones are made anew whenever somebody asks, only changes are kept:
 * a million customers cost no more than their statuses.
 */
export function createPopulation({ seed, size, touched }: PopulationDeps) {
  const changed = new Map<number, Entry>();
  const gone = new Set<number>();
  const statuses = Array.from({ length: size }, (_, index) => statusAt(seed, index));
  const counts = new Map<string, number>();
  for (const status of statuses) count(status, 1);

  function count(status: string, by: number): void {
    counts.set(status, (counts.get(status) ?? 0) + by);
  }

  function at(index: number): Entry | undefined {
    if (index < 0 || index >= statuses.length || gone.has(index)) return undefined;
    return changed.get(index) ?? entryAt(seed, index);
  }

  return {
    at,
    /** Including the places of those who are gone. */
    places: () => statuses.length,
    someGone: () => gone.size > 0,
    size: () => statuses.length - gone.size,
    /** Undefined where nobody is. */
    status: (index: number): string | undefined => (gone.has(index) ? undefined : statuses[index]),
    byStatus: () => Object.fromEntries([...counts].filter(([, customers]) => customers > 0)),
    /** Where a customer of this id may be: where the id says, or, if it was given a new one, among the changed. */
    *placesOf(id: string): Generator<number> {
      const named = new Set(placesNamed(seed, id));
      yield* named;
      for (const index of changed.keys()) if (!named.has(index)) yield index;
    },

    keep(index: number, entry: Entry): void {
      const before = statuses[index];
      if (before !== undefined) count(before, -1);
      count(entry.customer.status, 1);
      statuses[index] = entry.customer.status;
      changed.set(index, entry);
      touched();
    },

    remove(index: number): void {
      count(statuses[index] ?? "", -1);
      changed.delete(index);
      gone.add(index);
      touched();
    },
  };
}
