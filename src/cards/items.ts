import type { Customer, Problem } from "../domain/customers/customer.ts";
import { CUSTOMER_ITEM, type CustomerRecord, itemKey, itemOf } from "../domain/customers/record.ts";
import { type DetailLevel, formatList, takeFirst } from "./detail-level.ts";
import { NBSP } from "./elements.ts";
import { plain } from "./plain-text.ts";
import { addOnName, packageName, type Tone, toneOf } from "./words.ts";

/** A package or an add-on of a customer, with its display name. */
export interface Item {
  /** As in the key of an alert: `addon:` and the name, or the name of a package. */
  readonly item: string;
  readonly name: string;
  readonly status: string;
  readonly tone: Tone;
  readonly isAddOn: boolean;
  readonly problems: readonly Problem[];
}

/** The items of customers that are shown: a card and its text ask several times. */
const known = new WeakMap<Customer, readonly Item[]>();

export function itemsOf(customer: Customer): readonly Item[] {
  const items = known.get(customer) ?? readItems(customer);
  known.set(customer, items);
  return items;
}

function readItems({ packages, addOns }: Customer): readonly Item[] {
  return [
    ...packages.map((one) => ({
      ...one,
      item: itemKey(one),
      name: packageName(one.name),
      tone: toneOf(one.status),
      isAddOn: false,
    })),
    ...addOns.map((one) => ({
      ...one,
      item: itemKey({ ...one, isAddOn: true }),
      name: addOnName(one.name),
      tone: toneOf(one.status),
      isAddOn: true,
    })),
  ];
}

/** The display name of the item of an alert; `*` is the customer itself. */
export function itemName(item: string): string {
  if (item === CUSTOMER_ITEM) return "Customer";
  const { name, isAddOn } = itemOf(item);
  return isAddOn ? addOnName(name) : packageName(name);
}

/** Provisioned or not reported, but with problems. */
export function hasWarnings({ tone, problems }: Item): boolean {
  return (tone === "good" || tone === "quiet") && problems.length > 0;
}

export function isUnreported(item: Item): boolean {
  return item.tone === "quiet" && !hasWarnings(item);
}

/** ` (2560, 10022)`; empty if no problem has a code. */
export function codesInBrackets(problems: readonly Problem[], most: number): string {
  const codes = problemCodes(problems);
  return codes.length === 0 || most === 0 ? "" : `${NBSP}(${formatList(codes, most)})`;
}

export type SinceByItem = CustomerRecord["since"];

/** Own properties only: a package may have any name, `constructor` too. */
export function seenSince(since: SinceByItem, item: string): number | undefined {
  return Object.hasOwn(since, item) ? since[item] : undefined;
}

/** One problem as a line of a card. A warning is marked, because the API may give the reason of an error as a warning. */
export interface ProblemLine {
  readonly hasCode: boolean;
  readonly code: string;
  readonly text: string;
}

export const NO_REASON = "The API gives no reason.";

export function problemLines(problems: readonly Problem[], detail: DetailLevel): readonly ProblemLine[] {
  const { shown, more } = takeFirst(errorsFirst(problems), detail.problems);
  const lines = shown.map(({ level, code, text }) => {
    const description = plain(text, detail.text) || "no description given";
    return {
      hasCode: code !== undefined,
      code: String(code ?? ""),
      text: level === "warning" ? `Warning: ${description}` : description,
    };
  });
  return more === 0 ? lines : [...lines, { hasCode: false, code: "", text: `and ${more} more` }];
}

/** The same as text: `2560 Warning: One or more …`. */
export function problemText(problems: readonly Problem[], detail: DetailLevel): string {
  return problemLines(problems, detail)
    .map(({ code, text }) => (code === "" ? text : `${code} ${text}`))
    .join(" · ");
}

/** Each code once, those of errors before those of warnings. */
export function problemCodes(problems: readonly Problem[]): readonly string[] {
  const codes = errorsFirst(problems).flatMap(({ code }) => (code === undefined ? [] : [String(code)]));
  return [...new Set(codes)];
}

function errorsFirst(problems: readonly Problem[]): readonly Problem[] {
  return [...problems.filter(({ level }) => level === "error"), ...problems.filter(({ level }) => level === "warning")];
}
