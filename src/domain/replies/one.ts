import type { CustomerRef } from "../commands/command.ts";
import { parseFormatted } from "../commands/parse.ts";
import type { Customer } from "../customers/customer.ts";
import { PAGE_SIZE } from "../customers/page.ts";
import { WHOLE_TOKEN } from "../customers/sweep.ts";
import type { CustomerRead } from "../wholesale.ts";
import { findRecordsByName, recordAtRow } from "./known.ts";
import { chooseSource } from "./plan.ts";
import type { ReplyContext } from "./reply.ts";

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
    (await findById(value, asking)) ??
    (await findBy("orgId", value, asking)) ??
    findBy("externalId", value, asking)
  );
}

async function findById(id: string, { context, fresh }: LookupContext): Promise<CustomerRead | undefined> {
  const read = await context.wholesale.get(id, { fresh });
  return read !== undefined && (await isInScope(read.customer, { context, fresh })) ? read : undefined;
}

/** An answer by id does not say whose customer it is: only the sub-partner's own list does. When in doubt, it is not. */
async function isInScope(
  { id, orgId, externalId }: Customer,
  { context, fresh }: LookupContext,
): Promise<boolean> {
  const { scope, wholesale, snapshot } = context;
  if (scope === WHOLE_TOKEN) return true;
  const key = orgId === undefined ? externalId !== undefined && { externalId } : { orgId };
  if (key === false) return (await snapshot.get(scope, id)).some(({ customer }) => customer.id === id);
  const query = { ...key, subpartner: scope, statuses: [], offset: 0, max: PAGE_SIZE.most };
  const { customers } = await wholesale.list(query, { fresh });
  return customers.some((customer) => customer.id === id);
}

async function findBy(
  field: "externalId" | "orgId",
  value: string,
  { context, fresh }: LookupContext,
): Promise<Found> {
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
