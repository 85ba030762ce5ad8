import { format } from "../commands/format.ts";
import type { SubscribersCommand } from "../commands/subscribers.ts";
import { type Customer, titleOf } from "../customers/customer.ts";
import { WHOLE_TOKEN } from "../customers/sweep.ts";
import { isForbidden } from "../external-failure.ts";
import type { Subscriber, SubscriberPage } from "../ports/wholesale.ts";
import { customerButton } from "../views/customer-button.ts";
import type { Button, SubscribersView } from "../views/views.ts";
import { boundSubpartner } from "./data-source.ts";
import { askWhichCustomer, chooseAmong, findLive, notFound } from "./find-customer.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";

const PAGE = 20;

/** The subscribers of a customer, or with an address: asked live, and never stored (PRODUCT 2). */
export async function replySubscribers(command: SubscribersCommand, context: ReplyContext): Promise<Reply> {
  const { ref, email } = command;
  if (email !== undefined) return subscribersWith(email, command, context);
  if (ref === undefined) return askWhichCustomer("subscribers", context);
  const found = await findLive(ref, { context, fresh: false });
  if (found === undefined) return notFound(ref, "subscribers", context);
  if ("several" in found) return chooseAmong(found.several, "subscribers");
  const { customer } = found;
  const read = await readPage({ customerId: customer.id }, command, context);
  if (read === undefined) return notAllowed();
  const own = read.subscribers.filter((one) => isOf(one, customer));
  const [record] = await context.snapshot.get(context.scope, customer.id);
  const view = await subscribersView(
    command,
    { ...read, subscribers: own, left: read.subscribers.length - own.length },
    context,
  );
  const buttons = [
    customerButton("Customer", customer, "customer"),
    ...pageButtons({ ...command, ref: { by: "id", value: customer.id } }, read, customer.externalId),
  ];
  const rows = [{ row: 1, customerId: customer.id, title: titleOf(customer) }];
  return { view: { ...view, title: `Subscribers of ${titleOf(record?.customer ?? customer)}`, buttons }, rows };
}

/** Of any customer; in a bound space of its own customers alone, as far as the bot knows them (PRODUCT 5). */
async function subscribersWith(email: string, command: SubscribersCommand, context: ReplyContext): Promise<Reply> {
  const { snapshot, scope } = context;
  const read = await readPage({ email }, command, context);
  if (read === undefined) return notAllowed();
  const shown: { readonly subscriber: Subscriber; readonly customer?: Customer }[] = [];
  for (const subscriber of read.subscribers) {
    const records = await snapshot.get(scope, subscriber.customerId || subscriber.externalCustomerId);
    const customer = records.find((one) => isOf(subscriber, one.customer))?.customer;
    if (customer !== undefined || scope === WHOLE_TOKEN) shown.push({ subscriber, ...(customer && { customer }) });
  }
  const titled = shown.map(({ subscriber, customer }) => ({
    ...subscriber,
    customer: customer === undefined ? subscriber.externalCustomerId : titleOf(customer),
  }));
  const left = read.subscribers.length - shown.length;
  const view = await subscribersView(command, { ...read, subscribers: titled, left }, context);
  const customers = new Map(shown.flatMap(({ customer }) => (customer === undefined ? [] : [[customer.id, customer]])));
  const [only, ...others] = customers.values();
  const open = only === undefined || others.length > 0 ? [] : [customerButton("Customer", only, "customer")];
  return { view: { ...view, title: `Subscribers with ${email}`, buttons: [...open, ...pageButtons(command, read)] } };
}

/** Undefined when the token may not read subscribers. */
async function readPage(
  who: { readonly customerId: string } | { readonly email: string },
  { page }: SubscribersCommand,
  { wholesale }: ReplyContext,
): Promise<SubscriberPage | undefined> {
  try {
    return await wholesale.subscribers({ ...who, offset: (page - 1) * PAGE, max: PAGE });
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

function notAllowed(): Reply {
  return textReply("The bot may not read subscribers", [
    "Its Wholesale token lacks the scope spark-admin:wholesale_subscribers_read. The people who run this bot can add it: docs/connect.md says how.",
  ]);
}

/** The API may ignore a filter, so each row is compared. */
function isOf({ customerId, externalCustomerId }: Subscriber, { id, externalId }: Customer): boolean {
  return customerId === id || (externalId !== undefined && externalCustomerId === externalId);
}

interface ShownPage extends Omit<SubscriberPage, "subscribers"> {
  readonly subscribers: SubscribersView["subscribers"];
  /** Rows of others, which are not shown. */
  readonly left: number;
}

async function subscribersView(
  { page }: SubscribersCommand,
  { subscribers, hasMore, unreadable, left, readAt }: ShownPage,
  context: ReplyContext,
): Promise<Omit<SubscribersView, "title" | "buttons">> {
  return {
    kind: "subscribers",
    subscribers,
    firstRow: (page - 1) * PAGE + 1,
    hasMore,
    notShown: unreadable + left,
    freshness: { source: "live", readAt },
    ...(await boundSubpartner(context)),
  };
}

/** @param externalId the customer as people type it, for a plain text */
function pageButtons(command: SubscribersCommand, { hasMore }: SubscriberPage, externalId?: string): readonly Button[] {
  const { page } = command;
  const typed = externalId === undefined ? command : { ...command, ref: { by: "any", value: externalId } as const };
  const to = (title: string, other: number): Button => ({
    title,
    command: format({ ...command, page: other }),
    typed: format({ ...typed, page: other }),
  });
  return [
    ...(page > 1 ? [to("‹ Prev", page - 1)] : []),
    ...(hasMore ? [to("Next ›", page + 1)] : []),
    to("Refresh", page),
  ];
}
