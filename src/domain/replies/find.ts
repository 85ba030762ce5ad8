import type { FindCommand } from "../commands/find.ts";
import { format, formatFilter } from "../commands/format.ts";
import { CUSTOMER_STATUSES } from "../customers/customer.ts";
import type { Term } from "../customers/filter.ts";
import { FIELD_DEFINITIONS, FILTER_FIELDS, type FilterField } from "../customers/filter-fields.ts";
import { PAGE_SIZE } from "../customers/list-query.ts";
import type { Reply } from "./reply.ts";

const fieldsWithInput = (kind: "one" | "several") =>
  FILTER_FIELDS.filter((field) => FIELD_DEFINITIONS[field].formInput === kind);

/** The ids of the inputs in the card template; an input for several values has `[]` behind its field. */
const FORM_INPUTS = [...fieldsWithInput("one"), ...fieldsWithInput("several").map((field) => `${field}[]`)];

/** The filter form, filled in with the present filter. Terms without an input on the form stay in force. */
export function replyFind({ filter }: FindCommand): Reply {
  const kept = filter.filter((term) => !isOnForm(term));
  const valuesOf = (field: FilterField) =>
    filter
      .filter((term) => term.field === field && isOnForm(term))
      .flatMap((term) => term.values.map(({ text }) => text));
  const chosen = valuesOf("status");
  return {
    view: {
      kind: "find",
      notes: kept.length > 0 ? [`Also filtered by: ${formatFilter(kept)}.`] : [],
      externalId: valuesOf("externalId").at(0) ?? "",
      orgId: valuesOf("orgId").at(0) ?? "",
      statuses: [...new Set([...CUSTOMER_STATUSES, ...chosen])],
      chosen,
      max: PAGE_SIZE.usual,
      buttons: [
        {
          title: "Apply",
          command: format({ name: "customers", filter: kept, page: 1, max: PAGE_SIZE.usual, fresh: false }),
          main: true,
          inputs: [...FORM_INPUTS, "max"],
        },
        { title: "Clear", command: "customers" },
      ],
    },
  };
}

/** An input of the form holds plain values only. */
function isOnForm({ field, negated, values }: Term): boolean {
  const { formInput } = FIELD_DEFINITIONS[field];
  if (formInput === undefined || negated || values.some(({ prefix }) => prefix)) return false;
  return formInput === "several" || values.length === 1;
}
