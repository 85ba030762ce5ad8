import { compareTexts, foldCase } from "./compare-text.ts";
import { type Customer, titleOf } from "./customer.ts";
import type { CustomerRecord } from "./record.ts";

/** The fields that a list of the snapshot can be sorted by; `changed` is when the bot last saw a change. */
export const SORT_FIELDS = ["name", "status", "externalId", "country", "city", "changed"] as const;

export type SortField = (typeof SORT_FIELDS)[number];

export interface Sort {
  readonly field: SortField;
  readonly descending: boolean;
}

/** Reads `status` or `-status`; sorts by name for anything else. */
export function parseSort(sort = ""): Sort {
  const name = sort.replace(/^-/, "").toLowerCase();
  const field = SORT_FIELDS.find((one) => one.toLowerCase() === name);
  return field === undefined ? { field: "name", descending: false } : { field, descending: sort.startsWith("-") };
}

/** Orders by the field, then by title and id, which always ascend. The SQL of the store must give the same order. */
export function compareBy({ field, descending }: Sort): (a: CustomerRecord, b: CustomerRecord) => number {
  return (a, b) => {
    const first =
      field === "changed"
        ? a.changedAt - b.changedAt
        : compareTexts(sortKey(field, a.customer), sortKey(field, b.customer));
    if (first !== 0) return descending ? -first : first;
    const byTitle = compareTexts(sortKey("name", a.customer), sortKey("name", b.customer));
    return byTitle === 0 ? compareTexts(a.customer.id, b.customer.id) : byTitle;
  };
}

/** The text that a customer is sorted by; for `name` its title. */
export function sortKey(field: Exclude<SortField, "changed">, customer: Customer): string {
  const { status, externalId, address } = customer;
  const { country, city } = address;
  const texts = { name: titleOf(customer), status, externalId, country, city };
  return foldCase(texts[field]);
}
