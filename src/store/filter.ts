import type { Expression, ExpressionBuilder, ReferenceExpression, SqlBool } from "kysely";
import type { Filter, FilterField, Term } from "../domain/customers/filter.ts";
import { partsOf } from "../domain/customers/predicate.ts";
import { havingAll, havingAny } from "./filter-items.ts";
import { changedSince, likeAny, nameHolds, saysAny } from "./filter-terms.ts";
import type { Tables } from "./schema.ts";

type Customers = ExpressionBuilder<Tables, "customers">;

export interface Matching {
  readonly scope: string;
  readonly filter: Filter;
  readonly now: number;
}

/** The customers of a scope that match a filter, as the domain's `matches` has it. */
export const matching =
  ({ scope, filter, now }: Matching) =>
  (is: Customers): Expression<SqlBool> => {
    const { items, rest } = partsOf(filter);
    const wanted = items.filter((term) => !term.negated);
    const unwanted = items.filter((term) => term.negated);
    return is.and([
      is("customers.scope", "=", scope),
      ...rest.map((term) => rowHolds(is, term, now)),
      ...(wanted.length > 0 ? [is("customers.key", "in", havingAll(is, scope, wanted))] : []),
      ...unwanted.map((term) => is.not(is.exists(havingAny(is, term)))),
    ]);
  };

const COLUMNS: Partial<Record<FilterField, ReferenceExpression<Tables, "customers">>> = {
  status: "statusKey",
  externalId: "externalId",
  orgId: "orgId",
  country: "countryKey",
  state: "stateKey",
  city: "cityKey",
  zip: "zipKey",
};

function rowHolds(is: Customers, term: Term, now: number): Expression<SqlBool> {
  const anyHolds = anyValueHolds(is, term, now);
  return term.negated ? is.not(anyHolds) : anyHolds;
}

function anyValueHolds(is: Customers, term: Term, now: number): Expression<SqlBool> {
  if (term.field === "since") return changedSince(is, term, now);
  if (term.field === "name") return nameHolds(is, term);
  const column = COLUMNS[term.field];
  return column === undefined ? saysAny(is, term) : likeAny(is, column, term);
}
