import type { CustomerRef } from "../commands/command.ts";
import { parseFormatted } from "../commands/parse.ts";
import type { CustomerRecord } from "../customers/record.ts";
import { chooseSource } from "./plan.ts";
import type { ReplyContext } from "./reply.ts";

/** How many customers of one name are worth telling apart. */
const MOST_SAME_NAME = 6;

/** The customers of the copy that a reference may mean: none, one, or several to choose from. */
export async function findRecords(
  ref: CustomerRef,
  context: ReplyContext,
): Promise<readonly CustomerRecord[]> {
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
