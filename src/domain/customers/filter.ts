import { FIELD_DEFINITIONS, FILTER_FIELDS, type FilterField, type Value } from "./filter-fields.ts";

/** `field=a,b` is one term with two values: any of them. `field!=a` is a negated one. */
export interface Term<Field extends FilterField = FilterField> {
  readonly field: Field;
  readonly negated: boolean;
  readonly values: readonly Value[];
}

/** All terms must hold; no terms is everything. */
export type Filter = readonly Term[];

const FIELD_BY_NAME: ReadonlyMap<string, FilterField> = new Map([
  ...FILTER_FIELDS.map((field) => [normalizeName(field), field] as const),
  ...FILTER_FIELDS.flatMap((field) => FIELD_DEFINITIONS[field].synonyms.map((name) => [name, field] as const)),
]);

/** Every name of every field, as `normalizeName` spells it. */
export const FIELD_NAMES: readonly string[] = [...FIELD_BY_NAME.keys()];

/** The field that people mean by `Status`, `package-status` or `zipcode`. */
export function fieldNamed(name: string): FilterField | undefined {
  return FIELD_BY_NAME.get(normalizeName(name));
}

/** A name without what people vary in it: capitals, dots, dashes, underscores. */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[._-]/g, "");
}
