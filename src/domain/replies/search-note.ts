import { isSearch, searchWords } from "../commands/correct-search.ts";
import { quote } from "../commands/parse-error.ts";
import type { Filter } from "../customers/filter.ts";
import type { ReplyContext } from "./reply.ts";

/** A line with the words that were searched for, as any word that is no filter is a search; empty without such words. */
export function searchNotes(filter: Filter, { isNothing }: { readonly isNothing: boolean }): readonly string[] {
  const words = searchWords(filter);
  if (words.length === 0) return [];
  return [`Searched names, IDs and cities for ${quote(words.join(" "))}${isNothing ? ": nothing" : ""}.`];
}

/** For a filter that is kept, such as that of a mute: with a word that no customer has, it would never match. */
export async function keptSearchNotes(
  filter: Filter,
  { snapshot, scope, clock }: ReplyContext,
): Promise<readonly string[]> {
  const search = filter.filter(isSearch);
  if (search.length === 0) return [];
  const { total } = await snapshot.find(scope, { filter: search, offset: 0, max: 1, now: clock() });
  return searchNotes(search, { isNothing: total === 0 });
}
