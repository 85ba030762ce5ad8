import { foldCase, keepCase } from "./compare-text.ts";
import type { Customer, Problem } from "./customer.ts";
import type { Filter, FilterField, Term, Value } from "./filter.ts";
import type { CustomerRecord } from "./record.ts";
import { sinceTime } from "./since.ts";

/**
 * What a filter means on the snapshot: the law that the store's SQL is held to. All terms hold; the values of a term are
 * alternatives; a negated term holds when none of them does. What a customer lacks compares as the empty text. The terms on
 * packages and codes that are not negated hold for one and the same package. A sub-partner is the scope that is asked, and
 * no property of a row.
 */
export function matches(filter: Filter, record: CustomerRecord, now: number): boolean {
  const { items, rest } = splitFilter(filter);
  return (
    rest.every((term) => termHolds(term, (value) => matchesCustomer(term.field, value, record, now))) &&
    matchesItems(items, record.customer)
  );
}

/** A filter in its two parts: terms on packages and their codes, and terms on the customer itself. */
export function splitFilter(filter: Filter): { readonly items: Filter; readonly rest: Filter } {
  return {
    items: filter.filter(({ field }) => ITEM_FIELDS.has(field)),
    rest: filter.filter(({ field }) => !ITEM_FIELDS.has(field) && field !== "subpartner"),
  };
}

const ITEM_FIELDS: ReadonlySet<FilterField> = new Set(["package", "package.status", "code"]);

/** A value in the form that the field's own texts are compared in. */
export function comparable(field: FilterField, text: string): string {
  return field === "externalId" || field === "orgId" ? keepCase(text) : foldCase(text);
}

function termHolds({ values, negated }: Term, holds: (value: Value) => boolean): boolean {
  return values.some(holds) !== negated;
}

function matchesCustomer(field: FilterField, value: Value, record: CustomerRecord, now: number): boolean {
  if (field === "since") return record.changedAt >= (sinceTime(value.text, now) ?? Number.POSITIVE_INFINITY);
  if (field !== "text") return isLike(textOf(field, record.customer), value, field);
  const word = foldCase(value.text);
  const { name, externalId, address } = record.customer;
  return [name, externalId, address.city].some((text) =>
    value.prefix ? foldCase(text).startsWith(word) : foldCase(text).includes(word),
  );
}

function textOf(field: FilterField, { status, externalId, orgId, name, address }: Customer): string {
  const { country, state, city, zip } = address;
  const texts: Partial<Record<FilterField, string | undefined>> = {
    status,
    externalId,
    orgId,
    name,
    country,
    state,
    city,
    zip,
  };
  return texts[field] ?? "";
}

function isLike(text: string, value: Value, field: FilterField): boolean {
  const [mine, asked] = [comparable(field, text), comparable(field, value.text)];
  return value.prefix ? mine.startsWith(asked) : mine === asked;
}

/** Where a problem may be: at a package, at an add-on (which counts as a package), or, without a name, at the customer itself. */
interface Item {
  readonly name?: string;
  readonly status?: string;
  readonly problems: readonly Problem[];
}

function matchesItems(terms: Filter, customer: Customer): boolean {
  const places: readonly Item[] = [...customer.packages, ...customer.addOns, { problems: customer.problems }];
  const wanted = terms.filter((term) => !term.negated);
  const unwanted = terms.filter((term) => term.negated);
  const alone = (place: Item, term: Term) => matchesItem(place, term, place.problems);
  return (
    unwanted.every((term) => !places.some((place) => alone(place, term))) &&
    places.some((place) => wanted.every((term) => matchesItem(place, term, [...place.problems, ...customer.problems])))
  );
}

function matchesItem({ name, status }: Item, { field, values }: Term, problems: readonly Problem[]): boolean {
  const texts = { package: [name], "package.status": [status], code: problems.map(({ code }) => code) };
  const own = field === "package" || field === "package.status" || field === "code" ? texts[field] : [];
  return own.some((text) => text !== undefined && values.some((value) => isLike(`${text}`, value, field)));
}
