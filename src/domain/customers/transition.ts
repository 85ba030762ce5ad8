import { type Customer, type Problem, titleOf } from "./customer.ts";
import { CUSTOMER_ITEM, itemKey, statusesOf } from "./record.ts";

/** One change of status of a customer, package or add-on. The history is append-only and kept for 400 days. */
export interface Transition {
  readonly customerId: string;
  /** The title of the customer at that time. */
  readonly title: string;
  /** `*` for the customer itself, else an `itemKey`. */
  readonly item: string;
  /** When the bot saw it, epoch milliseconds; it happened before that. */
  readonly at: number;
  /** Absent when the item is new. */
  readonly from?: string;
  /** Absent when the item is gone. */
  readonly to?: string;
  /** The error and warning codes that came with it. */
  readonly codes: readonly number[];
}

/** A change as it is listed: with the earlier ones of its item, newest first, where they share its line. */
export interface ListedTransition extends Transition {
  readonly earlier?: readonly Transition[];
}

/** More changes of one item are one line. */
const MOST_LINES_OF_ITEM = 3;

/** Joins the changes of an item that goes to and fro, so that it does not hide the others. @param transitions newest first */
export function joinRepeated(transitions: readonly Transition[]): readonly ListedTransition[] {
  const keyOf = ({ customerId, item }: Transition) => JSON.stringify([customerId, item]);
  const byItem = new Map<string, Transition[]>();
  for (const one of transitions) byItem.set(keyOf(one), [...(byItem.get(keyOf(one)) ?? []), one]);
  return transitions.flatMap((one) => {
    const [newest, ...earlier] = byItem.get(keyOf(one)) ?? [];
    if (earlier.length < MOST_LINES_OF_ITEM) return [one];
    return one === newest ? [{ ...one, earlier }] : [];
  });
}

/** The changes between two readings of one customer: the customer itself first, then its items in their order. */
export function transitionsBetween(
  before: Customer | undefined,
  after: Customer | undefined,
  at: number,
): readonly Transition[] {
  const customer = after ?? before;
  if (customer === undefined) return [];
  const [oldStatuses, newStatuses] = [statusesOf(before), statusesOf(after)];
  const codes = codesByItem(after);
  return [...new Set([...newStatuses.keys(), ...oldStatuses.keys()])].flatMap((item) => {
    const [from, to] = [oldStatuses.get(item), newStatuses.get(item)];
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

/** Each code once, in order of appearance. */
export function codesIn(problems: readonly Problem[]): readonly number[] {
  return [...new Set(problems.flatMap(({ code }) => (code === undefined ? [] : [code])))];
}
