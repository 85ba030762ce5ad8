import type { CustomerCommand, CustomerRef } from "../commands/command.ts";
import { format } from "../commands/format.ts";
import type { Customer } from "../customers/customer.ts";
import { isPassing } from "../trouble.ts";
import { boundTo } from "./bound.ts";
import { chooseFirst, chooseOne, commandFor, notFound } from "./choose.ts";
import { copyOf, staleNotes } from "./copy.ts";
import { unansweredNote } from "./customers.ts";
import { recordsOf } from "./known.ts";
import { findLive } from "./one.ts";
import type { Context, Reply } from "./reply.ts";
import type { CustomerView } from "./views.ts";

/** The detail card of one customer, however it was pointed at; from the copy where Webex does not answer. */
export async function replyCustomer(command: CustomerCommand, context: Context): Promise<Reply> {
  const { ref, fresh } = command;
  if (ref === undefined) return chooseFirst("customer", context);
  try {
    const found = await findLive(ref, { context, fresh });
    if (found === undefined) return notFound(ref, "customer", context);
    if ("several" in found) return chooseOne(found.several, "customer");
    const { customer, readAt } = found;
    return detail(
      { customer, freshness: { source: "live", readAt }, notes: await staleNotes(context) },
      context,
    );
  } catch (error) {
    if (!isPassing(error)) throw error;
    return (await fromCopy(ref, context)) ?? Promise.reject(error);
  }
}

/** Undefined where the copy cannot tell, so that the trouble itself is told. */
async function fromCopy(ref: CustomerRef, context: Context): Promise<Reply | undefined> {
  const copy = await copyOf(context);
  const [record, ...others] = copy.state === "complete" ? await recordsOf(ref, context) : [];
  if (record === undefined) return undefined;
  if (others.length > 0) {
    return chooseOne(
      [record, ...others].map(({ customer }) => customer),
      "customer",
    );
  }
  const { customer } = record;
  return detail(
    { customer, freshness: copy.freshness, notes: [...copy.notes, unansweredNote(copy)] },
    context,
  );
}

type Told = Pick<CustomerView, "customer" | "freshness" | "notes">;

async function detail(told: Told, context: Context): Promise<Reply> {
  const { id } = told.customer;
  const list = await context.lastList();
  const records = await context.snapshot.get(context.scope, id);
  const record = records.find(({ customer }) => customer.id === id);
  const view: CustomerView = {
    kind: "customer",
    ...told,
    customer: withName(told.customer, record?.customer.name),
    since: record?.since ?? {},
    alerts: await context.alerts.ofCustomer(context.scope, id),
    ...(await boundTo(context)),
    buttons: [
      { title: "Refresh", command: format({ name: "customer", ref: { by: "id", value: id }, fresh: true }) },
      { title: "History", command: commandFor(id, "history") },
      { title: "Back to list", command: list?.command ?? "customers" },
    ],
  };
  return { view };
}

function withName(customer: Customer, name: string | undefined): Customer {
  return customer.name !== undefined || name === undefined ? customer : { ...customer, name };
}
