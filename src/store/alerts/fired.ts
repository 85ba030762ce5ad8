import type { Kysely } from "kysely";
import { isMeant } from "../../domain/alerts/mute.ts";
import { narrowed } from "../../domain/alerts/sighting.ts";
import type { Customer, Problem } from "../../domain/customers/customer.ts";
import type { Filter } from "../../domain/customers/filter.ts";
import { WHOLE } from "../../domain/customers/record.ts";
import { chunksOf, IDS } from "../chunks.ts";
import { recordsById } from "../records.ts";
import type { Tables } from "../schema.ts";
import { findSight } from "./sights.ts";

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

/**
 * How often something that the filter means has entered error: a customer's own entry counts where no item's says the same.
 * What was in error before everything had been read once would have opened silently (ALERTS 15), so it does not count.
 */
export async function countFired(
  db: Kysely<Tables>,
  scope: string,
  { filter, since, now }: Asked,
): Promise<number> {
  const { baselineAt } = await findSight(db, scope);
  if (baselineAt === null) return 0;
  const entries = entriesOf(db, scope, Math.max(since, baselineAt + 1));
  if (filter.length === 0) {
    const { count } = await entries
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    return count;
  }
  let count = 0;
  for (const chunk of chunksOf(await entries.select(["customerId", "item", "at", "codes"]).execute(), IDS)) {
    count += await countMeant(db, scope, { filter, now, entries: chunk });
  }
  return count;
}

const entriesOf = (db: Kysely<Tables>, scope: string, since: number) =>
  db
    .selectFrom("transitions")
    .where("scope", "=", scope)
    .where("at", ">=", since)
    .where("toStatus", "=", "error")
    .where(({ or, eb, not, exists, selectFrom }) =>
      or([
        eb("item", "!=", WHOLE),
        not(
          exists(
            selectFrom("transitions as same")
              .select("same.id")
              .where("same.scope", "=", scope)
              .whereRef("same.customerId", "=", "transitions.customerId")
              .whereRef("same.at", "=", "transitions.at")
              .where("same.toStatus", "=", "error")
              .where("same.item", "!=", WHOLE),
          ),
        ),
      ]),
    );

async function countMeant(
  db: Kysely<Tables>,
  scope: string,
  { filter, now, entries }: Pick<Asked, "filter" | "now"> & { readonly entries: readonly Entry[] },
): Promise<number> {
  const records = await recordsById(db, scope, [...new Set(entries.map(({ customerId }) => customerId))]);
  return entries.filter((entry) => {
    const customer = records.get(entry.customerId)?.customer;
    if (customer === undefined) return false;
    return isMeant(filter, { subject: asItWas(customer, entry), openedAt: entry.at }, now);
  }).length;
}

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
