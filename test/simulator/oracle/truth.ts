import type { CustomerEntry } from "../../../src/sandbox/world/customer-generator.ts";
import type { WirePackage } from "../../../src/sandbox/world/wire-customer.ts";
import type { World } from "../../../src/sandbox/world/world.ts";
import { fold } from "./fold.ts";

/** The class of a status; `gone` where the customer or the item is not there. */
export type StatusClass = "bad" | "moving" | "good" | "gone";

/** The time during which nothing changed for one item of one customer. */
export interface Stay {
  readonly from: number;
  /** Infinity while it lasts. */
  readonly to: number;
  readonly class: StatusClass;
  /** In the API's spelling; `gone` without the item. */
  readonly status: string;
  readonly codes: readonly string[];
  /** The customer's own status is one that a quick poll lists. */
  readonly isListed: boolean;
}

/** One item of one customer: a package, `addon:` and the name of an add-on, or `*` for the customer itself. */
export interface TrueItem {
  /** Unique among all items of all customers. */
  readonly key: string;
  readonly customer: TrueCustomer;
  readonly item: string;
  readonly stays: readonly Stay[];
}

export interface TrueCustomer {
  readonly id: string;
  /** Every name that people may read for it: its names so far, its external id, its id. */
  readonly names: ReadonlySet<string>;
  /** The API's customer as it is now, or was last. */
  last: CustomerEntry["customer"];
}

export interface Truth {
  items(): readonly TrueItem[];
  itemsOf(customerId: string): readonly TrueItem[];
  customers(): readonly TrueCustomer[];
  /** The customers that ever had this name, folded. */
  customersCalled(name: string): readonly TrueCustomer[];
  /** The number of customers at a time; before the history begins, as at its beginning. */
  countAt(at: number): number;
  /** How many customers were there at one time, and not at a later one. */
  goneSince(from: number, at: number): number;
  /** How many customers were there all the time between the two, and how many at some time. */
  countsWithin(from: number, to: number): { readonly least: number; readonly most: number };
}

interface Recorded {
  readonly customer: TrueCustomer;
  readonly names: Set<string>;
  readonly items: Map<string, TrueItem & { readonly stays: Stay[] }>;
}

interface TruthObserver {
  readonly onChanged: () => void;
  readonly onRemoved: () => void;
}

const NOBODY: TruthObserver = { onChanged: () => undefined, onRemoved: () => undefined };

/** Records the true history of every customer of the world, from now on. The observer is called for each customer that changed. */
export function createTruth(world: Pick<World, "customers" | "clock">, observer: TruthObserver = NOBODY): Truth {
  const since = world.clock();
  const recorded = new Map<string, Recorded>();
  const byName = new Map<string, Set<TrueCustomer>>();
  const record = (entry: CustomerEntry): void => {
    const { customer, names } = addStates(recorded, entry, world.clock());
    for (const name of [...names].map(fold)) byName.set(name, (byName.get(name) ?? new Set()).add(customer));
  };
  for (const entry of world.customers.matching({})) record(entry);
  listen(world.customers, {
    changed: (id) => {
      const entry = world.customers.find(id);
      if (entry) record(entry);
      observer.onChanged();
    },
    removed: (id) => {
      for (const { stays } of recorded.get(id)?.items.values() ?? []) append(stays, GONE, world.clock());
      observer.onRemoved();
    },
  });
  return {
    items: () => [...recorded.values()].flatMap(({ items }) => [...items.values()]),
    itemsOf: (id) => [...(recorded.get(id)?.items.values() ?? [])],
    customers: () => [...recorded.values()].map(({ customer }) => customer),
    customersCalled: (name) => [...(byName.get(name) ?? [])],
    countAt: (time) => {
      const at = Math.max(time, since);
      return customerStays(recorded).filter((stays) => isThere(stayAt(stays, at))).length;
    },
    goneSince: (from, at) => {
      const isGone = (stays: readonly Stay[]) =>
        isThere(stayAt(stays, Math.max(from, since))) && !isThere(stayAt(stays, at));
      return customerStays(recorded).filter(isGone).length;
    },
    countsWithin: (from, to) => {
      const stays = customerStays(recorded).map((all) => staysWithin(all, Math.max(from, since), to));
      const most = stays.filter((within) => within.some(isThere));
      // A customer that was added meanwhile has no stay before.
      const isWhole = (within: readonly Stay[]) =>
        within.every(isThere) && (within[0]?.from ?? to) <= Math.max(from, since);
      return { least: most.filter(isWhole).length, most: most.length };
    },
  };
}

const customerStays = (recorded: ReadonlyMap<string, Recorded>): readonly (readonly Stay[])[] =>
  [...recorded.values()].map(({ items }) => items.get("*")?.stays ?? []);

const isThere = (stay: Stay | undefined): boolean => stay !== undefined && stay.class !== "gone";

interface Listener {
  readonly changed: (id: string) => void;
  readonly removed: (id: string) => void;
}

/** The repository publishes that something changed, but not what; so its three methods are wrapped. */
function listen(customers: World["customers"], { changed, removed }: Listener): void {
  const { add, replace, remove } = customers;
  Object.assign(customers, {
    add(entry: CustomerEntry) {
      add(entry);
      changed(entry.customer.id);
    },
    replace(id: string, entry: CustomerEntry) {
      replace(id, entry);
      changed(id);
    },
    remove(id: string) {
      const known = customers.find(id);
      remove(id);
      if (known) removed(known.customer.id);
    },
  });
}

type State = Omit<Stay, "from" | "to">;

const GONE: State = { class: "gone", status: "gone", codes: [], isListed: false };

function addStates(recorded: Map<string, Recorded>, entry: CustomerEntry, at: number): Recorded {
  const { customer, name } = entry;
  const { id, externalId = "" } = customer;
  const known = recorded.get(id) ?? newRecord(entry);
  const { names, items } = known;
  for (const one of [name, externalId, id]) if (one !== "") names.add(one);
  known.customer.last = customer;
  recorded.set(id, known);
  const states = statesOf(customer);
  for (const item of new Set([...items.keys(), ...states.keys()])) {
    const one = items.get(item) ?? { key: `${id} ${item}`, customer: known.customer, item, stays: [] };
    items.set(item, one);
    append(one.stays, states.get(item) ?? GONE, at);
  }
  return known;
}

function newRecord({ customer }: CustomerEntry): Recorded {
  const names = new Set<string>();
  return { customer: { id: customer.id, names, last: customer }, names, items: new Map() };
}

function append(stays: Stay[], state: State, at: number): void {
  const last = stays.at(-1);
  if (last && JSON.stringify({ ...last, from: 0, to: 0 }) === JSON.stringify({ from: 0, to: 0, ...state })) return;
  if (last) stays[stays.length - 1] = { ...last, to: at };
  stays.push({ from: at, to: Number.POSITIVE_INFINITY, ...state });
}

const LISTED = new Set(["error", "provisioned_with_errors"]);

function statesOf(customer: CustomerEntry["customer"]): ReadonlyMap<string, State> {
  const { status, resourceDetails, errors = [] } = customer;
  const isListed = LISTED.has(status);
  const own = errors.map(({ errorCode }) => String(errorCode));
  const stateOf = (item: WirePackage): State => ({
    class: classOf(item.status),
    status: item.status,
    codes: [...[...(item.errors ?? []), ...(item.warnings ?? [])].map(({ errorCode }) => String(errorCode)), ...own],
    isListed,
  });
  const items = new Map([
    ...resourceDetails.packages.map((item) => [item.name, stateOf(item)] as const),
    ...(resourceDetails.addOns ?? []).map((item) => [`addon:${item.name}`, stateOf(item)] as const),
  ]);
  const isExplained = [...items.values()].some((item) => item.class === "bad");
  const ownClass = status === "provisioned_with_errors" ? (isExplained ? "moving" : "bad") : classOf(status);
  return new Map([["*", { class: ownClass, status, codes: own, isListed }], ...items]);
}

function classOf(status: string): StatusClass {
  if (status === "error") return "bad";
  return status === "provisioned" ? "good" : "moving";
}

/** The stay at a time: of several that begin at that time the last one. */
export function stayAt(stays: readonly Stay[], at: number): Stay | undefined {
  return stays.findLast(({ from }) => from <= at);
}

/** The stays of which at least one moment is in this time, both ends included. */
export function staysWithin(stays: readonly Stay[], from: number, to: number): readonly Stay[] {
  return stays.filter((stay) => stay.from <= to && stay.to >= from);
}

export function wasEver(stays: readonly Stay[], wanted: readonly StatusClass[], from: number, to: number): boolean {
  return staysWithin(stays, from, to).some((stay) => wanted.includes(stay.class));
}

/** One continuous time in which an item is in trouble: from BAD until GOOD or gone. Retries are part of it. */
export interface Episode {
  readonly from: number;
  /** Infinity while it lasts. */
  readonly to: number;
  /** The times in which it is BAD. */
  readonly bad: readonly Stay[];
  /** The class before it; undefined where the history begins with it. */
  readonly before?: StatusClass;
}

export function episodesOf(stays: readonly Stay[]): readonly Episode[] {
  const episodes: { from: number; to: number; bad: Stay[]; before?: StatusClass }[] = [];
  let current: (typeof episodes)[number] | undefined;
  for (const [i, stay] of stays.entries()) {
    if (stay.class === "bad") {
      const before = stays[i - 1]?.class;
      if (!current) {
        current = { from: stay.from, to: Number.POSITIVE_INFINITY, bad: [], ...(before && { before }) };
        episodes.push(current);
      }
      addBad(current.bad, stay);
    } else if (stay.class !== "moving" && current) {
      current.to = stay.from;
      current = undefined;
    }
  }
  return episodes;
}

/** Only the codes may have changed between two that follow each other. */
function addBad(bad: Stay[], stay: Stay): void {
  const last = bad.at(-1);
  const goesOn = last?.to === stay.from && last.isListed === stay.isListed;
  if (last && goesOn) bad[bad.length - 1] = { ...last, to: stay.to };
  else bad.push(stay);
}

/** The episode that includes this time; its end is not part of it. */
export function episodeAt(stays: readonly Stay[], at: number): Episode | undefined {
  return episodesOf(stays).find(({ from, to }) => from <= at && at < to);
}

export function episodesWithin(stays: readonly Stay[], from: number, to: number): readonly Episode[] {
  return episodesOf(stays).filter((episode) => episode.from <= to && episode.to >= from);
}
