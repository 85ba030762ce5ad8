import NodeCache from "node-cache";
import type { CustomerPage, ListQuery } from "../domain/customers/list-query.ts";
import type { Clock } from "../domain/ports/runtime.ts";
import type { CustomerRead, Wholesale } from "../domain/ports/wholesale.ts";

export interface CacheOptions {
  readonly seconds?: number;
  /** How many answers are kept; beyond that, answers are given but not kept. */
  readonly maxKeys?: number;
}

/**
 * The same port with a short memory in front: an answer serves for 30 s, and a question that is under way is not asked
 * twice. Answers are shared, and therefore frozen.
 */
export function createCachedWholesale(
  wholesale: Wholesale,
  clock: Clock,
  options: CacheOptions = {},
): Wholesale & { close(): void } {
  const { seconds = 30, maxKeys = 500 } = options;
  const cache = new NodeCache({ stdTTL: seconds, checkperiod: seconds, maxKeys, useClones: false });
  const deps = { cache, maxKeys, clock, lifeMs: seconds * 1000 };
  const lists = createCachedLoad<CustomerPage>(deps);
  const singles = createCachedLoad<CustomerRead | undefined>(deps);
  return {
    list: (query, asked) => lists(cacheKey(query), asked.fresh, () => wholesale.list(query, asked)),
    get: (id, asked) => singles(`get ${id}`, asked.fresh, () => wholesale.get(id, asked)),
    close: () => cache.close(),
  };
}

type CachedLoad<T> = (key: string, fresh: boolean, load: () => Promise<T>) => Promise<T>;

interface CachedLoadDeps {
  readonly cache: NodeCache;
  readonly maxKeys: number;
  readonly clock: Clock;
  readonly lifeMs: number;
}

interface CacheEntry<T> {
  readonly flight: Promise<T>;
  /** By the bot's clock: the cache's own is the one on the wall, which only sees to it that nothing is kept for ever. */
  readonly until: number;
}

/** Keeps promises, so that those who come while an answer is under way share it; one that fails is not kept. */
function createCachedLoad<T>({ cache, maxKeys, clock, lifeMs }: CachedLoadDeps): CachedLoad<T> {
  const flights = new Map<string, Promise<T>>();

  const keep = (key: string, flight: Promise<T>): void => {
    flights.delete(key);
    cache.del(key);
    // A full node-cache throws, even for a key that it holds.
    if (cache.getStats().keys < maxKeys) cache.set<CacheEntry<T>>(key, { flight, until: clock() + lifeMs });
  };

  const kept = (key: string): Promise<T> | undefined => {
    const held = cache.get<CacheEntry<T>>(key);
    return held && held.until > clock() ? held.flight : undefined;
  };

  return (key, fresh, load) => {
    const held = flights.get(key) ?? (fresh ? undefined : kept(key));
    if (held) return held;
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
