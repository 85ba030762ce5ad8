import type { CustomerRef } from "../commands/customer-ref.ts";
import { format } from "../commands/format.ts";
import { parseFormatted } from "../commands/parse.ts";
import { type Customer, titleOf } from "../customers/customer.ts";
import { PAGE_SIZE } from "../customers/list-query.ts";
import type { CustomerRecord } from "../customers/record.ts";
import { WHOLE_TOKEN } from "../customers/sweep.ts";
import type { CardRow } from "../ports/messaging.ts";
import type { CustomerRead } from "../ports/wholesale.ts";
import { textReply } from "../views/text.ts";
import type { Button } from "../views/views.ts";
import { chooseSource } from "./data-source.ts";
import type { Reply, ReplyContext } from "./reply.ts";

/** How many customers of one name are worth telling apart. */
const MOST_SAME_NAME = 6;

/** The customers of the copy that a reference may mean: none, one, or several to choose from. */
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

/** By its name, or a part of it: the words are searched for as a list would search for them. */
export async function findRecordsByName(
  name: string,
  { snapshot, scope, clock }: ReplyContext,
): Promise<readonly CustomerRecord[]> {
  const filter = [{ field: "text", negated: false, values: [{ text: name, prefix: false }] } as const];
  const { records } = await snapshot.find(scope, { filter, offset: 0, max: MOST_SAME_NAME, now: clock() });
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

/** A row of a list that is not on show: the list is asked for it anew. Undefined where it lies beyond the list's end. */
export async function recordAtRow(
  listCommand: string,
  row: number,
  { snapshot, scope, clock }: ReplyContext,
): Promise<CustomerRecord | undefined> {
  const asked = parseFormatted(listCommand);
  if (asked?.name !== "customers") return undefined;
  const plan = chooseSource({ ...asked, page: row, max: 1 }, scope);
  if (plan.from !== "snapshot" && plan.from !== "live") return undefined;
  const { sort } = asked;
  const { records } = await snapshot.find(scope, {
    filter: plan.filter,
    ...(sort !== undefined && { sort }),
    offset: row - 1,
    max: 1,
    now: clock(),
  });
  return records[0];
}

/** What is to be done with the customer that gets chosen. */
type Purpose = "customer" | "history" | "follow";

/** Nothing was chosen: the rows on show, as buttons and as words to type. */
export async function askWhichCustomer(purpose: Purpose, context: ReplyContext): Promise<Reply> {
  const rows = await shownRows(context);
  const how = `Type ${purpose === "customer" ? "open" : purpose} and the number of a row, or ${purpose} and an external ID.`;
  if (rows.length === 0)
    return textReply("Which customer?", [how], [{ title: "Show customers", command: "customers", main: true }]);
  return textReply(
    "Which customer?",
    ["Choose one in the list and press Open, or choose here.", how],
    rows.slice(0, 5).map((row) => rowButton(row, purpose)),
  );
}

export function chooseAmong(customers: readonly Customer[], purpose: Purpose): Reply {
  const buttons = customers.slice(0, 5).map((customer) => ({
    title: [customer.name, customer.externalId ?? customer.id, customer.address.city].filter(Boolean).join(", "),
    command: commandFor(customer.id, purpose),
  }));
  const count = customers.length > 5 ? "More than five" : String(customers.length);
  return textReply(`${count} customers match`, ["Choose the one you mean."], buttons);
}

export async function notFound(ref: CustomerRef, purpose: Purpose, context: ReplyContext): Promise<Reply> {
  const list: Button = { title: "Show customers", command: "customers" };
  if (ref.by !== "row") {
    const lines = [
      `${sourceName(purpose, context)} has no customer with that ID or name. IDs are case sensitive: check every letter.`,
    ];
    return textReply("No such customer", lines, [list]);
  }
  const rows = await shownRows(context);
  const [first, last] = [rows.at(0), rows.at(-1)];
  if (first === undefined || last === undefined) {
    const lines = ["No list has been shown in this space yet."];
    return textReply(`There is no row ${ref.row}`, lines, [{ ...list, main: true }]);
  }
  const lines = [`The last list in this space shows rows ${first.row} to ${last.row}, and does not reach that far.`];
  return textReply(
    `There is no row ${ref.row}`,
    lines,
    rows.slice(0, 5).map((row) => rowButton(row, purpose)),
  );
}

function sourceName(purpose: Purpose, { scope }: ReplyContext): string {
  if (scope !== WHOLE_TOKEN) return "The sub-partner that this space is bound to";
  return purpose === "customer" ? "Webex" : "The bot’s copy of all customers";
}

/** A list may be older than the space's bond to a sub-partner: then its other rows are not spoken of again. */
async function shownRows({ lastList, scope, snapshot }: ReplyContext): Promise<readonly CardRow[]> {
  const rows = (await lastList())?.rows ?? [];
  if (scope === WHOLE_TOKEN) return rows;
  const own: CardRow[] = [];
  for (const row of rows) if ((await snapshot.get(scope, row.customerId)).length > 0) own.push(row);
  return own;
}

const VERBS: Readonly<Record<Purpose, string>> = { customer: "Open", history: "History", follow: "Follow" };

function rowButton({ row, title, customerId }: CardRow, purpose: Purpose): Button {
  return { title: `${VERBS[purpose]} ${row}: ${title}`, command: commandFor(customerId, purpose) };
}

/** The command that opens this very customer, tells its history, or follows it. */
export function commandFor(id: string, purpose: Purpose): string {
  const ref = { by: "id", value: id } as const;
  return format(purpose === "customer" ? { name: purpose, ref, fresh: false } : { name: purpose, ref });
}

/** What a customer is called where there is one line for it: the external id stands beside the name. */
export function fullTitleOf(customer: Customer): string {
  const { name, externalId } = customer;
  return name === undefined || externalId === undefined ? titleOf(customer) : `${name} (${externalId})`;
}

/** One customer as Webex tells it, several to choose from, or none. */
export type Found = CustomerRead | { readonly several: readonly Customer[] } | undefined;

/** Asks for customers within what this space may see. */
interface LookupContext {
  readonly context: ReplyContext;
  readonly fresh: boolean;
}

/** The customer that is meant, asked live. A bound space finds nothing of other sub-partners. */
export async function findLive(ref: CustomerRef, asking: LookupContext): Promise<Found> {
  switch (ref.by) {
    case "row":
      return (await findByRow(ref.row, asking)) ?? findBy("externalId", String(ref.row), asking);
    case "id":
      return findById(ref.value, asking);
    case "any":
      return (await findAny(ref.value, asking)) ?? findByName(ref.value, asking);
    default:
      return findBy(ref.by, ref.value, asking);
  }
}

/** The likeliest reading first, so that the usual case costs one call: Webex's own ids all begin alike. */
async function findAny(value: string, asking: LookupContext): Promise<Found> {
  if (!value.startsWith("Y2lzY29zcGFyazov")) {
    const found = await findBy("externalId", value, asking);
    // No id has a space in it, and a name is no address of the API.
    return found ?? (/\s/.test(value) ? undefined : findById(value, asking));
  }
  return (
    (await findById(value, asking)) ?? (await findBy("orgId", value, asking)) ?? findBy("externalId", value, asking)
  );
}

async function findById(id: string, { context, fresh }: LookupContext): Promise<CustomerRead | undefined> {
  const read = await context.wholesale.get(id, { fresh });
  return read !== undefined && (await isInScope(read.customer, { context, fresh })) ? read : undefined;
}

/** An answer by id does not say whose customer it is: only the sub-partner's own list does. When in doubt, it is not. */
async function isInScope({ id, orgId, externalId }: Customer, { context, fresh }: LookupContext): Promise<boolean> {
  const { scope, wholesale, snapshot } = context;
  if (scope === WHOLE_TOKEN) return true;
  const key = orgId === undefined ? externalId !== undefined && { externalId } : { orgId };
  if (key === false) return (await snapshot.get(scope, id)).some(({ customer }) => customer.id === id);
  const query = { ...key, subpartner: scope, statuses: [], offset: 0, max: PAGE_SIZE.most };
  const { customers } = await wholesale.list(query, { fresh });
  return customers.some((customer) => customer.id === id);
}

async function findBy(field: "externalId" | "orgId", value: string, { context, fresh }: LookupContext): Promise<Found> {
  const { scope, wholesale } = context;
  const subpartner = scope === WHOLE_TOKEN ? {} : { subpartner: scope };
  const query = { [field]: value, ...subpartner, statuses: [], offset: 0, max: PAGE_SIZE.usual };
  const { customers, readAt } = await wholesale.list(query, { fresh });
  const [customer, ...others] = customers;
  if (customer === undefined) return undefined;
  return others.length > 0 ? { several: customers } : { customer, readAt };
}

/** Webex knows no names: the copy does. */
async function findByName(name: string, asking: LookupContext): Promise<Found> {
  const [first, ...others] = await findRecordsByName(name, asking.context);
  if (first === undefined) return undefined;
  if (others.length > 0) return { several: [first, ...others].map(({ customer }) => customer) };
  return findById(first.customer.id, asking);
}

/** A row that is on show is the very customer that is shown there; any other row of the same list is asked for anew. */
async function findByRow(row: number, asking: LookupContext): Promise<Found> {
  const { context, fresh } = asking;
  const list = await context.lastList();
  if (list === undefined || row < 1) return undefined;
  const shown = list.rows.find((candidate) => candidate.row === row);
  if (shown !== undefined) return findById(shown.customerId, asking);
  const asked = parseFormatted(list.command);
  if (asked?.name !== "customers") return undefined;
  const plan = chooseSource({ ...asked, page: row, max: 1 }, context.scope);
  if (plan.from === "live") {
    const { customers, readAt } = await context.wholesale.list(plan.query, { fresh });
    const [customer] = customers;
    return customer && { customer, readAt };
  }
  const record = await recordAtRow(list.command, row, context);
  return record && findById(record.customer.id, asking);
}
