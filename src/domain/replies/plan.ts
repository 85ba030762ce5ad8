import type { CustomersCommand } from "../commands/command.ts";
import type { Filter, Term } from "../customers/filter.ts";
import { liveQuery } from "../customers/live.ts";
import type { ListQuery } from "../customers/page.ts";
import { type Scope, WHOLE_TOKEN } from "../customers/sweep.ts";

/** Where the answer to a list comes from (PRODUCT 2, last paragraph). `filter` is what is left to ask within the scope. */
export type DataSource =
  | {
      readonly from: "live";
      readonly query: ListQuery;
      readonly filter: Filter;
      readonly inSnapshot: boolean;
    }
  | { readonly from: "snapshot"; readonly query?: ListQuery; readonly filter: Filter }
  | Refusal;

/** `foreign`: about another sub-partner than this space is bound to. `unbound`: needs a copy of a sub-partner by itself. */
export type Refusal = { readonly from: "foreign" } | { readonly from: "unbound" };

type ListOptions = Pick<CustomersCommand, "filter" | "page" | "max" | "sort" | "fresh">;

/**
 * The API's own filters are asked live, everything else is looked up in the copy. Several statuses take the API several
 * calls, so they are asked live only when somebody wants it fresh.
 */
export function chooseSource(asked: ListOptions, scope: Scope): DataSource {
  const filter = within(asked.filter, scope);
  if (filter === undefined) return { from: "foreign" };
  const { query, needsSnapshot } = liveQuery(filter, asked);
  const isLive = needsSnapshot.length === 0 && asked.sort === undefined;
  const scoped = scope === WHOLE_TOKEN ? query : { ...query, subpartner: scope };
  const inSnapshot = !filter.some(isOfSubpartner);
  if (isLive && (query.statuses.length < 2 || asked.fresh || !inSnapshot)) {
    return { from: "live", query: scoped, filter, inSnapshot };
  }
  if (!inSnapshot) return { from: "unbound" };
  return { from: "snapshot", filter, ...(isLive && { query: scoped }) };
}

/** The same for what only the copy can answer: counts and files. */
export function snapshotFilter(
  filter: Filter,
  scope: Scope,
): { readonly from: "snapshot"; readonly filter: Filter } | Refusal {
  const rest = within(filter, scope);
  if (rest === undefined) return { from: "foreign" };
  return rest.some(isOfSubpartner) ? { from: "unbound" } : { from: "snapshot", filter: rest };
}

/** Without what a bound space says by itself; undefined when the filter looks beyond it. */
function within(filter: Filter, scope: Scope): Filter | undefined {
  if (scope === WHOLE_TOKEN) return filter;
  const isOwn = ({ negated, values }: Term) =>
    !negated && values.every(({ text, prefix }) => text === scope && !prefix);
  if (!filter.filter(isOfSubpartner).every(isOwn)) return undefined;
  return filter.filter((term) => !isOfSubpartner(term));
}

function isOfSubpartner({ field }: Term): boolean {
  return field === "subpartner";
}
