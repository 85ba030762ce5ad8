import { type Scope, WHOLE_TOKEN } from "../customers/sweep.ts";
import type { CustomerRead, SubscriberPage, SubscriberQuery, Wholesale } from "../ports/wholesale.ts";

/** The Wholesale API as one space may ask it. */
export interface ScopedWholesale extends Pick<Wholesale, "list"> {
  get(id: string, options: { readonly fresh: boolean }): Promise<CustomerRead | undefined>;
  subscribers(query: SubscriberQuery): Promise<SubscriberPage>;
}

/** Every call of a bound space is on behalf of its sub-partner, whatever a reply asks for (PRODUCT 5). */
export function withinScope(wholesale: Wholesale, scope: Scope): ScopedWholesale {
  const bound = scope === WHOLE_TOKEN ? {} : { subpartner: scope };
  return {
    list: (query, options) => wholesale.list({ ...query, ...bound }, options),
    get: (id, options) => wholesale.get(id, { ...options, scope }),
    subscribers: (query) => wholesale.subscribers(query, scope),
  };
}
