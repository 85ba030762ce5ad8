import type { CustomerCommand } from "../commands/customer.ts";
import type { CustomerRef } from "../commands/customer-ref.ts";
import type { NumberCommand } from "../commands/number.ts";
import { type Customer, titleOf } from "../customers/customer.ts";
import { isExternalFailure, isUnanswered } from "../external-failure.ts";
import type { Licenses } from "../ports/wholesale.ts";
import { customerButton } from "../views/customer-button.ts";
import type { CustomerView } from "../views/views.ts";
import { apiUnavailableNote } from "./customers.ts";
import { boundSubpartner, snapshotState, staleNotes } from "./data-source.ts";
import { askWhichCustomer, chooseAmong, findLive, findRecords, notFound } from "./find-customer.ts";
import type { Reply, ReplyContext } from "./reply.ts";

/** The card of one customer, live; from the snapshot when the API does not answer. */
export async function replyCustomer(command: CustomerCommand, context: ReplyContext): Promise<Reply> {
  const { ref, fresh } = command;
  if (ref === undefined) return askWhichCustomer("customer", context);
  try {
    const found = await findLive(ref, { context, fresh });
    if (found === undefined) return notFound(ref, "customer", context);
    if ("several" in found) return chooseAmong(found.several, "customer");
    const { customer, readAt, licenses = await licensesOf(customer, context) } = found;
    const notes = await staleNotes(context);
    return customerReply({ customer, licenses, freshness: { source: "live", readAt }, notes }, context);
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    return (await fromSnapshot(ref, context, error)) ?? Promise.reject(error);
  }
}

/** Only an answer by id has them, and the card is complete enough without. */
async function licensesOf({ id }: Customer, { wholesale }: ReplyContext): Promise<Licenses> {
  try {
    return (await wholesale.get(id, { fresh: false }))?.licenses ?? [];
  } catch (error) {
    if (!isExternalFailure(error)) throw error;
    return [];
  }
}

/** A number that is no row, external id, code or zip that the bot knows: the API may know it as an id. */
export function replyNumber({ digits }: NumberCommand, context: ReplyContext): Promise<Reply> {
  return replyCustomer({ name: "customer", ref: { by: "any", value: digits }, fresh: false }, context);
}

/** Undefined when the snapshot does not have the customer either: then the failure of the API is the answer. */
async function fromSnapshot(ref: CustomerRef, context: ReplyContext, error: unknown): Promise<Reply | undefined> {
  const snapshot = await snapshotState(context);
  const [record, ...others] = snapshot.state === "complete" ? await findRecords(ref, context) : [];
  if (record === undefined) return undefined;
  const { customer } = record;
  if (others.length > 0) return chooseAmong([customer, ...others.map((other) => other.customer)], "customer");
  const notes = [...snapshot.notes, apiUnavailableNote(error, snapshot)];
  return customerReply({ customer, freshness: snapshot.freshness, notes }, context);
}

type CustomerContent = Pick<CustomerView, "customer" | "licenses" | "freshness" | "notes">;

async function customerReply(content: CustomerContent, context: ReplyContext): Promise<Reply> {
  const { id } = content.customer;
  const rows = [{ row: 1, customerId: id, title: titleOf(content.customer) }];
  const list = await context.lastList();
  const records = await context.snapshot.get(context.scope, id);
  const record = records.find(({ customer }) => customer.id === id);
  const view: CustomerView = {
    kind: "customer",
    ...content,
    customer: withName(content.customer, record?.customer.name),
    since: record?.since ?? {},
    alerts: await context.alerts.activeOfCustomer(context.scope, id),
    ...(await boundSubpartner(context)),
    buttons: [
      customerButton("Refresh", content.customer, "customer", { fresh: true }),
      customerButton("History", content.customer, "history"),
      customerButton("Subscribers", content.customer, "subscribers"),
      { title: "Back to list", command: list?.command ?? "customers" },
    ],
  };
  return { view, rows };
}

function withName(customer: Customer, name: string | undefined): Customer {
  return customer.name !== undefined || name === undefined ? customer : { ...customer, name };
}
