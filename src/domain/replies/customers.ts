import type { CustomersCommand } from "../commands/command.ts";
import { format, formatFilter } from "../commands/format.ts";
import { titleOf } from "../customers/customer.ts";
import type { Term } from "../customers/filter.ts";
import { liveQuery } from "../customers/live.ts";
import type { CustomerPage } from "../customers/page.ts";
import type { Context, Reply } from "./reply.ts";
import type { Button, CustomersView } from "./views.ts";

/** The list card: one page of customers, asked live (PRODUCT 2, last paragraph). */
export async function replyCustomers(command: CustomersCommand, context: Context): Promise<Reply> {
  const { query, needsSnapshot } = liveQuery(command.filter, command);
  if (needsSnapshot.length > 0 || command.sort !== undefined) return needsMore(command, needsSnapshot);
  const page = await context.wholesale.list(query, { fresh: command.fresh });
  const view = listView(command, page);
  const rows = view.customers.map((customer, index) => ({
    row: view.firstRow + index,
    customerId: customer.id,
    title: titleOf(customer),
  }));
  return { view, rows };
}

function listView(command: CustomersCommand, page: CustomerPage): CustomersView {
  return {
    kind: "customers",
    filter: formatFilter(command.filter),
    page: command.page,
    firstRow: (command.page - 1) * command.max + 1,
    customers: page.customers,
    hasMore: page.hasMore,
    unreadable: page.unreadable,
    freshness: { source: "live", readAt: page.readAt },
    notes: [],
    buttons: listButtons(command, page),
  };
}

/** At most five, and never a dead one: no Prev on the first page, no Next on the last, nothing to open in an empty list. */
function listButtons(command: CustomersCommand, page: CustomerPage): readonly Button[] {
  const asked = { ...command, fresh: false };
  const open: Button = { title: "Open", command: "customer", main: true, takes: ["customer"] };
  const previous: Button = { title: "‹ Prev", command: format({ ...asked, page: command.page - 1 }) };
  const next: Button = { title: "Next ›", command: format({ ...asked, page: command.page + 1 }) };
  const filter: Button = { title: "Filter", command: format({ name: "find", filter: command.filter }) };
  const refresh: Button = { title: "Refresh", command: format({ ...command, fresh: true }) };
  return [
    ...(page.customers.length > 0 ? [open] : []),
    ...(command.page > 1 ? [previous] : []),
    ...(page.hasMore ? [next] : []),
    filter,
    refresh,
  ];
}

/** Honest about what the list API cannot answer by itself, with the nearest question that it can. */
function needsMore(command: CustomersCommand, terms: readonly Term[]): Reply {
  const { sort, ...unsorted } = command;
  const rest = { ...unsorted, filter: command.filter.filter((term) => !terms.includes(term)), page: 1 };
  const asked = [
    ...terms.map((term) => `“${formatFilter([term])}”`),
    ...(sort === undefined ? [] : [`“sort=${sort}”`]),
  ];
  const instead = format(rest);
  return {
    view: {
      kind: "notice",
      tone: "warning",
      title: "I can’t answer that yet",
      lines: [
        `${asked.join(", ")}: the Wholesale API cannot filter or sort by this, and this version keeps no copy of all customers to look it up in.`,
        "What works now: status=…, externalId=…, orgId=…, subpartner=…, page=… and max=….",
      ],
      facts: [],
      buttons: [
        {
          title: rest.filter.length > 0 ? `Show ${formatFilter(rest.filter)}` : "Show all customers",
          command: instead,
          main: true,
        },
        { title: "Filter", command: format({ name: "find", filter: rest.filter }) },
      ],
    },
  };
}
