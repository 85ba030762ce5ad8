import type { CustomersCommand } from "../commands/customers.ts";
import { format, formatFilter } from "../commands/format.ts";
import { titleOf } from "../customers/customer.ts";
import type { Filter } from "../customers/filter.ts";
import type { ListQuery } from "../customers/list-query.ts";
import { isRetryable } from "../external-failure.ts";
import { formatDuration, formatNumber } from "../views/text.ts";
import type { Button, CustomersView } from "../views/views.ts";
import {
  boundSubpartner,
  chooseSource,
  notReadYet,
  refusalReply,
  type SnapshotState,
  snapshotState,
  staleNotes,
  withKnownNames,
} from "./data-source.ts";
import type { Reply, ReplyContext } from "./reply.ts";

/** The list card: one page of customers, live or from the copy (PRODUCT 2, last paragraph). */
export async function replyCustomers(command: CustomersCommand, context: ReplyContext): Promise<Reply> {
  const plan = chooseSource(command, context.scope);
  switch (plan.from) {
    case "live":
      return plan.inSnapshot
        ? liveOrSnapshot({ command, ...plan }, context)
        : listReply(command, await livePage(command, plan.query, context));
    case "snapshot":
      return fromSnapshot({ command, ...plan }, context);
    default:
      return refusalReply(plan, context);
  }
}

interface ListRequest {
  readonly command: CustomersCommand;
  readonly filter: Filter;
}

/** An older answer is better than none: when Webex does not answer, the copy does. */
async function liveOrSnapshot(ask: ListRequest & { readonly query: ListQuery }, context: ReplyContext): Promise<Reply> {
  try {
    return listReply(ask.command, await livePage(ask.command, ask.query, context));
  } catch (error) {
    if (!isRetryable(error)) throw error;
    const copy = await snapshotState(context);
    if (copy.state !== "complete") throw error;
    return listReply(
      ask.command,
      await snapshotPage(ask, { ...copy, notes: [...copy.notes, apiUnavailableNote(copy)] }, context),
    );
  }
}

async function fromSnapshot(ask: ListRequest & { readonly query?: ListQuery }, context: ReplyContext): Promise<Reply> {
  const copy = await snapshotState(context);
  if (copy.state !== "complete" && ask.query !== undefined) {
    return listReply(ask.command, await livePage(ask.command, ask.query, context));
  }
  if (copy.state === "empty") return notReadYet(ask.command, context);
  return listReply(ask.command, await snapshotPage(ask, copy, context));
}

async function livePage({ fresh, page }: CustomersCommand, query: ListQuery, context: ReplyContext): Promise<ListPage> {
  const { customers, hasMore, unreadable, readAt } = await context.wholesale.list(query, { fresh });
  return {
    page,
    customers: await withKnownNames(customers, context),
    hasMore,
    unreadable,
    freshness: { source: "live", readAt },
    notes: await staleNotes(context),
    ...(await boundSubpartner(context)),
  };
}

async function snapshotPage(
  { command, filter }: ListRequest,
  copy: SnapshotState,
  context: ReplyContext,
): Promise<ListPage> {
  const { max, sort } = command;
  const find = (page: number) =>
    context.snapshot.find(context.scope, {
      filter,
      ...(sort !== undefined && { sort }),
      offset: (page - 1) * max,
      max,
      now: context.clock(),
    });
  const asked = await find(command.page);
  const last = Math.max(1, Math.ceil(asked.total / max));
  const page = Math.min(command.page, last);
  const { records, total } = page === command.page ? asked : await find(page);
  const beyond = page === command.page ? [] : [`There is no page ${formatNumber(command.page)}: this is the last one.`];
  return {
    page,
    customers: records.map(({ customer }) => customer),
    hasMore: page * max < total,
    total,
    unreadable: 0,
    freshness: copy.freshness,
    notes: [...copy.notes, ...beyond],
    ...(await boundSubpartner(context)),
  };
}

/** What is said with an answer that Webex itself should have given. */
export function apiUnavailableNote({ freshness: { readAt, now } }: SnapshotState): string {
  const age = readAt === undefined ? "" : `, ${formatDuration(now - readAt)} old`;
  return `The Wholesale API does not answer at the moment: this is from the bot’s own copy${age}.`;
}

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
