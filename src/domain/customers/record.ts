import type { Customer } from "./customer.ts";

/** A customer as the snapshot keeps it: what the API said last, and since when the bot has seen it so. */
export interface CustomerRecord {
  readonly customer: Customer;
  /** When the bot first saw this customer, epoch milliseconds. */
  readonly firstSeenAt: number;
  /** When the bot last saw anything of it change. */
  readonly changedAt: number;
  /** Since when each package, add-on, and the customer itself (`*`) is in its present status, by `itemKey`. */
  readonly since: Readonly<Record<string, number>>;
}

/** The customer itself, among its packages and add-ons. */
export const WHOLE = "*";

/** A package is named as the API names it; an add-on could bear the name of a package, so it is told apart. */
export function itemKey(item: { readonly name: string; readonly isAddOn?: boolean }): string {
  return item.isAddOn ? `addon:${item.name}` : item.name;
}
