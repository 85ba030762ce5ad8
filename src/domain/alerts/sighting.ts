import { type AddOn, type Customer, classOf, type Package } from "../customers/customer.ts";
import { type CustomerRecord, itemKey, WHOLE } from "../customers/record.ts";
import type { Scope } from "../customers/sweep.ts";
import type { AlertKey, AlertKind } from "./alert.ts";

/** What one reading says of one key. */
export interface Sighting {
  readonly key: AlertKey;
  readonly class: "bad" | "moving" | "good" | "absent";
  /** In the API's spelling; absent when the item is not there. */
  readonly status?: string;
  /** The status that it had before, as far as that is known. */
  readonly from?: string;
  /** Since when it has been in this status, as far as that is known. */
  readonly since?: number;
  /** The customer with this item alone. */
  readonly subject: Customer;
}

/** How long something may be moving before it is stuck (ALERTS 17); a compliance review takes days. */
const STUCK_MS = 2 * 3_600_000;
const STUCK_IN_REVIEW_MS = 48 * 3_600_000;

type Item = Package | AddOn;

/** Everything that a customer's record says as of `now`, of each of its items and of itself, in the kinds that are asked for. */
export function sightingsOf(
  record: Pick<CustomerRecord, "customer" | "since">,
  {
    scope,
    kinds,
    now,
  }: { readonly scope: Scope; readonly kinds: readonly AlertKind[]; readonly now: number },
): readonly Sighting[] {
  const { customer, since } = record;
  return [WHOLE, ...itemsOf(customer).keys()].flatMap((item) =>
    kinds.map((kind) => {
      const key = { scope, customerId: customer.id, item, kind };
      const at = since[item];
      return { ...sightingOf(key, customer, now - (at ?? now)), ...(at !== undefined && { since: at }) };
    }),
  );
}

/** What the customer says of one key: `absent` when it has no such item (any more). */
export function sightingOf(key: AlertKey, customer: Customer, ageMs: number): Sighting {
  const subject = narrowed(customer, key.item);
  const item = itemsOf(customer).get(key.item);
  if (item === undefined && key.item !== WHOLE) return { key, class: "absent", subject };
  const { status, problems } = item ?? customer;
  const own = item === undefined ? classOfWhole(customer) : classOf(item.status);
  return {
    key,
    class: classAs(key.kind, { own, status, ageMs, isWarned: problems.length > 0 }),
    status,
    subject,
  };
}

interface Shown {
  readonly own: "bad" | "moving" | "good";
  readonly status: string;
  /** How long it has been in this status. */
  readonly ageMs: number;
  readonly isWarned: boolean;
}

function classAs(kind: AlertKind, { own, status, ageMs, isWarned }: Shown): Sighting["class"] {
  if (kind === "stuck") {
    const isStuck = ageMs >= (status === "pending_rpl_review" ? STUCK_IN_REVIEW_MS : STUCK_MS);
    return own === "moving" && isStuck ? "bad" : "good";
  }
  if (kind === "warnings") return own === "good" && isWarned ? "bad" : "good";
  return own;
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
export function narrowed(customer: Customer, item: string): Customer {
  return {
    ...customer,
    packages: customer.packages.filter((one) => itemKey(one) === item),
    addOns: customer.addOns.filter((one) => itemKey({ ...one, isAddOn: true }) === item),
  };
}
