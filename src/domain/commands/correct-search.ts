import { type Filter, fieldNamed, type Term } from "../customers/filter.ts";
import type { CustomersCommand } from "./customers.ts";
import { FILTER_WORDS } from "./field-values.ts";
import { formatFilter, quoteValue } from "./format.ts";
import { parse } from "./parse.ts";
import { type Distance, nearest } from "./suggest.ts";
import { plainWord } from "./tokenize.ts";

/** The words that a filter searches for, each as it was typed. */
export function searchWords(filter: Filter): readonly string[] {
  return filter
    .filter(isSearch)
    .flatMap(({ values }) => values.map(({ text, prefix }) => (prefix ? `${text}*` : text)));
}

/** The same for one of these words. */
export function searchTerm(word: string): Term {
  return { field: "text", negated: false, values: [{ text: word.replace(/\*$/, ""), prefix: word.endsWith("*") }] };
}

export function isSearch({ field, negated }: Term): boolean {
  return field === "text" && !negated;
}

/** The list that a search probably meant: `germny` is Germany, `city madrid` a city; undefined if no word is nearly a filter. */
export function correctSearch(command: CustomersCommand, distance: Distance): CustomersCommand | undefined {
  const words = searchWords(command.filter);
  const better = namedField(words) ?? words.map((word) => nearest(word.toLowerCase(), FILTER_WORDS, distance) ?? word);
  if (better.every((word, at) => word === words[at])) return undefined;
  const others = formatFilter(command.filter.filter((term) => !isSearch(term)));
  const parsed = parse(`customers ${others} ${better.join(" ")}`, { distance });
  return parsed.ok && parsed.command.name === "customers" ? parsed.command : undefined;
}

/** "city madrid" alone is searched for, because customers are called City Bank. */
function namedField([key = "", ...values]: readonly string[]): readonly string[] | undefined {
  const field = values.length > 0 ? fieldNamed(plainWord(key)) : undefined;
  return field === undefined ? undefined : [`${field}=${quoteValue(values.join(" "))}`];
}
