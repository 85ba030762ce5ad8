import { type AddOn, type Customer, classOf, type Package } from "../customers/customer.ts";
import { CUSTOMER_ITEM, type CustomerRecord, itemKey } from "../customers/record.ts";
import type { Scope } from "../customers/sweep.ts";
import type { AlertKey } from "./alert.ts";
import { type AlertKind, KIND_RULES } from "./kinds.ts";

/** What one reading says of one key. */
export interface Observation {
  readonly key: AlertKey;
  readonly class: "bad" | "moving" | "good" | "absent";
  /** In the API's spelling; absent when the item is not there. */
  readonly status?: string;
  /** The status that it had before, as far as that is known. */
  readonly previousStatus?: string;
  /** Since when it has been in this status, as far as that is known. */
  readonly since?: number;
  /** The customer with this item alone. */
  readonly subject: Customer;
}

type Item = Package | AddOn;

/** Everything that a customer's record says as of `now`, of each of its items and of itself, in the kinds that are asked for. */
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

/** What the customer says of one key: `absent` when it has no such item (any more). */
export function observationOf(key: AlertKey, customer: Customer, ageMs: number): Observation {
  const subject = narrowToItem(customer, key.item);
  const item = itemsOf(customer).get(key.item);
  if (item === undefined && key.item !== CUSTOMER_ITEM) return { key, class: "absent", subject };
  const { status, problems } = item ?? customer;
  const statusClass = item === undefined ? classOfWhole(customer) : classOf(item.status);
  return {
    key,
    class: KIND_RULES[key.kind].classOf({ statusClass, status, ageMs, hasProblems: problems.length > 0 }),
    status,
    subject,
  };
}

/** ALERTS 2: the customer itself is BAD in `error`, or with errors of which no item is one. */
function classOfWhole(customer: Customer): "bad" | "moving" | "good" {
  const { status } = customer;
  if (status !== "provisioned_with_errors") return classOf(status);
  const isToldByItems = [...itemsOf(customer).values()].some((item) => classOf(item.status) === "bad");
  return isToldByItems ? "moving" : "bad";
}

function itemsOf({ packages, addOns }: Customer): ReadonlyMap<string, Item> {
  return new Map([
    ...packages.map((one) => [itemKey(one), one] as const),
    ...addOns.map((one) => [itemKey({ ...one, isAddOn: true }), one] as const),
  ]);
}

/** So that a filter on packages and codes is held against this item, and the customer's own problems, alone (ALERTS 3). */
export function narrowToItem(customer: Customer, item: string): Customer {
  return {
    ...customer,
    packages: customer.packages.filter((one) => itemKey(one) === item),
    addOns: customer.addOns.filter((one) => itemKey({ ...one, isAddOn: true }) === item),
  };
}
