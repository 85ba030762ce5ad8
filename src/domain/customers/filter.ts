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
