import { compareTexts } from "../domain/customers/compare-text.ts";
import { followedClassOf } from "../domain/customers/customer.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import type { Follow } from "../domain/ports/alerting.ts";
import { chunksOf, IDS_PER_STATEMENT } from "../store/chunks.ts";
import { enqueueAlways } from "./queue.ts";
import type { Db, TransactionContext } from "./transaction.ts";

export async function readFollows(db: Db, scope: Scope, personId: string): Promise<readonly Follow[]> {
  const rows = await db
    .selectFrom("follows")
    .select("follow")
    .where("scope", "=", scope)
    .where("personId", "=", personId)
    .execute();
  const follows: readonly Follow[] = rows.map(({ follow }) => JSON.parse(follow));
  return follows.toSorted((a, b) => compareTexts(a.title, b.title));
}

export async function removeFollow(
  { tx }: TransactionContext,
  { scope, customerId, personId }: Pick<Follow, "personId" | "scope" | "customerId">,
): Promise<void> {
  await tx
    .deleteFrom("follows")
    .where("scope", "=", scope)
    .where("customerId", "=", customerId)
    .where("personId", "=", personId)
    .execute();
}

interface FollowedCustomer {
  readonly customerId: string;
  /** Absent if the customer was removed. */
  readonly status?: string;
}

/** Notifies the people who follow these customers, once: when a customer has changed and is GOOD, BAD or removed. */
export async function notifyFollowers(
  ctx: TransactionContext,
  scope: Scope,
  present: readonly FollowedCustomer[],
): Promise<void> {
  const byId = new Map(present.map((one) => [one.customerId, one]));
  for (const ids of chunksOf([...byId.keys()], IDS_PER_STATEMENT)) {
    const rows = await ctx.tx
      .selectFrom("follows")
      .selectAll()
      .where("scope", "=", scope)
      .where("customerId", "in", ids)
      // Sorted, so that two transactions that lock several queues never wait for each other.
      .orderBy("personId")
      .execute();
    for (const row of rows) {
      const follow: Follow = JSON.parse(row.follow);
      await notifyIfFinished(ctx, follow, { ...byId.get(row.customerId), hasChanged: row.changed === 1 });
    }
  }
}

interface FollowProgress {
  readonly status?: string | undefined;
  readonly hasChanged: boolean;
}

async function notifyIfFinished(
  ctx: TransactionContext,
  follow: Follow,
  { status, hasChanged }: FollowProgress,
): Promise<void> {
  const outcome = status === undefined ? "gone" : followedClassOf(status);
  if (outcome === "moving") {
    if (!hasChanged && outcome !== follow.class) await markChanged(ctx, follow);
    return;
  }
  if (!hasChanged && outcome === follow.class) return;
  await removeFollow(ctx, follow);
  const recipient = { personId: follow.personId };
  const lines = [
    `${follow.title}: ${END_TEXTS[outcome]}`,
    `You asked to be told how it ended. Its status: ${status ?? "removed"}.`,
  ];
  await enqueueAlways(ctx, { recipient, kind: "follow", details: { lines } });
}

const END_TEXTS: Readonly<Record<"good" | "bad" | "gone", string>> = {
  good: "✓ provisioned",
  bad: "✕ in error",
  gone: "removed",
};

async function markChanged({ tx }: TransactionContext, { scope, customerId, personId }: Follow): Promise<void> {
  await tx
    .updateTable("follows")
    .set({ changed: 1 })
    .where("scope", "=", scope)
    .where("customerId", "=", customerId)
    .where("personId", "=", personId)
    .execute();
}
