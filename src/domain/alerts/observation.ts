import { type AddOn, type Customer, classOf, type Package } from "../customers/customer.ts";
import { CUSTOMER_ITEM, type CustomerRecord, itemKey } from "../customers/record.ts";
import type { Scope } from "../customers/sweep.ts";
import type { AlertKey } from "./alert.ts";
import { type AlertKind, KIND_RULES } from "./kinds.ts";

/** The state of one key in one reading. */
export interface Observation {
  readonly key: AlertKey;
  readonly class: "bad" | "moving" | "good" | "absent";
  /** In the API's spelling; absent when the item is missing. */
  readonly status?: string;
  /** The status before that; absent when it is not known. */
  readonly previousStatus?: string;
  /** When it got this status, epoch milliseconds; absent when it is not known. */
  readonly since?: number;
  /** The customer with this item alone. */
  readonly subject: Customer;
}

type Item = Package | AddOn;

/** The observations of a customer and of each of its items, in these kinds, as of `now`. */
export function observationsOf(
  record: Pick<CustomerRecord, "customer" | "since">,
  { scope, kinds, now }: { readonly scope: Scope; readonly kinds: readonly AlertKind[]; readonly now: number },
): readonly Observation[] {
  const { customer, since } = record;
  return [CUSTOMER_ITEM, ...itemsOf(customer).keys()].flatMap((item) =>
    kinds.map((kind) => {
      const key = { scope, customerId: customer.id, item, kind };
      const at = since[item];
      return { ...observationOf(key, customer, now - (at ?? now)), ...(at !== undefined && { since: at }) };
    }),
  );
}

/** The observation of one key: `absent` when the customer has no such item. @param ageMs how long the item has had its status */
export function observationOf(key: AlertKey, customer: Customer, ageMs: number): Observation {
  const subject = narrowToItem(customer, key.item);
  const item = itemsOf(customer).get(key.item);
  if (item === undefined && key.item !== CUSTOMER_ITEM) return { key, class: "absent", subject };
  const { status, problems } = item ?? customer;
  const statusClass = item === undefined ? classOfCustomer(customer) : classOf(item.status);
  return {
    key,
    class: KIND_RULES[key.kind].classOf({ statusClass, status, ageMs, hasProblems: problems.length > 0 }),
    status,
    subject,
  };
}

/** ALERTS 2: with `provisioned_with_errors` the customer itself is BAD only if none of its items is. */
function classOfCustomer(customer: Customer): "bad" | "moving" | "good" {
  const { status } = customer;
  if (status !== "provisioned_with_errors") return classOf(status);
  const hasBadItem = [...itemsOf(customer).values()].some((item) => classOf(item.status) === "bad");
  return hasBadItem ? "moving" : "bad";
}

function itemsOf({ packages, addOns }: Customer): ReadonlyMap<string, Item> {
  return new Map([
    ...packages.map((one) => [itemKey(one), one] as const),
    ...addOns.map((one) => [itemKey({ ...one, isAddOn: true }), one] as const),
  ]);
}

/** Keeps this item alone, so that filters on packages and codes match it and the customer's own problems only (ALERTS 3). */
export function narrowToItem(customer: Customer, item: string): Customer {
  return {
    ...customer,
    packages: customer.packages.filter((one) => itemKey(one) === item),
    addOns: customer.addOns.filter((one) => itemKey({ ...one, isAddOn: true }) === item),
  };
}
