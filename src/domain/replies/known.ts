import type { CustomerRef } from "../commands/command.ts";
import { reread } from "../commands/parse.ts";
import type { CustomerRecord } from "../customers/record.ts";
import { planOf } from "./plan.ts";
import type { Context } from "./reply.ts";

/** How many customers of one name are worth telling apart. */
const MOST_NAMESAKES = 6;

/** The customers of the copy that a reference may mean: none, one, or several to choose from. */
export async function recordsOf(ref: CustomerRef, context: Context): Promise<readonly CustomerRecord[]> {
  switch (ref.by) {
    case "row":
      return ofRow(ref.row, context);
    case "any":
      return ofAnything(ref.value, context);
    default:
      return ofField(ref.by, ref.value, context);
  }
}

async function ofAnything(value: string, context: Context): Promise<readonly CustomerRecord[]> {
  const records = await context.snapshot.get(context.scope, value);
  return records.length > 0 ? records : recordsNamed(value, context);
}

/** By its name, or a part of it: the words are searched for as a list would search for them. */
export async function recordsNamed(
  name: string,
  { snapshot, scope, clock }: Context,
): Promise<readonly CustomerRecord[]> {
  const filter = [{ field: "text", negated: false, values: [{ text: name, prefix: false }] } as const];
  const { records } = await snapshot.find(scope, { filter, offset: 0, max: MOST_NAMESAKES, now: clock() });
  const exact = records.filter(({ customer }) => customer.name?.toLowerCase() === name.toLowerCase());
  return exact.length > 0 ? exact : records;
}

async function ofField(
  field: "id" | "externalId" | "orgId",
  value: string,
  { snapshot, scope }: Context,
): Promise<readonly CustomerRecord[]> {
  const records = await snapshot.get(scope, value);
  return records.filter(({ customer }) => customer[field] === value);
}

async function ofRow(row: number, context: Context): Promise<readonly CustomerRecord[]> {
  const list = await context.lastList();
  const shown = list?.rows.find((candidate) => candidate.row === row);
  if (shown !== undefined) return ofField("id", shown.customerId, context);
  const further = list && (await recordAtRow(list.command, row, context));
  return further ? [further] : ofField("externalId", String(row), context);
}

/** A row of a list that is not on show: the list is asked for it anew. Undefined where it lies beyond the list's end. */
export async function recordAtRow(
  listCommand: string,
  row: number,
  { snapshot, scope, clock }: Context,
): Promise<CustomerRecord | undefined> {
  const asked = reread(listCommand);
  if (asked?.name !== "customers") return undefined;
  const plan = planOf({ ...asked, page: row, max: 1 }, scope);
  if (plan.from !== "copy" && plan.from !== "live") return undefined;
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
