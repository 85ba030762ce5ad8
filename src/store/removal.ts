import { WHOLE } from "../domain/customers/record.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import { type Transition, transitionsBetween } from "../domain/customers/transition.ts";
import { tellFollowers } from "./alerts/follows.ts";
import { tellRemoved } from "./alerts/removed.ts";
import { findSight } from "./alerts/sights.ts";
import { closeRemoved } from "./alerts/witness.ts";
import { chunksOf, IDS } from "./chunks.ts";
import { writeTransitions } from "./history.ts";
import type { Step } from "./notices/step.ts";
import { recordsById } from "./records.ts";

/** Customers that are gone for certain: their history ends, and so do their alerts (ALERTS 14). Not while blind (31). */
export async function removeCustomers(
  step: Step,
  scope: Scope,
  customerIds: readonly string[],
): Promise<readonly Transition[]> {
  if ((await findSight(step.tx, scope)).blind !== null) return [];
  const gone = [...(await recordsById(step.tx, scope, [...new Set(customerIds)])).values()];
  const transitions = gone.flatMap(({ customer }) => transitionsBetween(customer, undefined, step.now));
  await writeTransitions(step.tx, scope, transitions);
  const ids = gone.map(({ customer }) => customer.id);
  for (const chunk of chunksOf(ids, IDS)) {
    await step.tx.deleteFrom("customers").where("scope", "=", scope).where("id", "in", chunk).execute();
  }
  await closeRemoved(step, scope, ids);
  await tellRemoved(
    step,
    scope,
    gone.map(({ customer }) => ({ customer, item: WHOLE })),
  );
  await tellFollowers(
    step,
    scope,
    ids.map((customerId) => ({ customerId })),
  );
  return transitions;
}
