/** Every field of the one filter language (PRODUCT 2). `text` stands for a free word, which has no field in front. */
export const FILTER_FIELDS = [
  "status",
  "package",
  "package.status",
  "code",
  "externalId",
  "orgId",
  "name",
  "country",
  "state",
  "city",
  "zip",
  "subpartner",
  "since",
  "text",
] as const;

export type FilterField = (typeof FILTER_FIELDS)[number];

/** What a term compares with: `acme*` is the text `acme` as a prefix. */
export interface Value {
  readonly text: string;
  readonly prefix: boolean;
}

/** `field=a,b` is one term with two values: any of them. `field!=a` is a negated one. */
export interface Term {
  readonly field: FilterField;
  readonly negated: boolean;
  readonly values: readonly Value[];
}

/** All terms must hold; no terms is everything. */
export type Filter = readonly Term[];

/** Other names that people give the fields, without their dots, dashes and capitals. */
const FIELD_SYNONYMS = {
  customerstatus: "status",
  packages: "package",
  pkg: "package",
  product: "package",
  products: "package",
  pkgstatus: "package.status",
  codes: "code",
  errorcode: "code",
  id: "externalId",
  extid: "externalId",
  org: "orgId",
  organization: "orgId",
  organizationid: "orgId",
  organisation: "orgId",
  organisationid: "orgId",
  customername: "name",
  displayname: "name",
  countrycode: "country",
  province: "state",
  region: "state",
  stateorprovince: "state",
  town: "city",
  zipcode: "zip",
  postcode: "zip",
  postalcode: "zip",
  ziporpostalcode: "zip",
  partner: "subpartner",
  subpartnerorgid: "subpartner",
  onbehalfofsubpartnerorgid: "subpartner",
  q: "text",
} as const satisfies Record<string, FilterField>;

const FIELD_BY_NAME: ReadonlyMap<string, FilterField> = new Map([
  ...FILTER_FIELDS.map((field) => [normalizeName(field), field] as const),
  ...Object.entries(FIELD_SYNONYMS),
]);

/** Every name a field answers to, as `fieldNamed` compares them. */
export const FIELD_NAMES: readonly string[] = [...FIELD_BY_NAME.keys()];

/** The field that people mean by `Status`, `package-status` or `zipcode`. */
export function fieldNamed(name: string): FilterField | undefined {
  return FIELD_BY_NAME.get(normalizeName(name));
}

/** A name without what people vary in it: capitals, dots, dashes, underscores. */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[._-]/g, "");
}
