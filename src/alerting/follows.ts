import type { Follow } from "../domain/alerting.ts";
import { classOf, type ProvisioningClass } from "../domain/customers/customer.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import { chunksOf, IDS } from "../store/chunks.ts";
import { oweAnew } from "./queue.ts";
import type { Step } from "./transaction.ts";

/** A followed customer in its present status; without one, it is gone. */
export interface Present {
  readonly customerId: string;
  readonly status?: string;
}

/** Whoever waits for one of these customers is told once how it ended: when it has changed, and is good, bad or gone. */
export async function tellFollowers(step: Step, scope: Scope, present: readonly Present[]): Promise<void> {
  const byId = new Map(present.map((one) => [one.customerId, one]));
  for (const ids of chunksOf([...byId.keys()], IDS)) {
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
      await tellIfOver(step, follow, { ...byId.get(row.customerId), hasMoved: row.moved === 1 });
    }
  }
}

interface Course {
  readonly status?: string | undefined;
  readonly hasMoved: boolean;
}

async function tellIfOver(step: Step, follow: Follow, { status, hasMoved }: Course): Promise<void> {
  const now = status === undefined ? "gone" : endClass(status);
  const moved = hasMoved || now !== follow.class;
  if (now === "moving" || !moved) return moved && !hasMoved ? setMoved(step, follow) : undefined;
  await step.tx
    .deleteFrom("follows")
    .where("scope", "=", follow.scope)
    .where("customerId", "=", follow.customerId)
    .where("personId", "=", follow.personId)
    .execute();
  const target = { personId: follow.personId };
  const lines = [
    `${follow.title}: ${ENDS[now]}`,
    `You asked to be told how it ended. Its status: ${status ?? "removed"}.`,
  ];
  await oweAnew(step, { target, kind: "follow", says: { lines } });
}

const ENDS: Readonly<Record<"good" | "bad" | "gone", string>> = {
  good: "✓ provisioned",
  bad: "✕ in error",
  gone: "removed",
};

const endClass = (status: string): ProvisioningClass =>
  status === "provisioned_with_errors" ? "bad" : classOf(status);

async function setMoved({ tx }: Step, { scope, customerId, personId }: Follow): Promise<void> {
  await tx
    .updateTable("follows")
    .set({ moved: 1 })
    .where("scope", "=", scope)
    .where("customerId", "=", customerId)
    .where("personId", "=", personId)
    .execute();
}
