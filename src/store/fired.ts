import type { Kysely } from "kysely";
import { isMeant } from "../domain/alerts/mute.ts";
import { narrowed } from "../domain/alerts/sighting.ts";
import type { Customer, Problem } from "../domain/customers/customer.ts";
import type { Filter } from "../domain/customers/filter.ts";
import { WHOLE } from "../domain/customers/record.ts";
import { chunksOf, IDS } from "./chunks.ts";
import { recordsById } from "./records.ts";
import type { Tables } from "./schema.ts";

interface Asked {
  readonly filter: Filter;
  readonly since: number;
  readonly now: number;
}

/** One entry into error, as the history has it. */
interface Entry {
  readonly customerId: string;
  readonly item: string;
  readonly at: number;
  readonly codes: string;
}

/** How often something that the filter means has entered error: a customer's own entry counts where no item's says the same. */
export async function countFired(
  db: Kysely<Tables>,
  scope: string,
  { filter, since, now }: Asked,
): Promise<number> {
  const entries = await db
    .selectFrom("transitions")
    .select(["customerId", "item", "at", "codes"])
    .where("scope", "=", scope)
    .where("at", ">=", since)
    .where("toStatus", "=", "error")
    .execute();
  const byItem = new Set(entries.filter(({ item }) => item !== WHOLE).map(momentOf));
  const told = entries.filter((entry) => entry.item !== WHOLE || !byItem.has(momentOf(entry)));
  if (filter.length === 0) return told.length;
  let count = 0;
  for (const chunk of chunksOf(told, IDS)) {
    const records = await recordsById(db, scope, [...new Set(chunk.map(({ customerId }) => customerId))]);
    count += chunk.filter((entry) => {
      const customer = records.get(entry.customerId)?.customer;
      return (
        customer !== undefined &&
        isMeant(filter, { subject: asItWas(customer, entry), openedAt: entry.at }, now)
      );
    }).length;
  }
  return count;
}

const momentOf = ({ customerId, at }: Entry): string => `${customerId} ${at}`;

/** The customer of today, with this item in the error that it was in then. */
function asItWas(customer: Customer, { item, codes }: Entry): Customer {
  const known: readonly number[] = JSON.parse(codes);
  const problems = known.map((code): Problem => ({ level: "error", code, text: "" }));
  const broken = narrowed(customer, item);
  if (item === WHOLE) return { ...broken, status: "error", problems };
  const failed = { status: "error", problems };
  return {
    ...broken,
    packages: broken.packages.map((one) => ({ ...one, ...failed })),
    addOns: broken.addOns.map((one) => ({ ...one, ...failed })),
  };
}
