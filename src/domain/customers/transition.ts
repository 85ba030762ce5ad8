import type { Customer } from "./customer.ts";
import { itemKey, WHOLE } from "./record.ts";

/** One step in the history of a customer or of one of its packages or add-ons: append-only, kept for 400 days. */
export interface Transition {
  readonly customerId: string;
  /** What people called the customer then. */
  readonly title: string;
  /** `*` for the customer itself, else an `itemKey`. */
  readonly item: string;
  /** When the bot saw it, epoch milliseconds; it happened some time before. */
  readonly at: number;
  /** Absent when it was not there before. */
  readonly from?: string;
  /** Absent when it is not there any more. */
  readonly to?: string;
  /** The error and warning codes that came with it. */
  readonly codes: readonly number[];
}

/** The statuses of a customer, its packages and its add-ons by item; nothing for a customer that is not there. */
export function statusesOf(customer: Customer | undefined): ReadonlyMap<string, string> {
  if (customer === undefined) return new Map();
  return new Map([
    [WHOLE, customer.status],
    ...customer.packages.map((one) => [itemKey(one), one.status] as const),
    ...customer.addOns.map((one) => [itemKey({ ...one, isAddOn: true }), one.status] as const),
  ]);
}
