import type { CustomerCommand, CustomerRef } from "../commands/command.ts";
import { format } from "../commands/format.ts";
import { reread } from "../commands/parse.ts";
import type { Customer } from "../customers/customer.ts";
import { liveQuery } from "../customers/live.ts";
import { PAGE_SIZE } from "../customers/page.ts";
import type { CustomerRead, ShownRow, Wholesale } from "../ports.ts";
import type { Context, Reply } from "./reply.ts";
import type { Button } from "./views.ts";

type Found = CustomerRead | { readonly several: readonly Customer[] } | undefined;

/** The detail card of one customer, however it was pointed at. */
export async function replyCustomer(command: CustomerCommand, context: Context): Promise<Reply> {
  const { ref } = command;
  if (ref === undefined) return chooseFirst(context);
  const found = await find(ref, command.fresh, context);
  if (found === undefined) return notFound(ref, context);
  if ("several" in found) return chooseOne(found.several);
  return { view: await detail(found, context) };
}

async function detail({ customer, readAt }: CustomerRead, context: Context) {
  const list = await context.lastList();
  const refresh = format({ name: "customer", ref: { by: "id", value: customer.id }, fresh: true });
  return {
    kind: "customer",
    customer,
    freshness: { source: "live", readAt },
    notes: [],
    buttons: [
      { title: "Refresh", command: refresh },
      { title: "Back to list", command: list?.command ?? "customers" },
    ],
  } as const;
}

async function find(ref: CustomerRef, fresh: boolean, context: Context): Promise<Found> {
  const { wholesale } = context;
  switch (ref.by) {
    case "row":
      return (
        (await findRow(ref.row, fresh, context)) ?? findBy("externalId", String(ref.row), fresh, wholesale)
      );
    case "id":
      return wholesale.get(ref.value, { fresh });
    case "any":
      return findAny(ref.value, fresh, wholesale);
    default:
      return findBy(ref.by, ref.value, fresh, wholesale);
  }
}

/** The likeliest reading first, so that the usual case costs one call: Webex's own ids all begin alike. */
async function findAny(value: string, fresh: boolean, wholesale: Wholesale): Promise<Found> {
  const byId = () => wholesale.get(value, { fresh });
  const byExternalId = () => findBy("externalId", value, fresh, wholesale);
  if (!value.startsWith("Y2lzY29zcGFyazov")) return (await byExternalId()) ?? byId();
  return (await byId()) ?? (await findBy("orgId", value, fresh, wholesale)) ?? byExternalId();
}

async function findBy(
  field: "externalId" | "orgId",
  value: string,
  fresh: boolean,
  wholesale: Wholesale,
): Promise<Found> {
  const query = { [field]: value, statuses: [], offset: 0, max: PAGE_SIZE.usual };
  const { customers, readAt } = await wholesale.list(query, { fresh });
  const [customer, ...others] = customers;
  if (customer === undefined) return undefined;
  return others.length > 0 ? { several: customers } : { customer, readAt };
}

/** A row that is on show is the very customer that is shown there; any other row of the same list is asked for anew. */
async function findRow(row: number, fresh: boolean, context: Context): Promise<Found> {
  const list = await context.lastList();
  if (list === undefined || row < 1) return undefined;
  const shown = list.rows.find((candidate) => candidate.row === row);
  if (shown !== undefined) return context.wholesale.get(shown.customerId, { fresh });
  const asked = reread(list.command);
  if (asked?.name !== "customers") return undefined;
  const { query, needsSnapshot } = liveQuery(asked.filter, { page: row, max: 1 });
  if (needsSnapshot.length > 0) return undefined;
  const { customers, readAt } = await context.wholesale.list(query, { fresh });
  const [customer] = customers;
  return customer && { customer, readAt };
}

/** Open was pressed with nothing chosen, or `customer` typed alone: the rows on show, as buttons and as words to type. */
async function chooseFirst(context: Context): Promise<Reply> {
  const rows = (await context.lastList())?.rows ?? [];
  const how = "Type open and the number of a row, or customer and an external ID.";
  if (rows.length === 0)
    return choice("Which customer?", [how], [{ title: "Show customers", command: "customers", main: true }]);
  return choice(
    "Which customer?",
    ["Choose one in the list and press Open, or choose here.", how],
    rows.slice(0, 5).map(rowButton),
  );
}

function rowButton({ row, title, customerId }: ShownRow): Button {
  return { title: `Open ${row}: ${title}`, command: openCommand(customerId) };
}

function chooseOne(customers: readonly Customer[]): Reply {
  const buttons = customers.slice(0, 5).map((customer) => ({
    title: [customer.externalId ?? customer.id, customer.address.city].filter(Boolean).join(", "),
    command: openCommand(customer.id),
  }));
  return choice(`${customers.length} customers match`, ["Choose the one you mean."], buttons);
}

async function notFound(ref: CustomerRef, context: Context): Promise<Reply> {
  const list: Button = { title: "Show customers", command: "customers" };
  if (ref.by !== "row") {
    const lines = [
      "The Wholesale API knows no customer with that ID. IDs are case sensitive: compare it letter by letter.",
    ];
    return choice("No such customer", lines, [list]);
  }
  const rows = (await context.lastList())?.rows ?? [];
  const [first, last] = [rows.at(0), rows.at(-1)];
  if (first === undefined || last === undefined) {
    return choice(
      `There is no row ${ref.row}`,
      ["No list has been shown in this space yet."],
      [{ ...list, main: true }],
    );
  }
  const lines = [
    `The last list in this space shows rows ${first.row} to ${last.row}, and does not reach that far.`,
  ];
  return choice(`There is no row ${ref.row}`, lines, rows.slice(0, 5).map(rowButton));
}

function openCommand(id: string): string {
  return format({ name: "customer", ref: { by: "id", value: id }, fresh: false });
}

function choice(title: string, lines: readonly string[], buttons: readonly Button[]): Reply {
  return { view: { kind: "notice", tone: "info", title, lines, facts: [], buttons } };
}
