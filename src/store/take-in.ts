import type { Scope } from "../domain/customers/sweep.ts";
import type { PageToRecord } from "../domain/snapshot.ts";
import { lookedUp } from "./alerts/conclude.ts";
import { tellFollowers } from "./alerts/follows.ts";
import { witnessPage } from "./alerts/witness.ts";
import type { Step } from "./notices/step.ts";
import { arrivalsOf, type Written, writeArrivals } from "./pages.ts";

/** One page into the snapshot, and what it means for alerts and for those who wait for a customer (ALERTS 25). */
export async function takeIn(
  step: Step,
  { customers, reading, awayMs }: PageToRecord,
  scope: Scope,
): Promise<Written> {
  const written = await writeArrivals(step.tx, arrivalsOf(customers), { scope, at: step.now });
  const { news } = written;
  const at = { scope, reading, awayMs };
  await witnessPage(step, at, news);
  if (reading.kind === "look-up") {
    const ids = customers.map(({ id }) => id);
    await lookedUp(step, at, ids);
  }
  // People after spaces, as everywhere: two transactions that owe both something never wait for each other.
  const present = news.map(({ customer: { id, status } }) => ({ customerId: id, status }));
  await tellFollowers(step, scope, present);
  return written;
}
