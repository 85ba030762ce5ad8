import type { Filter, Term } from "../customers/filter.ts";
import type { FilterField, Value } from "../customers/filter-fields.ts";
import { isPlainValue, quotedMeaning } from "./field-values.ts";

/**
 * Writes a text as one value. `bare`: whether it may stand without quotes; as a search word it may unless the parser would take it
 * for part of a sentence. `quoted`: whether it is read back from plain quotes. `ends`: whether the reader sees where it ends
 * without quotes, as nothing that could belong to it follows.
 */
export type WriteValue = (
  text: string,
  may: { readonly bare: boolean | "as search word"; readonly quoted?: boolean; readonly ends?: boolean },
) => string;

/** A filter in its canonical spelling, one term after the other. */
export function formatTerms(filter: Filter, write: WriteValue): string {
  return filter.map((term, at) => formatTerm(term, { before: filter[at - 1], after: filter[at + 1] }, write)).join(" ");
}

/** The fields whose unquoted value goes on with the next word: `city=São Paulo`. */
export const JOINED_FIELDS: ReadonlySet<FilterField> = new Set<FilterField>(["name", "city", "state", "subpartner"]);

interface Neighbours {
  readonly before: Term | undefined;
  readonly after: Term | undefined;
}

function formatTerm({ field, negated, values }: Term, { before, after }: Neighbours, write: WriteValue): string {
  const [only] = values;
  if (field === "text" && !negated && only && values.length === 1) {
    const isJoined = before !== undefined && JOINED_FIELDS.has(before.field);
    return write(only.text, { bare: isJoined ? false : "as search word" }) + star(only);
  }
  const ends = JOINED_FIELDS.has(field) && values.length === 1 && after?.field !== "text";
  return `${field}${negated ? "!=" : "="}${values.map((value) => formatValue({ field, value, ends }, write)).join(",")}`;
}

export function formatWord(text: string, write: WriteValue): string {
  return write(text, { bare: "as search word" });
}

function formatValue(
  { field, value, ends }: { readonly field: FilterField; readonly value: Value; readonly ends: boolean },
  write: WriteValue,
): string {
  if (value.prefix) return write(value.text, { bare: true, ends }) + star(value);
  const meaning = quotedMeaning(field, value.text);
  const isItself = meaning.length === 1 && meaning[0] === value.text;
  return write(value.text, { bare: isPlainValue(field, value.text), quoted: isItself, ends });
}

function star(value: Value): string {
  return value.prefix ? "*" : "";
}

export function formatPage(page: number): string | false {
  return page !== 1 && `page=${page}`;
}

/** The parts that are not empty, separated by spaces. */
export function joinParts(...parts: readonly (string | false | undefined)[]): string {
  return parts.filter((part) => part).join(" ");
}
