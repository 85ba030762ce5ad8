import { foldCase } from "./compare-text.ts";
import { COUNTRY_VALUES } from "./countries.ts";
import type { Customer, Problem } from "./customer.ts";
import { type KnownValues, PACKAGE_STATUS_VALUES, PACKAGE_VALUES, STATUS_VALUES } from "./known-values.ts";
import type { CustomerRecord } from "./record.ts";
import { sinceTime } from "./since.ts";
import { STATE_VALUES } from "./us-states.ts";

/** The text that a term compares with: `acme*` is the text `acme` as a prefix. */
export interface Value {
  readonly text: string;
  readonly prefix: boolean;
}

/** Everything about one field of the filter language, except its SQL, which is in `store/search.ts`. */
interface FieldDefinition {
  /** Other names of the field, in lower case without dots and dashes. */
  readonly synonyms: readonly string[];
  readonly help: string;
  /** True if people may write it without a sign: `country DE`. Other names are too often part of a customer's name. */
  readonly isImplied?: true;
  /** How a typed value is read. */
  readonly values: "text" | "number" | "time" | KnownValues;
  readonly isCaseSensitive?: true;
  readonly match: Match;
  /** The filter form has an input for it: for one value, a choice of several, several typed ones, or a box to tick for those in error. */
  readonly formInput?: "one" | "several" | "typed" | "errors";
  /** The list API has a parameter for it: for one value or for several (API page, Query Parameters). */
  readonly apiParameter?: "one" | "several";
}

/** The texts that a field compares with a term. Absent texts of a customer are empty, those of an item match nothing. */
type Match =
  | { readonly of: "customer"; readonly textOf: (customer: Customer) => string | undefined }
  | { readonly of: "customer"; readonly matches: (value: Value, record: CustomerRecord, now: number) => boolean }
  | { readonly of: "item"; readonly textOf: (item: Item) => string | undefined }
  /** The codes of an item, and those of the customer. */
  | { readonly of: "code" }
  /** Nothing of a customer: the field selects the scope that is searched. */
  | { readonly of: "scope" };

/** A package, an add-on (which counts as a package), or the customer itself, which has no name here. */
export interface Item {
  readonly name?: string;
  readonly status?: string;
  readonly problems: readonly Problem[];
}

const FIELDS = {
  status: {
    synonyms: ["customerstatus"],
    help: "status",
    isImplied: true,
    values: STATUS_VALUES,
    match: { of: "customer", textOf: ({ status }) => status },
    formInput: "several",
    apiParameter: "several",
  },
  package: {
    synonyms: ["packages", "pkg", "product", "products"],
    help: "package",
    isImplied: true,
    values: PACKAGE_VALUES,
    match: { of: "item", textOf: ({ name }) => name },
    formInput: "several",
  },
  "package.status": {
    synonyms: ["pkgstatus"],
    help: "package.status",
    values: PACKAGE_STATUS_VALUES,
    match: { of: "item", textOf: ({ status }) => status },
    formInput: "errors",
  },
  code: {
    synonyms: ["codes", "errorcode", "error", "errors", "fehler", "fehlercode"],
    help: "code",
    isImplied: true,
    values: "number",
    match: { of: "code" },
    formInput: "typed",
  },
  externalId: {
    synonyms: ["id", "extid"],
    help: "externalId (or id)",
    values: "text",
    isCaseSensitive: true,
    match: { of: "customer", textOf: ({ externalId }) => externalId },
    formInput: "one",
    apiParameter: "one",
  },
  orgId: {
    synonyms: ["org", "organization", "organizationid", "organisation", "organisationid"],
    help: "orgId (or org)",
    values: "text",
    isCaseSensitive: true,
    match: { of: "customer", textOf: ({ orgId }) => orgId },
    formInput: "one",
    apiParameter: "one",
  },
  name: {
    synonyms: ["customername", "displayname"],
    help: "name",
    values: "text",
    match: { of: "customer", textOf: ({ name }) => name },
  },
  country: {
    synonyms: ["countrycode", "land", "pais", "pays"],
    help: "country",
    isImplied: true,
    values: COUNTRY_VALUES,
    match: { of: "customer", textOf: ({ address }) => address.country },
    formInput: "one",
  },
  state: {
    synonyms: ["province", "region", "stateorprovince"],
    help: "state",
    values: STATE_VALUES,
    match: { of: "customer", textOf: ({ address }) => address.state },
  },
  city: {
    synonyms: ["town", "stadt", "ort", "ciudad", "cidade", "ville"],
    help: "city",
    values: "text",
    match: { of: "customer", textOf: ({ address }) => address.city },
  },
  zip: {
    synonyms: ["zipcode", "postcode", "postalcode", "ziporpostalcode"],
    help: "zip",
    isImplied: true,
    values: "text",
    match: { of: "customer", textOf: ({ address }) => address.zip },
  },
  subpartner: {
    synonyms: ["partner", "subpartnerorgid", "onbehalfofsubpartnerorgid"],
    help: "subpartner",
    isImplied: true,
    values: "text",
    match: { of: "scope" },
    apiParameter: "one",
  },
  since: {
    synonyms: [],
    help: "since",
    values: "time",
    match: {
      of: "customer",
      matches: ({ text }, { changedAt }, now) => changedAt >= (sinceTime(text, now) ?? Number.POSITIVE_INFINITY),
    },
  },
  // A free word, which has no field in front.
  text: {
    synonyms: ["q"],
    help: "free words look in names, external IDs and cities",
    values: "text",
    match: {
      of: "customer",
      matches: ({ text, prefix }, { customer: { name, externalId, address } }) => {
        const word = foldCase(text);
        const texts = [name, externalId, address.city].map(foldCase);
        return texts.some((one) => (prefix ? one.startsWith(word) : one.includes(word)));
      },
    },
    formInput: "one",
  },
} as const satisfies Readonly<Record<string, FieldDefinition>>;

export type FilterField = keyof typeof FIELDS;

export type ComparedPart = Match["of"];

/** The fields that compare the same part of a customer. The store has a total record of SQL for each part. */
export type FieldOf<Part extends ComparedPart> = {
  [Field in FilterField]: (typeof FIELDS)[Field]["match"]["of"] extends Part ? Field : never;
}[FilterField];

export const FIELD_DEFINITIONS: {
  readonly [Field in FilterField]: FieldDefinition & Pick<(typeof FIELDS)[Field], "match">;
} = FIELDS;

export const FILTER_FIELDS = Object.keys(FIELDS) as readonly FilterField[];
