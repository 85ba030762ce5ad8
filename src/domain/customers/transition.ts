import { type Customer, type Problem, titleOf } from "./customer.ts";
import { CUSTOMER_ITEM, itemKey, statusesOf } from "./record.ts";

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

/** What changed between two sightings of one customer, at `at`: the customer itself first, then its items in their order. */
export function transitionsBetween(
  before: Customer | undefined,
  after: Customer | undefined,
  at: number,
): readonly Transition[] {
  const customer = after ?? before;
  if (customer === undefined) return [];
  const [olds, news] = [statusesOf(before), statusesOf(after)];
  const codes = codesByItem(after);
  return [...new Set([...news.keys(), ...olds.keys()])].flatMap((item) => {
    const [from, to] = [olds.get(item), news.get(item)];
    if (from === to) return [];
    return {
      customerId: customer.id,
      title: titleOf(customer),
      item,
      at,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      codes: codes.get(item) ?? [],
    };
  });
}

function codesByItem(customer: Customer | undefined): ReadonlyMap<string, readonly number[]> {
  if (customer === undefined) return new Map();
  return new Map([
    [CUSTOMER_ITEM, codesIn(customer.problems)],
    ...customer.packages.map((one) => [itemKey(one), codesIn(one.problems)] as const),
    ...customer.addOns.map((one) => [itemKey({ ...one, isAddOn: true }), codesIn(one.problems)] as const),
  ]);
}

/** Each code once, in the order in which it came. */
export function codesIn(problems: readonly Problem[]): readonly number[] {
  return [...new Set(problems.flatMap(({ code }) => (code === undefined ? [] : [code])))];
}
