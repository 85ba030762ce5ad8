import type { CustomersCommand } from "../commands/command.ts";
import type { Filter } from "../customers/filter.ts";
import type { ListQuery } from "../customers/page.ts";
import { isPassing } from "../trouble.ts";
import { boundTo, refuse } from "./bound.ts";
import { type Copy, copyOf, notReadYet, staleNotes } from "./copy.ts";
import { figure } from "./figures.ts";
import { type Listed, listReply } from "./list.ts";
import { named } from "./names.ts";
import { planOf } from "./plan.ts";
import type { Context, Reply } from "./reply.ts";
import { spanOf } from "./span.ts";

/** The list card: one page of customers, live or from the copy (PRODUCT 2, last paragraph). */
export async function replyCustomers(command: CustomersCommand, context: Context): Promise<Reply> {
  const plan = planOf(command, context.scope);
  switch (plan.from) {
    case "live":
      return plan.inCopy
        ? liveOrCopy({ command, ...plan }, context)
        : listReply(command, await live(command, plan.query, context));
    case "copy":
      return fromCopy({ command, ...plan }, context);
    default:
      return refuse(plan, context);
  }
}

interface Ask {
  readonly command: CustomersCommand;
  readonly filter: Filter;
}

/** An older answer is better than none: when Webex does not answer, the copy does. */
async function liveOrCopy(ask: Ask & { readonly query: ListQuery }, context: Context): Promise<Reply> {
  try {
    return listReply(ask.command, await live(ask.command, ask.query, context));
  } catch (error) {
    if (!isPassing(error)) throw error;
    const copy = await copyOf(context);
    if (copy.state !== "complete") throw error;
    return listReply(
      ask.command,
      await lookUp(ask, { ...copy, notes: [...copy.notes, unansweredNote(copy)] }, context),
    );
  }
}

async function fromCopy(ask: Ask & { readonly query?: ListQuery }, context: Context): Promise<Reply> {
  const copy = await copyOf(context);
  if (copy.state !== "complete" && ask.query !== undefined) {
    return listReply(ask.command, await live(ask.command, ask.query, context));
  }
  if (copy.state === "empty") return notReadYet(ask.command, context);
  return listReply(ask.command, await lookUp(ask, copy, context));
}

async function live({ fresh, page }: CustomersCommand, query: ListQuery, context: Context): Promise<Listed> {
  const { customers, hasMore, unreadable, readAt } = await context.wholesale.list(query, { fresh });
  return {
    page,
    customers: await named(customers, context),
    hasMore,
    unreadable,
    freshness: { source: "live", readAt },
    notes: await staleNotes(context),
    ...(await boundTo(context)),
  };
}

async function lookUp({ command, filter }: Ask, copy: Copy, context: Context): Promise<Listed> {
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
  const beyond = page === command.page ? [] : [`The last page is ${figure(last)}; here it is.`];
  return {
    page,
    customers: records.map(({ customer }) => customer),
    hasMore: page * max < total,
    total,
    unreadable: 0,
    freshness: copy.freshness,
    notes: [...copy.notes, ...beyond],
    ...(await boundTo(context)),
  };
}

/** What is said with an answer that Webex itself should have given. */
export function unansweredNote({ freshness: { readAt, now } }: Copy): string {
  const age = readAt === undefined ? "" : `, ${spanOf(now - readAt)} old`;
  return `Webex does not answer at the moment: this is from my own copy${age}.`;
}
