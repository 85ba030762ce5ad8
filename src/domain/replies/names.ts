import type { Customer } from "../customers/customer.ts";
import { PAGE_SIZE } from "../customers/page.ts";
import type { ReplyContext } from "./reply.ts";

/** The same customers, with the names that the copy knows: the list API has none. One look for all of them. */
export async function withKnownNames(
  customers: readonly Customer[],
  { snapshot, scope, clock }: ReplyContext,
): Promise<readonly Customer[]> {
  const nameless = customers.filter(({ name }) => name === undefined);
  const orgIds = [...new Set(nameless.flatMap(({ orgId }) => (orgId === undefined ? [] : [orgId])))];
  if (orgIds.length === 0) return customers;
  const values = orgIds.map((text) => ({ text, prefix: false }));
  const filter = [{ field: "orgId", negated: false, values } as const];
  const { records } = await snapshot.find(scope, { filter, offset: 0, max: PAGE_SIZE.most, now: clock() });
  const names = new Map(records.map(({ customer }) => [customer.id, customer.name]));
  return customers.map((customer) => {
    const name = customer.name ?? names.get(customer.id);
    return name === undefined ? customer : { ...customer, name };
  });
}
