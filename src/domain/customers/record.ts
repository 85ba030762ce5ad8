import { type Customer, classOf } from "./customer.ts";

/** A customer in the snapshot: what the API last sent, and since when the bot has seen each status. */
export interface CustomerRecord {
  readonly customer: Customer;
  /** When the bot first saw this customer, epoch milliseconds. */
  readonly firstSeenAt: number;
  /** When the bot last saw a change of it, epoch milliseconds. */
  readonly changedAt: number;
  /** Since when each package, add-on and the customer itself (`*`) has its present status, by `itemKey`. */
  readonly since: Readonly<Record<string, number>>;
}

/** The item that is the customer itself. */
export const CUSTOMER_ITEM = "*";

const ADD_ON = "addon:";

/** The name of a package; for an add-on a prefix and its name, as it could have the name of a package. */
export function itemKey(item: { readonly name: string; readonly isAddOn?: boolean }): string {
  return item.isAddOn ? `${ADD_ON}${item.name}` : item.name;
}

/** The inverse of `itemKey`. */
export function itemOf(key: string): { readonly name: string; readonly isAddOn: boolean } {
  const isAddOn = key.startsWith(ADD_ON);
  return { name: isAddOn ? key.slice(ADD_ON.length) : key, isAddOn };
}

/** The statuses of a customer, its packages and its add-ons by item; empty for no customer. */
export function statusesOf(customer: Customer | undefined): ReadonlyMap<string, string> {
  if (customer === undefined) return new Map();
  return new Map([
    [CUSTOMER_ITEM, customer.status],
    ...customer.packages.map((one) => [itemKey(one), one.status] as const),
    ...customer.addOns.map((one) => [itemKey({ ...one, isAddOn: true }), one.status] as const),
  ]);
}

/** The customer with one more package or add-on, which has no problems. */
export function withItem(customer: Customer, key: string, status: string): Customer {
  const { name, isAddOn } = itemOf(key);
  const item = { name, status, problems: [] };
  return isAddOn
    ? { ...customer, addOns: [...customer.addOns, item] }
    : { ...customer, packages: [...customer.packages, item] };
}

/** The record of a customer that was read at `at`, given the record before. */
export function updatedRecord(before: CustomerRecord | undefined, customer: Customer, at: number): CustomerRecord {
  const isChanged = before === undefined || canonical(before.customer) !== canonical(customer);
  const old = statusesOf(before?.customer);
  const since = [...statusesOf(customer)].map(
    ([item, status]) => [item, old.get(item) === status ? (before?.since[item] ?? at) : at] as const,
  );
  return {
    customer,
    firstSeenAt: before?.firstSeenAt ?? at,
    changedAt: isChanged ? at : before.changedAt,
    since: Object.fromEntries(since),
  };
}

/**
 * Everything that the API sends of a customer as a text that does not depend on the order of lists and keys. The name is left
 * out, because another API sends it at another time.
 */
export function canonical({ name: _name, ...unnamed }: Customer): string {
  return JSON.stringify(sortedDeep(unnamed));
}

function sortedDeep(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => JSON.stringify(sortedDeep(one))).sort();
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, sortedDeep(one)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** True if anything of the customer is BAD (ALERTS 2), so that a quick poll must read it. */
export function isUnhealthy({ status, packages, addOns }: Customer): boolean {
  return (
    status === "provisioned_with_errors" ||
    [status, ...[...packages, ...addOns].map((item) => item.status)].some((one) => classOf(one) === "bad")
  );
}

/** True if the API reports an error or a warning for the customer or one of its items, with a code or without. */
export function hasProblems({ problems, packages, addOns }: Customer): boolean {
  return [problems, ...[...packages, ...addOns].map((item) => item.problems)].some(({ length }) => length > 0);
}
