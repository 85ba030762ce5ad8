import { createHash } from "node:crypto";
import type { Insertable } from "kysely";
import { type Customer, classOf, type Problem } from "../domain/customers/customer.ts";
import { exact, fold } from "../domain/customers/fold.ts";
import { type CustomerRecord, canonical, isUnwell } from "../domain/customers/record.ts";
import { sortKey } from "../domain/customers/sort.ts";
import { codesIn } from "../domain/customers/transition.ts";
import type { CodeTable, CustomerTable, ItemTable } from "./snapshot-schema.ts";

/** The place of what is wrong with the customer itself. */
export const WHOLE_PLACE = -1;

/** The name of an organisation, and when it was read; 0 for never. */
export interface Naming {
  readonly name: string | null;
  readonly namedAt: number;
}

/** Tells whether the API says the same of a customer as before. */
export const digestOf = (customer: Customer): string =>
  createHash("sha1").update(canonical(customer)).digest("base64");

export interface Recorded {
  readonly record: CustomerRecord;
  readonly digest: string;
  readonly naming: Naming;
}

export function customerRow(scope: string, { record, digest, naming }: Recorded): Insertable<CustomerTable> {
  const { customer, firstSeenAt, changedAt } = record;
  const { id, orgId, externalId, status, address } = customer;
  return {
    ...{ scope, id, status, digest, firstSeenAt, changedAt, absent: 0 },
    orgId: exact(orgId),
    externalId: exact(externalId),
    externalIdKey: fold(externalId),
    statusKey: fold(status),
    countryKey: fold(address.country),
    stateKey: fold(address.state),
    cityKey: fold(address.city),
    zipKey: fold(address.zip),
    unwell: isUnwell(customer) ? 1 : 0,
    ...namedColumns(customer, naming),
  };
}

/** The columns that depend on the name. */
export function namedColumns(customer: Customer, { name, namedAt }: Naming) {
  const { name: _name, ...unnamed } = customer;
  const named: Customer = name === null ? unnamed : { ...unnamed, name };
  return {
    ...{ name, namedAt },
    titleKey: sortKey("name", named),
    search: [named.name, named.externalId, named.address.city].map((text) => `\n${fold(text)}`).join(""),
  };
}

interface Parts {
  readonly items: readonly Insertable<ItemTable>[];
  readonly codes: readonly Insertable<CodeTable>[];
}

/** The packages, then the add-ons, and the codes of both and of the customer itself. */
export function partRows(scope: string, customerKey: number, customer: Customer): Parts {
  const items = [...customer.packages, ...customer.addOns];
  const codesAt = (place: number, problems: readonly Problem[]) =>
    codesIn(problems).map((code) => ({ customerKey, place, scope, code: `${code}` }));
  return {
    items: items.map(({ name, status }, place) => ({
      ...{ customerKey, place, scope, name },
      nameKey: fold(name),
      statusKey: fold(status),
      class: classOf(status),
    })),
    codes: [
      ...codesAt(WHOLE_PLACE, customer.problems),
      ...items.flatMap(({ problems }, place) => codesAt(place, problems)),
    ],
  };
}

/** A customer without what PostgreSQL cannot hold in a text: NUL, and half a surrogate pair. */
export function storable(customer: Customer): Customer {
  const text = JSON.stringify(customer);
  if (!/\\u(?:0000|d[89a-f])/i.test(text)) return customer;
  return JSON.parse(text, (_key, value) => (typeof value === "string" ? storableText(value) : value));
}

export const storableText = (text: string): string => text.replace(/[\0\p{Cs}]/gu, "\ufffd");

/** The two columns of `customerData`. */
export const dataOf = ({ customer: { name: _name, ...customer }, since }: CustomerRecord) => ({
  customer: JSON.stringify(customer),
  since: JSON.stringify(since),
});

interface KeptRecord {
  readonly customer: string;
  readonly since: string;
  readonly name: string | null;
  readonly firstSeenAt: number;
  readonly changedAt: number;
}

export function readRecord({ customer, since, name, firstSeenAt, changedAt }: KeptRecord): CustomerRecord {
  const said: Customer = JSON.parse(customer);
  return {
    customer: name === null ? said : { ...said, name },
    ...{ firstSeenAt, changedAt },
    since: JSON.parse(since),
  };
}
