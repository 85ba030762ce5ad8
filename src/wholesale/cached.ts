import NodeCache from "node-cache";
import type { CustomerPage, ListQuery } from "../domain/customers/list-query.ts";
import type { Clock } from "../domain/ports/runtime.ts";
import type { CustomerRead, Wholesale } from "../domain/ports/wholesale.ts";

const TTL_S = 30;
/** Answers beyond this number are returned but not cached. */
const MAX_KEYS = 500;

/** The same port with a cache of 30 s. A query that is under way is not sent twice. Answers are shared, so they are frozen. */
export function createCachedWholesale(
  wholesale: Wholesale,
  clock: Clock,
  maxKeys = MAX_KEYS,
): Wholesale & { close(): void } {
  const cache = new NodeCache({ stdTTL: TTL_S, checkperiod: TTL_S, maxKeys, useClones: false });
  const deps = { cache, maxKeys, clock };
  const lists = createCachedLoad<CustomerPage>(deps);
  const singles = createCachedLoad<CustomerRead | undefined>(deps);
  return {
    list: (query, options) => lists(cacheKey(query), options.fresh, () => wholesale.list(query, options)),
    get: (id, options) =>
      singles(`get ${JSON.stringify([id, options.scope])}`, options.fresh, () => wholesale.get(id, options)),
    subscribers: wholesale.subscribers,
    close: () => cache.close(),
  };
}

type CachedLoad<T> = (key: string, fresh: boolean, load: () => Promise<T>) => Promise<T>;

interface CachedLoadDeps {
  readonly cache: NodeCache;
  readonly maxKeys: number;
  readonly clock: Clock;
}

interface CacheEntry<T> {
  readonly flight: Promise<T>;
  /** By the bot’s clock, which may be simulated. The cache’s own expiry uses real time and only limits memory. */
  readonly until: number;
}

/** Caches promises, so that equal queries share a call that is under way. A rejected promise is not cached. */
function createCachedLoad<T>({ cache, maxKeys, clock }: CachedLoadDeps): CachedLoad<T> {
  const flights = new Map<string, Promise<T>>();

  const keep = (key: string, flight: Promise<T>): void => {
    flights.delete(key);
    cache.del(key);
    // A full node-cache throws, even for a key that it has.
    if (cache.getStats().keys < maxKeys) cache.set<CacheEntry<T>>(key, { flight, until: clock() + TTL_S * 1000 });
  };

  const kept = (key: string): Promise<T> | undefined => {
    const entry = cache.get<CacheEntry<T>>(key);
    return entry && entry.until > clock() ? entry.flight : undefined;
  };

  return (key, fresh, load) => {
    const known = flights.get(key) ?? (fresh ? undefined : kept(key));
    if (known) return known;
    const flight = load().then(deepFreeze);
    flights.set(key, flight);
    flight.then(
      () => keep(key, flight),
      () => flights.delete(key),
    );
    return flight;
  };
}

function cacheKey({ externalId, orgId, statuses, subpartner, offset, max }: ListQuery): string {
  return `list ${JSON.stringify([externalId, orgId, statuses, subpartner, offset, max])}`;
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
