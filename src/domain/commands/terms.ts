import type { Filter, FilterField, Term, Value } from "../customers/filter.ts";
import { isCommandWord } from "./heads.ts";
import type { Quoting } from "./spell.ts";
import { plainWord } from "./tokens.ts";
import { isPlainValue, quotedMeaning, statusesNamed } from "./values.ts";
import { impliedKey, isAlertWord, isFiller, isNegation } from "./vocabulary.ts";

/** A filter in its canonical spelling, one term after the other. */
export function formatTerms(filter: Filter, spell: Quoting): string {
  return filter.map((term) => formatTerm(term, spell)).join(" ");
}

function formatTerm({ field, negated, values }: Term, spell: Quoting): string {
  const [only] = values;
  if (field === "text" && !negated && only && values.length === 1) {
    return formatWord(only.text, spell) + star(only);
  }
  return `${field}${negated ? "!=" : "="}${values.map((value) => formatValue(field, value, spell)).join(",")}`;
}

/** A word as a search word, and as no part of a sentence. */
export function formatWord(text: string, spell: Quoting): string {
  return spell(text, { alone: !isReserved(text) });
}

function formatValue(field: FilterField, value: Value, spell: Quoting): string {
  if (value.prefix) return spell(value.text, { alone: true }) + star(value);
  const meaning = quotedMeaning(field, value.text);
  const isItself = meaning.length === 1 && meaning[0] === value.text;
  return spell(value.text, { alone: isPlainValue(field, value.text), quoted: isItself });
}

function star(value: Value): string {
  return value.prefix ? "*" : "";
}

/** Whether an unquoted word would be taken for part of a sentence. */
function isReserved(text: string): boolean {
  const word = plainWord(text);
  return (
    isFiller(word) ||
    isNegation(word) ||
    impliedKey(word) !== undefined ||
    isCommandWord(word) ||
    isAlertWord(word) ||
    statusesNamed(word) !== undefined
  );
}
