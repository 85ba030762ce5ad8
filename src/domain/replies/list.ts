import type { CustomersCommand } from "../commands/command.ts";
import { format, formatFilter } from "../commands/format.ts";
import { titleOf } from "../customers/customer.ts";
import type { Reply } from "./reply.ts";
import type { Button, CustomersView } from "./views.ts";

/** One page of customers, wherever it came from. `page` is the one that is shown, which is not always the one asked for. */
export type ListPage = Omit<CustomersView, "kind" | "filter" | "firstRow" | "buttons">;

/** The list card, and its rows for `open 16`. */
export function listReply(command: CustomersCommand, listed: ListPage): Reply {
  const shown = { ...command, page: listed.page };
  const firstRow = (shown.page - 1) * shown.max + 1;
  const view: CustomersView = {
    kind: "customers",
    filter: formatFilter(command.filter),
    firstRow,
    ...listed,
    buttons: listButtons(shown, listed),
  };
  const rows = view.customers.map((customer, index) => ({
    row: firstRow + index,
    customerId: customer.id,
    title: titleOf(customer),
  }));
  return { view, rows };
}

/** At most five, and never a dead one: no Prev on the first page, no Next on the last, nothing to open in an empty list. */
function listButtons(command: CustomersCommand, { customers, hasMore }: ListPage): readonly Button[] {
  const asked = { ...command, fresh: false };
  const open: Button = { title: "Open", command: "customer", main: true, inputs: ["customer"] };
  const previous: Button = { title: "‹ Prev", command: format({ ...asked, page: command.page - 1 }) };
  const next: Button = { title: "Next ›", command: format({ ...asked, page: command.page + 1 }) };
  const filter: Button = { title: "Filter", command: format({ name: "find", filter: command.filter }) };
  const refresh: Button = { title: "Refresh", command: format({ ...command, fresh: true }) };
  return [
    ...(customers.length > 0 ? [open] : []),
    ...(command.page > 1 ? [previous] : []),
    ...(hasMore ? [next] : []),
    filter,
    refresh,
  ];
}
