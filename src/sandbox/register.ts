import { placesNamed } from "./customer-ids.ts";
import { type Entry, entryAt, statusAt } from "./customers.ts";
import { createSubPartners, type SubPartner } from "./partners.ts";

export interface Wanted {
  readonly externalId?: string | undefined;
  readonly orgId?: string | undefined;
  readonly subPartnerOrgId?: string | undefined;
  /** Any of these; every status when absent. */
  readonly statuses?: readonly string[] | undefined;
}

interface RegisterDeps {
  readonly seed: number;
  readonly size: number;
  /** Called after every change. */
  readonly touched: () => void;
}

export type Register = ReturnType<typeof createRegister>;

/**
 * All customers of the world. Untouched ones are made anew whenever somebody asks, only changes are kept:
 * so a million customers cost as much as their statuses, and a change as much as itself.
 */
export function createRegister({ seed, size, touched }: RegisterDeps) {
  const changed = new Map<number, Entry>();
  const gone = new Set<number>();
  const subPartners = createSubPartners(seed);
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

  function indexOf(id: string): number | undefined {
    const named = (index: number) => answersTo(at(index), id);
    return placesNamed(seed, id).find(named) ?? [...changed.keys()].find(named);
  }

  function* matching(wanted: Wanted): Generator<Entry> {
    const asked = wanted.statuses && new Set(wanted.statuses);
    for (const index of candidates(wanted)) {
      if (asked && !asked.has(statuses[index] ?? "")) continue;
      const entry = at(index);
      if (entry && fits(entry, wanted, subPartners)) yield entry;
    }
  }

  /** One place when an id is asked for, every place otherwise. */
  function candidates({ externalId, orgId }: Wanted): Iterable<number> {
    const id = externalId ?? orgId;
    if (id === undefined) return statuses.keys();
    const index = indexOf(id);
    return index === undefined ? [] : [index];
  }

  function keep(index: number, entry: Entry): void {
    const before = statuses[index];
    if (before !== undefined) count(before, -1);
    count(entry.customer.status, 1);
    statuses[index] = entry.customer.status;
    changed.set(index, entry);
    touched();
  }

  return {
    seed,
    subPartners,
    size: () => statuses.length - gone.size,
    byStatus: () => Object.fromEntries([...counts].filter(([, customers]) => customers > 0)),
    find: (id: string): Entry | undefined => at(indexOf(id) ?? -1),
    matching,
    /** A customer that the world would have had next, in its untouched form. */
    next: () => entryAt(seed, statuses.length),
    add: (entry: Entry) => keep(statuses.length, entry),
    /** Puts the changed entry in the place of the one with this id. */
    replace(id: string, entry: Entry): void {
      const index = indexOf(id);
      if (index !== undefined) keep(index, entry);
    },
    remove(id: string): boolean {
      const index = indexOf(id);
      if (index === undefined) return false;
      count(statuses[index] ?? "", -1);
      changed.delete(index);
      gone.add(index);
      touched();
      return true;
    },
  };
}

function answersTo(entry: Entry | undefined, id: string): boolean {
  if (!entry) return false;
  const { customer } = entry;
  return customer.id === id || customer.externalId === id || customer.orgId === id;
}

function fits({ customer, subPartner }: Entry, wanted: Wanted, subPartners: readonly SubPartner[]): boolean {
  if (wanted.externalId !== undefined && customer.externalId !== wanted.externalId) return false;
  if (wanted.orgId !== undefined && customer.orgId !== wanted.orgId) return false;
  return (
    wanted.subPartnerOrgId === undefined || subPartners[subPartner ?? -1]?.orgId === wanted.subPartnerOrgId
  );
}
