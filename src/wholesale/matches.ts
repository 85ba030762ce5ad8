import type { Customer } from "../domain/customers/customer.ts";
import type { ListQuery } from "../domain/customers/page.ts";

/** Whether a row is what was asked for, as far as the row itself can tell. A sub-partner is not written on its customers. */
export function matchesQuery(customer: Customer, query: ListQuery): boolean {
  if (query.externalId !== undefined && customer.externalId !== query.externalId) return false;
  if (query.orgId !== undefined && customer.orgId !== undefined && customer.orgId !== query.orgId)
    return false;
  return query.statuses.length === 0 || query.statuses.includes(customer.status);
}
