import type { CustomerRef } from "../commands/customer-ref.ts";
import { format } from "../commands/format.ts";
import { parseFormatted } from "../commands/parse.ts";
import { quote } from "../commands/parse-error.ts";
import { type Customer, titleOf } from "../customers/customer.ts";
import { PAGE_SIZE } from "../customers/list-query.ts";
import type { CustomerRecord } from "../customers/record.ts";
import { WHOLE_TOKEN } from "../customers/sweep.ts";
import type { CardRow } from "../ports/messaging.ts";
import type { CustomerRead } from "../ports/wholesale.ts";
import { type CustomerPurpose, customerButton } from "../views/customer-button.ts";
import type { Button } from "../views/views.ts";
import { chooseSource } from "./data-source.ts";
import { didYouMean } from "./error-views.ts";
import { likelyText } from "./likely-search.ts";
import { type Reply, type ReplyContext, textReply } from "./reply.ts";

/** One more than there are buttons, so that the reply can say that there are more. */
const MAX_SAME_NAME = 6;

/** The customers of the snapshot that a reference may mean: none, one, or several to choose from. */
export async function findRecords(ref: CustomerRef, context: ReplyContext): Promise<readonly CustomerRecord[]> {
  switch (ref.by) {
    case "row":
      return recordsOfRow(ref.row, context);
    case "any":
      return recordsOfAny(ref.value, context);
    default:
      return recordsOfField(ref.by, ref.value, context);
  }
}

async function recordsOfAny(value: string, context: ReplyContext): Promise<readonly CustomerRecord[]> {
  const records = await context.snapshot.get(context.scope, value);
  return records.length > 0 ? records : findRecordsByName(value, context);
}

/** By the whole name; else by a part of it, as a list searches. */
async function findRecordsByName(
  name: string,
  { snapshot, scope, clock }: ReplyContext,
): Promise<readonly CustomerRecord[]> {
  const filter = [{ field: "text", negated: false, values: [{ text: name, prefix: false }] } as const];
  const { records } = await snapshot.find(scope, { filter, offset: 0, max: MAX_SAME_NAME, now: clock() });
  const exact = records.filter(({ customer }) => customer.name?.toLowerCase() === name.toLowerCase());
  return exact.length > 0 ? exact : records;
}

async function recordsOfField(
  field: "id" | "externalId" | "orgId",
  value: string,
  { snapshot, scope }: ReplyContext,
): Promise<readonly CustomerRecord[]> {
  const records = await snapshot.get(scope, value);
  return records.filter(({ customer }) => customer[field] === value);
}

async function recordsOfRow(row: number, context: ReplyContext): Promise<readonly CustomerRecord[]> {
  const list = await context.lastList();
  const shown = list?.rows.find((candidate) => candidate.row === row);
  if (shown !== undefined) return recordsOfField("id", shown.customerId, context);
  const further = list && (await recordAtRow(list.command, row, context));
  return further ? [further] : recordsOfField("externalId", String(row), context);
}

/** A row of another page of the list is queried again. Undefined beyond the end of the list. */
async function recordAtRow(
  listCommand: string,
  row: number,
  { snapshot, scope, clock }: ReplyContext,
): Promise<CustomerRecord | undefined> {
  const list = parseFormatted(listCommand);
  if (list?.name !== "customers") return undefined;
  const source = chooseSource({ ...list, page: row, max: 1 }, scope);
  if (source.from !== "snapshot" && source.from !== "live") return undefined;
  const { sort } = list;
  const { records } = await snapshot.find(scope, {
    filter: source.filter,
    ...(sort !== undefined && { sort }),
    offset: row - 1,
    max: 1,
    now: clock(),
  });
  return records[0];
}

/** No customer was named: offers the rows of the last list. */
export async function askWhichCustomer(purpose: CustomerPurpose, context: ReplyContext): Promise<Reply> {
  const rows = await shownRows(context);
  const how = `Type ${purpose === "customer" ? "open" : purpose} and the number of a row, or ${purpose} and an external ID.`;
  if (rows.length === 0) return textReply("Which customer?", [how], [{ ...LIST_BUTTON, main: true }]);
  return textReply(
    "Which customer?",
    ["Choose one in the list and press Open, or choose here.", how],
    rows.slice(0, 5).map((row) => rowButton(row, purpose)),
  );
}

export function chooseAmong(customers: readonly Customer[], purpose: CustomerPurpose): Reply {
  const buttons = customers.slice(0, 5).map((customer) => {
    const { id, name, externalId, address } = customer;
    const title = [name, externalId ?? id, address.city].filter(Boolean).join(", ");
    // In another sub-partner there may be one with the same external id.
    const isSame = (other: Customer) => other !== customer && other.externalId === externalId;
    return customerButton(title, customers.some(isSame) ? { id } : customer, purpose);
  });
  const count = customers.length > 5 ? "More than five" : String(customers.length);
  return textReply(`${count} customers match`, ["Choose the one you mean."], buttons);
}

const LIST_BUTTON: Button = { title: "Show customers", command: "customers" };
/** A sentence that is not understood may be taken for a name. */
const HELP_BUTTON: Button = { title: "Help", command: "help" };

export async function notFound(ref: CustomerRef, purpose: CustomerPurpose, context: ReplyContext): Promise<Reply> {
  if (ref.by !== "row") {
    const lines = [
      `${sourceName(purpose, context)} has none with the ID or name ${quote(ref.value)}. IDs are case sensitive: check every letter.`,
    ];
    const meant = ref.by === "any" ? await likelyText(ref.value, context) : undefined;
    const offer = meant === undefined ? [] : [{ ...didYouMean(format(meant)), main: true }];
    const reply = textReply("No such customer", lines, [...offer, LIST_BUTTON, HELP_BUTTON]);
    return { ...reply, ...(meant && { offer: format(meant) }) };
  }
  const rows = await shownRows(context);
  const [first, last] = [rows.at(0), rows.at(-1)];
  if (first === undefined || last === undefined) {
    const lines = ["No list has been shown in this space yet."];
    return textReply(`There is no row ${ref.row}`, lines, [{ ...LIST_BUTTON, main: true }]);
  }
  const lines = [`The last list in this space shows rows ${first.row} to ${last.row}, and does not reach that far.`];
  return textReply(
    `There is no row ${ref.row}`,
    lines,
    rows.slice(0, 5).map((row) => rowButton(row, purpose)),
  );
}

function sourceName(purpose: CustomerPurpose, { scope }: ReplyContext): string {
  if (scope !== WHOLE_TOKEN) return "The sub-partner that this space is bound to";
  return purpose === "customer" || purpose === "subscribers" ? "Webex" : "The bot’s copy of all customers";
}

/** The list may be older than the binding of the space to a sub-partner: then customers of others are left out. */
async function shownRows({ lastList, scope, snapshot }: ReplyContext): Promise<readonly CardRow[]> {
  const rows = (await lastList())?.rows ?? [];
  if (scope === WHOLE_TOKEN) return rows;
  const own: CardRow[] = [];
  for (const row of rows) if ((await snapshot.get(scope, row.customerId)).length > 0) own.push(row);
  return own;
}

const VERBS: Readonly<Record<CustomerPurpose, string>> = {
  customer: "Open",
  history: "History",
  follow: "Follow",
  unfollow: "Unfollow",
  subscribers: "Subscribers",
};

function rowButton({ row, title, customerId: id }: CardRow, purpose: CustomerPurpose): Button {
  return { ...customerButton(`${VERBS[purpose]} ${row}: ${title}`, { id }, purpose), typed: `${purpose} ${row}` };
}

/** `Contoso (MV-000036)` */
export function fullTitleOf(customer: Customer): string {
  const { name, externalId } = customer;
  return name === undefined || externalId === undefined ? titleOf(customer) : `${name} (${externalId})`;
}

/** One customer, several to choose from, or none. */
type Found = CustomerRead | { readonly several: readonly Customer[] } | undefined;

interface LookupContext {
  readonly context: ReplyContext;
  readonly fresh: boolean;
}

/** Asks the API. A bound space finds no customers of other sub-partners. */
export async function findLive(ref: CustomerRef, lookup: LookupContext): Promise<Found> {
  switch (ref.by) {
    case "row":
      return (await findByRow(ref.row, lookup)) ?? findBy("externalId", String(ref.row), lookup);
    case "id":
      return findById(ref.value, lookup);
    case "any":
      return (await findAny(ref.value, lookup)) ?? findByName(ref.value, lookup);
    default:
      return findBy(ref.by, ref.value, lookup);
  }
}

/** The most likely kind of id first, so that the usual case takes one call: Webex's own ids have one prefix. */
async function findAny(value: string, lookup: LookupContext): Promise<Found> {
  if (!value.startsWith("Y2lzY29zcGFyazov")) {
    const found = await findBy("externalId", value, lookup);
    // An id has no space in it, and the API finds no names.
    return found ?? (/\s/.test(value) ? undefined : findById(value, lookup));
  }
  return (
    (await findById(value, lookup)) ?? (await findBy("orgId", value, lookup)) ?? findBy("externalId", value, lookup)
  );
}

async function findById(id: string, { context, fresh }: LookupContext): Promise<CustomerRead | undefined> {
  const read = await context.wholesale.get(id, { fresh });
  return read !== undefined && (await isInScope(read.customer, { context, fresh })) ? read : undefined;
}

/** An answer by id does not name the sub-partner, so the customer has to be in the sub-partner's list. */
async function isInScope({ id, orgId, externalId }: Customer, { context, fresh }: LookupContext): Promise<boolean> {
  const { scope, wholesale, snapshot } = context;
  if (scope === WHOLE_TOKEN) return true;
  const key = orgId === undefined ? externalId !== undefined && { externalId } : { orgId };
  if (key === false) return (await snapshot.get(scope, id)).some(({ customer }) => customer.id === id);
  const query = { ...key, statuses: [], offset: 0, max: PAGE_SIZE.most };
  const { customers } = await wholesale.list(query, { fresh });
  return customers.some((customer) => customer.id === id);
}

async function findBy(field: "externalId" | "orgId", value: string, { context, fresh }: LookupContext): Promise<Found> {
  const query = { [field]: value, statuses: [], offset: 0, max: PAGE_SIZE.usual };
  const { customers, readAt } = await context.wholesale.list(query, { fresh });
  const [customer, ...others] = customers;
  if (customer === undefined) return undefined;
  return others.length > 0 ? { several: customers } : { customer, readAt };
}

/** Only the snapshot has names. */
async function findByName(name: string, lookup: LookupContext): Promise<Found> {
  const [first, ...others] = await findRecordsByName(name, lookup.context);
  if (first === undefined) return undefined;
  if (others.length > 0) return { several: [first, ...others].map(({ customer }) => customer) };
  return findById(first.customer.id, lookup);
}

/** A row of the last list is the customer shown there; a row of another page is queried again. */
async function findByRow(row: number, lookup: LookupContext): Promise<Found> {
  const { context, fresh } = lookup;
  const list = await context.lastList();
  if (list === undefined || row < 1) return undefined;
  const shown = list.rows.find((candidate) => candidate.row === row);
  if (shown !== undefined) return findById(shown.customerId, lookup);
  const command = parseFormatted(list.command);
  if (command?.name !== "customers") return undefined;
  const source = chooseSource({ ...command, page: row, max: 1 }, context.scope);
  if (source.from === "live") {
    const { customers, readAt } = await context.wholesale.list(source.query, { fresh });
    const [customer] = customers;
    return customer && { customer, readAt };
  }
  const record = await recordAtRow(list.command, row, context);
  return record && findById(record.customer.id, lookup);
}
