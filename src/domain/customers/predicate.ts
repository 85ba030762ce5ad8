import type { Customer, Problem } from "./customer.ts";
import type { Filter, FilterField, Term, Value } from "./filter.ts";
import { exact, fold } from "./fold.ts";
import type { CustomerRecord } from "./record.ts";
import { sinceTime } from "./since.ts";

/**
 * What a filter means on the snapshot: the law that the store's SQL is held to. All terms hold; the values of a term are
 * alternatives; a negated term holds when none of them does. What a customer lacks compares as the empty text. The terms on
 * packages and codes that are not negated hold for one and the same package. A sub-partner is the scope that is asked, and
 * no property of a row.
 */
export function matches(filter: Filter, record: CustomerRecord, now: number): boolean {
  const { items, rest } = partsOf(filter);
  return (
    rest.every((term) => meets(term, (value) => rowHolds(term.field, value, record, now))) &&
    itemsHold(items, record.customer)
  );
}

/** A filter in its two parts: terms on packages and their codes, and terms on the customer itself. */
export function partsOf(filter: Filter): { readonly items: Filter; readonly rest: Filter } {
  return {
    items: filter.filter(({ field }) => ITEM_FIELDS.has(field)),
    rest: filter.filter(({ field }) => !ITEM_FIELDS.has(field) && field !== "subpartner"),
  };
}

const ITEM_FIELDS: ReadonlySet<FilterField> = new Set(["package", "package.status", "code"]);

/** A value in the form that the field's own texts are compared in. */
export function comparable(field: FilterField, text: string): string {
  return field === "externalId" || field === "orgId" ? exact(text) : fold(text);
}

function meets({ values, negated }: Term, holds: (value: Value) => boolean): boolean {
  return values.some(holds) !== negated;
}

function rowHolds(field: FilterField, value: Value, record: CustomerRecord, now: number): boolean {
  if (field === "since") return record.changedAt >= (sinceTime(value.text, now) ?? Number.POSITIVE_INFINITY);
  if (field !== "text") return isLike(textOf(field, record.customer), value, field);
  const word = fold(value.text);
  const { name, externalId, address } = record.customer;
  return [name, externalId, address.city].some((text) =>
    value.prefix ? fold(text).startsWith(word) : fold(text).includes(word),
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
interface Place {
  readonly name?: string;
  readonly status?: string;
  readonly problems: readonly Problem[];
}

function itemsHold(terms: Filter, customer: Customer): boolean {
  const places: readonly Place[] = [
    ...customer.packages,
    ...customer.addOns,
    { problems: customer.problems },
  ];
  const wanted = terms.filter((term) => !term.negated);
  const unwanted = terms.filter((term) => term.negated);
  const alone = (place: Place, term: Term) => placeHolds(place, term, place.problems);
  return (
    unwanted.every((term) => !places.some((place) => alone(place, term))) &&
    places.some((place) =>
      wanted.every((term) => placeHolds(place, term, [...place.problems, ...customer.problems])),
    )
  );
}

function placeHolds({ name, status }: Place, { field, values }: Term, problems: readonly Problem[]): boolean {
  const texts = { package: [name], "package.status": [status], code: problems.map(({ code }) => code) };
  const own = field === "package" || field === "package.status" || field === "code" ? texts[field] : [];
  return own.some((text) => text !== undefined && values.some((value) => isLike(`${text}`, value, field)));
}
