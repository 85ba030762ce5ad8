import { classOf, type ProvisioningClass } from "../domain/customers/customer.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import type { Follow } from "../domain/ports/alerting.ts";
import { chunksOf, IDS_PER_STATEMENT } from "../store/chunks.ts";
import { enqueueAlways } from "./queue.ts";
import type { TransactionContext } from "./transaction.ts";

/** A followed customer in its present status; without one, it is gone. */
export interface FollowedCustomer {
  readonly customerId: string;
  readonly status?: string;
}

/** Whoever waits for one of these customers is told once how it ended: when it has changed, and is good, bad or gone. */
export async function notifyFollowers(
  step: TransactionContext,
  scope: Scope,
  present: readonly FollowedCustomer[],
): Promise<void> {
  const byId = new Map(present.map((one) => [one.customerId, one]));
  for (const ids of chunksOf([...byId.keys()], IDS_PER_STATEMENT)) {
    const rows = await step.tx
      .selectFrom("follows")
      .selectAll()
      .where("scope", "=", scope)
      .where("customerId", "in", ids)
      // Always in the same order, so that two transactions that owe several people something never wait for each other.
      .orderBy("personId")
      .execute();
    for (const row of rows) {
      const follow: Follow = JSON.parse(row.follow);
      await notifyIfFinished(step, follow, { ...byId.get(row.customerId), hasChanged: row.changed === 1 });
    }
  }
}

interface FollowProgress {
  readonly status?: string | undefined;
  readonly hasChanged: boolean;
}

async function notifyIfFinished(
  step: TransactionContext,
  follow: Follow,
  { status, hasChanged }: FollowProgress,
): Promise<void> {
  const now = status === undefined ? "gone" : finalClass(status);
  const changed = hasChanged || now !== follow.class;
  if (now === "moving" || !changed) return changed && !hasChanged ? markChanged(step, follow) : undefined;
  await step.tx
    .deleteFrom("follows")
    .where("scope", "=", follow.scope)
    .where("customerId", "=", follow.customerId)
    .where("personId", "=", follow.personId)
    .execute();
  const recipient = { personId: follow.personId };
  const lines = [
    `${follow.title}: ${END_TEXTS[now]}`,
    `You asked to be told how it ended. Its status: ${status ?? "removed"}.`,
  ];
  await enqueueAlways(step, { recipient, kind: "follow", details: { lines } });
}

const END_TEXTS: Readonly<Record<"good" | "bad" | "gone", string>> = {
  good: "✓ provisioned",
  bad: "✕ in error",
  gone: "removed",
};

const finalClass = (status: string): ProvisioningClass =>
  status === "provisioned_with_errors" ? "bad" : classOf(status);

async function markChanged({ tx }: TransactionContext, { scope, customerId, personId }: Follow): Promise<void> {
  await tx
    .updateTable("follows")
    .set({ changed: 1 })
    .where("scope", "=", scope)
    .where("customerId", "=", customerId)
    .where("personId", "=", personId)
    .execute();
}
