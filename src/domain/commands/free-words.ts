import type { Filter } from "../customers/filter.ts";

/** Stands in the audit for words that are nobody else's business: notes, reasons, and people whom the sender names. */
export const HIDDEN = "...";

const HIDDEN_VALUES = [{ text: HIDDEN, prefix: false }];

/** A sentence that is no command is searched for, so the words that a filter searches for may be any sentence. */
export function hideSearchWords(filter: Filter): Filter {
  const isHidden = ({ field }: Filter[number]) => field === "text";
  const first = filter.findIndex(isHidden);
  return filter.flatMap((term, at) => {
    if (!isHidden(term)) return [term];
    return at === first ? [{ ...term, values: HIDDEN_VALUES }] : [];
  });
}
