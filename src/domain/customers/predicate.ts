import { foldCase, keepCase } from "./compare-text.ts";
import type { Customer, Problem } from "./customer.ts";
import type { Filter, Term } from "./filter.ts";
import {
  type ComparedPart,
  FIELD_DEFINITIONS,
  type FieldOf,
  type FilterField,
  type Item,
  type Value,
} from "./filter-fields.ts";
import type { CustomerRecord } from "./record.ts";

/**
 * True if a customer matches a filter; the SQL of the store must give the same answer. All terms must hold, the values of a
 * term are alternatives, and a negated term holds when none of its values matches. The terms on packages and codes that are
 * not negated must hold for one and the same package. A sub-partner selects the scope, and no row is compared with it.
 */
export function matches(filter: Filter, record: CustomerRecord, now: number): boolean {
  const { items, customer } = splitFilter(filter);
  return (
    customer.every((term) => term.values.some((value) => matchesCustomer(term, value, record, now)) !== term.negated) &&
    matchesItems(items, record.customer)
  );
}

export type CustomerTerm = Term<FieldOf<"customer">>;
export type ItemTerm = Term<FieldOf<"item" | "code">>;

/** The terms on packages and their codes, and the terms on the customer itself. */
export function splitFilter(filter: Filter): {
  readonly items: readonly ItemTerm[];
  readonly customer: readonly CustomerTerm[];
} {
  return { items: filter.filter(isOf("item", "code")), customer: filter.filter(isOf("customer")) };
}

/** True if a term is on one of these parts of a customer. */
export function isOf<Part extends ComparedPart>(
  ...parts: readonly Part[]
): (term: Term) => term is Term<FieldOf<Part>> {
  return (term): term is Term<FieldOf<Part>> => parts.some((part) => part === FIELD_DEFINITIONS[term.field].match.of);
}

/** A value in the form in which the texts of the field are compared. */
export function comparable(field: FilterField, text: string | undefined): string {
  return FIELD_DEFINITIONS[field].isCaseSensitive ? keepCase(text) : foldCase(text);
}

function matchesCustomer({ field }: CustomerTerm, value: Value, record: CustomerRecord, now: number): boolean {
  const { match } = FIELD_DEFINITIONS[field];
  if ("matches" in match) return match.matches(value, record, now);
  return isLike(field, match.textOf(record.customer), value);
}

function isLike(field: FilterField, text: string | undefined, value: Value): boolean {
  const [mine, wanted] = [comparable(field, text), comparable(field, value.text)];
  return value.prefix ? mine.startsWith(wanted) : mine === wanted;
}

function matchesItems(terms: readonly ItemTerm[], customer: Customer): boolean {
  const items: readonly Item[] = [...customer.packages, ...customer.addOns, { problems: customer.problems }];
  const wanted = terms.filter((term) => !term.negated);
  const unwanted = terms.filter((term) => term.negated);
  return (
    unwanted.every((term) => !items.some((item) => matchesItem(item, term, item.problems))) &&
    items.some((item) => wanted.every((term) => matchesItem(item, term, [...item.problems, ...customer.problems])))
  );
}

function matchesItem(item: Item, { field, values }: ItemTerm, problems: readonly Problem[]): boolean {
  const { match } = FIELD_DEFINITIONS[field];
  const texts = match.of === "code" ? problems.map(({ code }) => code?.toString()) : [match.textOf(item)];
  return texts.some((text) => text !== undefined && values.some((value) => isLike(field, text, value)));
}
