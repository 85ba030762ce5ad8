import { type Entry, entryAt, partnerAt } from "./customers.ts";
import { createSubPartners } from "./partners.ts";
import { createPopulation, type PopulationDeps } from "./population.ts";

export interface Wanted {
  readonly externalId?: string | undefined;
  readonly orgId?: string | undefined;
  readonly subPartnerOrgId?: string | undefined;
  /** Any of these; every status when absent. */
  readonly statuses?: readonly string[] | undefined;
}

/** All customers of the world, to be found, changed, added and removed. */
export function createRegister(deps: PopulationDeps) {
  const { seed } = deps;
  const population = createPopulation(deps);
  const subPartners = createSubPartners(seed);
  const orgOfPartner = (index: number) => subPartners[partnerAt(seed, index) ?? -1]?.orgId;

  function indexOf(id: string): number | undefined {
    for (const index of population.placesOf(id)) if (answersTo(population.at(index), id)) return index;
    return undefined;
  }

  /** Tells from the place alone, where no id has to be compared: then no customer needs to be made. */
  function fits(index: number, wanted: Wanted, statuses: ReadonlySet<string> | undefined): boolean {
    const status = population.status(index);
    if (status === undefined || (statuses && !statuses.has(status))) return false;
    if (wanted.subPartnerOrgId !== undefined && orgOfPartner(index) !== wanted.subPartnerOrgId) return false;
    const byId = wanted.externalId !== undefined || wanted.orgId !== undefined;
    return !byId || isNamed(population.at(index), wanted);
  }

  function places(wanted: Wanted, offset: number): Iterable<number> {
    const everybody = Object.values(wanted).every((value) => value === undefined) && !population.someGone();
    // Going on behind a hundred thousand customers must not mean to count them.
    if (everybody) return numbers(offset, population.places());
    const statuses = wanted.statuses && new Set(wanted.statuses);
    const id = wanted.externalId ?? wanted.orgId;
    const candidates = id === undefined ? numbers(0, population.places()) : population.placesOf(id);
    return from(offset, candidates, (index) => fits(index, wanted, statuses));
  }

  return {
    seed,
    subPartners,
    size: population.size,
    byStatus: population.byStatus,
    find: (id: string): Entry | undefined => population.at(indexOf(id) ?? -1),
    /** Those that fit, from the `offset`th on, in the order of the world. */
    *matching(wanted: Wanted, offset = 0): Generator<Entry> {
      for (const index of places(wanted, offset)) {
        const entry = population.at(index);
        if (entry) yield entry;
      }
    },
    /** A customer that the world would have had next, in its untouched form. */
    next: () => entryAt(seed, population.places()),
    add: (entry: Entry) => population.keep(population.places(), entry),
    /** Puts the changed entry in the place of the one with this id. */
    replace(id: string, entry: Entry): void {
      const index = indexOf(id);
      if (index !== undefined) population.keep(index, entry);
    },
    remove(id: string): void {
      const index = indexOf(id);
      if (index !== undefined) population.remove(index);
    },
  };
}

function* numbers(from: number, to: number): Generator<number> {
  for (let number = from; number < to; number += 1) yield number;
}

/** Those that fit, without the first `offset` of them. */
function* from<T>(offset: number, all: Iterable<T>, fits: (item: T) => boolean): Generator<T> {
  let skip = offset;
  for (const item of all) {
    if (!fits(item)) continue;
    if (skip === 0) yield item;
    else skip -= 1;
  }
}

function answersTo(entry: Entry | undefined, id: string): boolean {
  if (!entry) return false;
  const { customer } = entry;
  return customer.id === id || customer.externalId === id || customer.orgId === id;
}

function isNamed(entry: Entry | undefined, wanted: Wanted): boolean {
  if (!entry) return false;
  const { customer, settled } = entry;
  if (wanted.externalId !== undefined && customer.externalId !== wanted.externalId) return false;
  return wanted.orgId === undefined || (settled && customer.orgId === wanted.orgId);
}
