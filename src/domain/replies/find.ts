import type { FindCommand } from "../commands/command.ts";
import { CUSTOMER_STATUSES } from "../customers/customer.ts";
import type { FilterField } from "../customers/filter.ts";
import { PAGE_SIZE } from "../customers/page.ts";
import type { Reply } from "./reply.ts";

/** The filter form, filled in with the filter in force. It offers what can be answered today, and nothing else. */
export function replyFind({ filter }: FindCommand): Reply {
  const valuesOf = (field: FilterField) =>
    filter
      .filter((term) => term.field === field && !term.negated)
      .flatMap((term) => term.values.map(({ text }) => text));
  const chosen = valuesOf("status");
  return {
    view: {
      kind: "find",
      notes: [],
      externalId: valuesOf("externalId").at(0) ?? "",
      orgId: valuesOf("orgId").at(0) ?? "",
      statuses: [...new Set([...CUSTOMER_STATUSES, ...chosen])],
      chosen,
      max: PAGE_SIZE.usual,
      buttons: [
        {
          title: "Apply",
          command: "customers",
          main: true,
          takes: ["externalId", "orgId", "status[]", "max"],
        },
        { title: "Clear", command: "customers" },
      ],
    },
  };
}
