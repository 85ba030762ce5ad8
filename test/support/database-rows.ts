import type { Customer, Package, Problem } from "../../src/domain/customers/customer.ts";
import type { SnapshotSummary } from "../../src/domain/ports/snapshot.ts";
import type { WireCustomer, WirePackage } from "../../src/sandbox/world/wire-customer.ts";
import type { Visited } from "./visit.ts";

/** The events in the database, row by row, in the order in which they were written. */
export type DatabaseRows = Visited<"readDatabaseRows">;
export type TransitionRow = DatabaseRows["steps"][number];

/** A customer in words that the twin's JSON and the snapshot can both be brought into. */
export type ComparableCustomer = ReturnType<typeof toComparable>;

export const toComparable = ({ address, packages, addOns, problems, ...customer }: Customer) => ({
  id: customer.id,
  orgId: customer.orgId,
  externalId: customer.externalId,
  status: customer.status,
  city: address.city,
  packages: packages.map(comparableItem).sort(byName),
  addOns: addOns.map(comparableItem).sort(byName),
  codes: codesOf(problems),
});

const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);

const comparableItem = ({ name, status, problems }: Package) => ({ name, status, codes: codesOf(problems) });

const codesOf = (problems: readonly Problem[]) => problems.map(({ level, code }) => `${level} ${code}`).sort();

export function wireToComparable(customer: WireCustomer): ComparableCustomer {
  const { id, orgId, externalId, status, address, resourceDetails } = customer;
  const item = (one: WirePackage) => ({ name: one.name, status: one.status, codes: wireCodes(one) });
  return {
    id,
    orgId,
    externalId,
    status,
    city: address?.city as string | undefined,
    packages: resourceDetails.packages.map(item).sort(byName),
    addOns: (resourceDetails.addOns ?? []).map(item).sort(byName),
    codes: wireCodes(customer),
  };
}

/** The errors and warnings of a customer, or of one of its packages. */
const wireCodes = ({ errors = [], warnings = [] }: Pick<WirePackage, "errors" | "warnings">) =>
  [
    ...errors.map(({ errorCode }) => `error ${errorCode}`),
    ...warnings.map(({ errorCode }) => `warning ${errorCode}`),
  ].sort();

/** The totals of these customers; a summary is counted from other tables than those that the customers are read from. */
export function expectedSummary(customers: readonly ComparableCustomer[]): SnapshotSummary {
  const items = customers.flatMap(({ packages, addOns }) => [...packages, ...addOns]);
  const statusesOf = (name: string) => items.filter((one) => one.name === name).map(({ status }) => status);
  const codes = customers.map(({ codes, packages, addOns }) => {
    const all = [...codes, ...[...packages, ...addOns].flatMap((one) => one.codes)];
    return new Set(all.map((code) => code.replace(/^\w+ /, "")));
  });
  const count = (groups: readonly Iterable<string>[]) => {
    const keys = groups.flatMap((group) => [...new Set(group)]);
    return [...new Set(keys)].map((value) => ({ value, customers: keys.filter((one) => one === value).length }));
  };
  return {
    total: customers.length,
    byStatus: count(customers.map(({ status }) => [status])),
    byPackage: [...new Set(items.map(({ name }) => name))].map((name) => {
      const [bad, good] = ["error", "provisioned"].map(
        (status) => statusesOf(name).filter((one) => one === status).length,
      );
      return {
        name,
        bad: bad ?? 0,
        good: good ?? 0,
        moving: statusesOf(name).length - (bad ?? 0) - (good ?? 0),
      };
    }),
    byCode: count(codes),
  };
}
