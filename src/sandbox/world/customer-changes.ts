import { z } from "zod";
import { validate } from "../http/http-messages.ts";
import type { CustomerEntry } from "./customer-generator.ts";
import { derivedStatus, WireCustomerSchema, type WirePackage } from "./wire-customer.ts";

const ItemChangeSchema = z.looseObject({ status: z.string().optional() }).nullable();
const ItemChangesSchema = z.record(z.string(), ItemChangeSchema);

/**
 * A change to a customer. Packages and add-ons are merged by name, and null takes one away; any other field of the API's
 * customer replaces what was there, and null removes it. Fields that the API does not know yet pass through.
 */
export const CustomerChangeSchema = z.looseObject({
  id: z.never("an id cannot be changed").optional(),
  packages: ItemChangesSchema.optional(),
  addOns: ItemChangesSchema.optional(),
  address: z.looseObject({}).nullish(),
  status: z.string().optional(),
  name: z.string().optional(),
});

export type CustomerChange = z.input<typeof CustomerChangeSchema>;
type ItemChange = z.output<typeof ItemChangeSchema>;

/** The entry after the change. The status is derived from the packages, unless the change has one. */
export function applyCustomerChange(entry: CustomerEntry, change: CustomerChange): CustomerEntry {
  const { packages, addOns, address, status, name, ...others } = change;
  const { customer } = entry;
  const items = mergeItems(customer.resourceDetails.packages, packages);
  const extras = mergeItems(customer.resourceDetails.addOns ?? [], addOns);
  const following = packages ? derivedStatus(items, entry.hasOrganization) : customer.status;
  const merged = withoutNulls({
    ...customer,
    ...others,
    ...(address !== undefined && { address: address && withoutNulls({ ...customer.address, ...address }) }),
    status: status ?? following,
    packages: items.map((item) => item.name),
    resourceDetails: {
      ...customer.resourceDetails,
      packages: items,
      ...(addOns && { addOns: extras }),
    },
  });
  const changed = validate(merged, WireCustomerSchema);
  const exists = changed.status === "provisioned" || changed.status === "provisioned_with_errors";
  return {
    ...entry,
    customer: changed,
    name: name ?? entry.name,
    hasOrganization: entry.hasOrganization || exists,
  };
}

/** A new, healthy customer with `change` applied. Packages in the change replace the generated ones. */
export function newCustomer(next: CustomerEntry, change: CustomerChange): CustomerEntry {
  const bundle = change.packages ? [] : next.customer.packages;
  const { errors: _, ...customer } = next.customer;
  const packages = bundle.map((name) => ({ name, status: "provisioned" }));
  const well = { ...customer, status: "provisioned", packages: bundle, resourceDetails: { packages } };
  return applyCustomerChange({ ...next, customer: well, hasOrganization: false }, change);
}

/** The same change for every package of a customer. */
export const everyPackage = <T>({ customer }: CustomerEntry, change: T): Record<string, T> =>
  Object.fromEntries(customer.packages.map((name) => [name, change]));

function mergeItems(
  items: readonly WirePackage[],
  changes: Readonly<Record<string, ItemChange>> = {},
): readonly WirePackage[] {
  const kept = items.flatMap((item) => {
    const change = changes[item.name];
    return change === undefined ? item : change === null ? [] : mergeItem(item, change);
  });
  const added = Object.entries(changes).flatMap(([name, change]) =>
    change === null || items.some((item) => item.name === name)
      ? []
      : mergeItem({ name, status: "provisioned" }, change),
  );
  return [...kept, ...added];
}

/** Errors and warnings belong to the last attempt, so a provisioned item has none, unless the change has some. */
function mergeItem({ errors, warnings, ...item }: WirePackage, change: NonNullable<ItemChange>): WirePackage {
  const problems = change.status === "provisioned" ? {} : { errors, warnings };
  return {
    ...item,
    ...problems,
    ...withoutNulls(change),
    name: item.name,
    status: change.status ?? item.status,
  };
}

const withoutNulls = (record: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null && value !== undefined));
