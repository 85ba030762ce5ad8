import { isSearch } from "../commands/correct-search.ts";
import type { CustomersCommand } from "../commands/customers.ts";
import { describeFilter, format } from "../commands/format.ts";
import type { Command } from "../commands/registry.ts";
import { titleOf } from "../customers/customer.ts";
import type { Filter } from "../customers/filter.ts";
import type { ListQuery } from "../customers/list-query.ts";
import { describeNoAnswer, isUnanswered } from "../external-failure.ts";
import { formatDuration, formatNumber } from "../views/text.ts";
import type { Button, CustomersView } from "../views/views.ts";
import { findAlsoInError } from "./also-in-error.ts";
import {
  boundSubpartner,
  chooseSource,
  noSourceReply,
  notReadYet,
  type SnapshotState,
  snapshotState,
  staleNotes,
  withKnownNames,
} from "./data-source.ts";
import { didYouMean } from "./error-views.ts";
import { likelySearch } from "./likely-search.ts";
import type { Reply, ReplyContext } from "./reply.ts";
import { nothingFound, searchNotes } from "./search-note.ts";

/** One page of customers, live or from the snapshot (PRODUCT 2, last paragraph). */
export async function replyCustomers(command: CustomersCommand, context: ReplyContext): Promise<Reply> {
  const source = chooseSource(command, context.scope);
  switch (source.from) {
    case "live":
      return source.inSnapshot
        ? liveOrSnapshot({ command, ...source }, context)
        : listReply(command, await livePage(command, source.query, context), context);
    case "snapshot":
      return fromSnapshot({ command, ...source }, context);
    default:
      return noSourceReply(source, context);
  }
}

interface ListRequest {
  readonly command: CustomersCommand;
  readonly filter: Filter;
}

/** Live; from the snapshot when the API does not answer, because an older answer is better than none. */
async function liveOrSnapshot(
  request: ListRequest & { readonly query: ListQuery },
  context: ReplyContext,
): Promise<Reply> {
  try {
    return listReply(request.command, await livePage(request.command, request.query, context), context);
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    const state = await snapshotState(context);
    if (state.state !== "complete") throw error;
    const noted = { ...state, notes: [...state.notes, apiUnavailableNote(error, state)] };
    return listReply(request.command, await snapshotPage(request, noted, context), context);
  }
}

async function fromSnapshot(
  request: ListRequest & { readonly query?: ListQuery },
  context: ReplyContext,
): Promise<Reply> {
  const state = await snapshotState(context);
  if (state.state !== "complete" && request.query !== undefined) {
    return listReply(request.command, await livePage(request.command, request.query, context), context);
  }
  if (state.state === "empty") return notReadYet(request.command, context);
  return listReply(request.command, await snapshotPage(request, state, context), context);
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
  state: SnapshotState,
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
  const requested = await find(command.page);
  const last = Math.max(1, Math.ceil(requested.total / max));
  const page = Math.min(command.page, last);
  const { records, total } = page === command.page ? requested : await find(page);
  const beyond = page === command.page ? [] : [`There is no page ${formatNumber(command.page)}: this is the last one.`];
  return {
    page,
    customers: records.map(({ customer }) => customer),
    hasMore: page * max < total,
    total,
    unreadable: 0,
    freshness: state.freshness,
    notes: [...state.notes, ...beyond],
    ...(await boundSubpartner(context)),
  };
}

/** The note on an answer from the snapshot that would be live if the API answered. */
export function apiUnavailableNote(error: unknown, { freshness: { readAt, now } }: SnapshotState): string {
  const age = readAt === undefined ? "" : `, ${formatDuration(now - readAt)} old`;
  const { why, hint } = describeNoAnswer(error);
  const note = `The Wholesale API ${why}: this is from the bot’s own copy${age}.`;
  return hint === undefined ? note : `${note} ${hint}`;
}

/** One page of customers, live or from the snapshot. `page` is the page shown, which differs from the command's beyond the end. */
export type ListPage = Omit<CustomersView, "kind" | "filter" | "firstRow" | "nothing" | "buttons">;

/** The list card, and its rows for `open 16`. What was searched for is said, because any sentence may be a search. */
async function listReply(command: CustomersCommand, found: ListPage, context: ReplyContext): Promise<Reply> {
  const isNothing = found.customers.length === 0 && command.filter.some(isSearch) && found.page === 1;
  const also = await findAlsoInError(command, context);
  const notes = [
    ...(isNothing ? [] : searchNotes(command.filter)),
    ...(also === undefined ? [] : [also.note]),
    ...found.notes,
  ];
  const listed = { ...found, notes };
  const shown = { ...command, page: listed.page };
  const meant = isNothing ? await likelySearch(command, context) : undefined;
  const firstRow = (shown.page - 1) * shown.max + 1;
  const view: CustomersView = {
    kind: "customers",
    filter: describeFilter(command.filter),
    firstRow,
    ...listed,
    ...(isNothing && { nothing: nothingFound(command.filter) }),
    buttons: [
      ...(isNothing ? buttonsOfNothing(shown, meant) : listButtons(shown, listed)),
      ...(also === undefined ? [] : [also.button]),
      ...(listed.customers.length > 0 ? [exportButton(command)] : []),
    ].slice(0, MAX_BUTTONS),
  };
  const rows = view.customers.map((customer, index) => ({
    row: firstRow + index,
    customerId: customer.id,
    title: titleOf(customer),
  }));
  return { view, rows, ...(meant && { offer: format(meant) }) };
}

/** Buttons: the command that was probably meant, the list without the search, and other ways to ask. */
function buttonsOfNothing(command: CustomersCommand, meant: Command | undefined): readonly Button[] {
  const others = command.filter.filter((term) => !isSearch(term));
  const wider = { title: "Without the search", command: format({ ...command, filter: others, page: 1 }) };
  return [
    ...(meant === undefined ? [] : [{ ...didYouMean(format(meant)), main: true }]),
    ...(others.length === 0 ? [] : [wider]),
    { title: "Filter", command: format({ name: "find", filter: command.filter, more: false }) },
    { title: "Help", command: "help" },
  ];
}

/** A list in its middle has no room for the last one, the export, which is on the form of Filter as well. */
const MAX_BUTTONS = 5;

const exportButton = ({ filter, sort }: CustomersCommand): Button => ({
  title: "Export",
  command: format({ name: "export", filter, ...(sort !== undefined && { sort }) }),
});

/** At most five, and only those that do something: no Prev on the first page, no Next on the last, no Open in an empty list. */
function listButtons(command: CustomersCommand, { customers, hasMore }: ListPage): readonly Button[] {
  const cached = { ...command, fresh: false };
  const open: Button = { title: "Open", command: "customer", main: true, inputs: ["customer"] };
  const previous: Button = { title: "‹ Prev", command: format({ ...cached, page: command.page - 1 }) };
  const next: Button = { title: "Next ›", command: format({ ...cached, page: command.page + 1 }) };
  const filter: Button = { title: "Filter", command: format({ name: "find", filter: command.filter, more: false }) };
  const refresh: Button = { title: "Refresh", command: format({ ...command, fresh: true }) };
  return [
    ...(customers.length > 0 ? [open] : []),
    ...(command.page > 1 ? [previous] : []),
    ...(hasMore ? [next] : []),
    filter,
    refresh,
  ];
}
