import { statusesOf, WHOLE, withItem } from "../../domain/customers/record.ts";
import type { Scope, Sweep } from "../../domain/customers/sweep.ts";
import type { Step } from "../notices/step.ts";
import { recordsById } from "../records.ts";
import { type Removed, tellRemoved } from "./removed.ts";

/**
 * The packages and add-ons that were missed after the last complete sweep began, and before this one did: what this one has
 * not found either is removed (ALERTS 14, 17).
 */
export async function tellLostItems(step: Step, { scope, startedAt, id }: Sweep): Promise<void> {
  const { last } = await step.tx
    .selectFrom("sweeps")
    .select(({ fn }) => fn.max("startedAt").as("last"))
    .where("scope", "=", scope)
    .where("state", "=", "complete")
    .where("id", "<", id)
    .executeTakeFirstOrThrow();
  if (last === null) return;
  await tellRemoved(step, scope, await lostItems(step, scope, { from: last, to: startedAt }));
}

interface Span {
  readonly from: number;
  readonly to: number;
}

async function lostItems({ tx }: Step, scope: Scope, { from, to }: Span): Promise<readonly Removed[]> {
  const rows = await tx
    .selectFrom("transitions")
    .innerJoin("customers", (join) =>
      join
        .onRef("customers.scope", "=", "transitions.scope")
        .onRef("customers.id", "=", "transitions.customerId"),
    )
    .select(["transitions.customerId", "transitions.item", "transitions.fromStatus"])
    .where("transitions.scope", "=", scope)
    .where("transitions.at", ">=", from)
    .where("transitions.at", "<", to)
    .where("transitions.item", "!=", WHOLE)
    .where("transitions.toStatus", "is", null)
    .where("customers.absent", "=", 0)
    .orderBy("transitions.at")
    .orderBy("transitions.id")
    .execute();
  const records = await recordsById(tx, scope, [...new Set(rows.map(({ customerId }) => customerId))]);
  // One that came back and went again was missed twice, and is removed once.
  const byItem = new Map(rows.map((row) => [JSON.stringify([row.customerId, row.item]), row]));
  return [...byItem.values()].flatMap(({ customerId, item, fromStatus }) => {
    const customer = records.get(customerId)?.customer;
    if (customer === undefined || statusesOf(customer).has(item)) return [];
    return { customer: withItem(customer, item, fromStatus ?? ""), item };
  });
}
