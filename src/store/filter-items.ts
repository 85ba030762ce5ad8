import type { ExpressionBuilder } from "kysely";
import type { Filter, Term } from "../domain/customers/filter.ts";
import { WHOLE_PLACE } from "./customer-rows.ts";
import { likeAny } from "./filter-terms.ts";
import type { Tables } from "./schema.ts";

type Customers = ExpressionBuilder<Tables, "customers">;

/** The customers one of whose packages meets all these terms; a code may stand at that package, or at the customer itself. */
export function havingAll(is: Customers, scope: string, terms: Filter) {
  const codes = terms.filter(({ field }) => field === "code");
  const others = terms.filter(({ field }) => field !== "code");
  return others.length === 0 ? havingCodes(is, scope, codes) : havingItem(is, scope, { others, codes });
}

interface ItemTerms {
  readonly others: Filter;
  readonly codes: Filter;
}

function havingItem(is: Customers, scope: string, { others, codes }: ItemTerms) {
  return is
    .selectFrom("items")
    .select("items.customerKey")
    .where("items.scope", "=", scope)
    .where((item) =>
      item.and([
        ...others.map((term) => likeAny(item, columnOf(term), term)),
        // Said twice: first so that the few customers with the code are found by it, then place by place.
        ...codes.map((term) => item("items.customerKey", "in", withCode(item, scope, term))),
        ...codes.map((term) => item.exists(codeAt(item, term))),
      ]),
    );
}

const columnOf = ({ field }: Term) => (field === "package" ? "items.nameKey" : "items.statusKey");

const withCode = (is: ExpressionBuilder<Tables, "items">, scope: string, term: Term) =>
  is
    .selectFrom("codes")
    .select("codes.customerKey")
    .where("codes.scope", "=", scope)
    .where((code) => likeAny(code, "codes.code", term));

const codeAt = (is: ExpressionBuilder<Tables, "items">, term: Term) =>
  is
    .selectFrom("codes")
    .select("codes.code")
    .whereRef("codes.customerKey", "=", "items.customerKey")
    .where((code) =>
      code.and([
        code.or([code("codes.place", "=", WHOLE_PLACE), code("codes.place", "=", code.ref("items.place"))]),
        likeAny(code, "codes.code", term),
      ]),
    );

/**
 * The same for codes alone, when the place may also be the customer itself. Some code that meets a term stands at the place
 * in question (`here`); every other term is met there too, or at the customer.
 */
function havingCodes(is: Customers, scope: string, terms: Filter) {
  const values = terms.flatMap((term) => term.values);
  return is
    .selectFrom("codes as here")
    .select("here.customerKey")
    .where("here.scope", "=", scope)
    .where((here) => likeAny(here, "here.code", { field: "code", values }))
    .$if(terms.length > 1, (query) =>
      query.where((here) =>
        here.and(
          terms.map((term) =>
            here.exists(
              here
                .selectFrom("codes as there")
                .select("there.code")
                .whereRef("there.customerKey", "=", "here.customerKey")
                .where((there) =>
                  there.and([
                    there.or([
                      there("there.place", "=", WHOLE_PLACE),
                      there("there.place", "=", there.ref("here.place")),
                    ]),
                    likeAny(there, "there.code", term),
                  ]),
                ),
            ),
          ),
        ),
      ),
    );
}

/** A package, or for a code any place of the customer at all, that meets a term. */
export function havingAny(is: Customers, term: Term) {
  if (term.field === "code") {
    return is
      .selectFrom("codes")
      .select("codes.customerKey")
      .whereRef("codes.customerKey", "=", "customers.key")
      .where((code) => likeAny(code, "codes.code", term));
  }
  return is
    .selectFrom("items")
    .select("items.customerKey")
    .whereRef("items.customerKey", "=", "customers.key")
    .where((item) => likeAny(item, columnOf(term), term));
}
