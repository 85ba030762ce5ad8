import type { CustomerRef } from "../commands/command.ts";
import { format } from "../commands/format.ts";
import { type Customer, titleOf } from "../customers/customer.ts";
import { WHOLE_TOKEN } from "../customers/sweep.ts";
import type { CardRow } from "../ports.ts";
import type { Reply, ReplyContext } from "./reply.ts";
import { textReply } from "./say.ts";
import type { Button } from "./views.ts";

/** What is to be done with the customer that gets chosen. */
type Purpose = "customer" | "history" | "follow";

/** Nothing was chosen: the rows on show, as buttons and as words to type. */
export async function askWhichCustomer(purpose: Purpose, context: ReplyContext): Promise<Reply> {
  const rows = await shownRows(context);
  const how = `Type ${purpose === "customer" ? "open" : purpose} and the number of a row, or ${purpose} and an external ID.`;
  if (rows.length === 0)
    return textReply(
      "Which customer?",
      [how],
      [{ title: "Show customers", command: "customers", main: true }],
    );
  return textReply(
    "Which customer?",
    ["Choose one in the list and press Open, or choose here.", how],
    rows.slice(0, 5).map((row) => rowButton(row, purpose)),
  );
}

export function chooseAmong(customers: readonly Customer[], purpose: Purpose): Reply {
  const buttons = customers.slice(0, 5).map((customer) => ({
    title: [customer.name, customer.externalId ?? customer.id, customer.address.city]
      .filter(Boolean)
      .join(", "),
    command: commandFor(customer.id, purpose),
  }));
  const count = customers.length > 5 ? "More than five" : String(customers.length);
  return textReply(`${count} customers match`, ["Choose the one you mean."], buttons);
}

export async function notFound(ref: CustomerRef, purpose: Purpose, context: ReplyContext): Promise<Reply> {
  const list: Button = { title: "Show customers", command: "customers" };
  if (ref.by !== "row") {
    const lines = [
      `${sourceName(purpose, context)} knows no customer with that ID or name. IDs are case sensitive: compare it letter by letter.`,
    ];
    return textReply("No such customer", lines, [list]);
  }
  const rows = await shownRows(context);
  const [first, last] = [rows.at(0), rows.at(-1)];
  if (first === undefined || last === undefined) {
    const lines = ["No list has been shown in this space yet."];
    return textReply(`There is no row ${ref.row}`, lines, [{ ...list, main: true }]);
  }
  const lines = [
    `The last list in this space shows rows ${first.row} to ${last.row}, and does not reach that far.`,
  ];
  return textReply(
    `There is no row ${ref.row}`,
    lines,
    rows.slice(0, 5).map((row) => rowButton(row, purpose)),
  );
}

function sourceName(purpose: Purpose, { scope }: ReplyContext): string {
  if (scope !== WHOLE_TOKEN) return "The sub-partner that this space is bound to";
  return purpose === "customer" ? "Webex" : "My copy of all customers";
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
