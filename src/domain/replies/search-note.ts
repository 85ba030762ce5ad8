import { isSearch, searchWords } from "../commands/correct-search.ts";
import { quote } from "../commands/parse-error.ts";
import type { Filter } from "../customers/filter.ts";
import type { ReplyContext } from "./reply.ts";

/** A line with the words that were searched for, as any word that is no filter is a search; empty without such words. */
export function searchNotes(filter: Filter): readonly string[] {
  const words = searchWords(filter);
  return words.length === 0 ? [] : [`Searched names, IDs and cities for ${quote(words.join(" "))}.`];
}

/** Says that no customer has the words of a filter, among those that its other terms match. */
export function nothingFound(filter: Filter): string {
  const who = filter.every(isSearch) ? "No customer has" : "No customer that matches the rest has";
  return `${who} ${quote(searchWords(filter).join(" "))} in its name, ID or city.`;
}

/** For a filter that is kept, such as that of a mute: with a word that no customer has, it would never match. */
export async function keptSearchNotes(
  filter: Filter,
  { snapshot, scope, clock }: ReplyContext,
): Promise<readonly string[]> {
  const search = filter.filter(isSearch);
  if (search.length === 0) return [];
  const { total } = await snapshot.find(scope, { filter: search, offset: 0, max: 1, now: clock() });
  return total === 0 ? [nothingFound(search)] : searchNotes(search);
}
