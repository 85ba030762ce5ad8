import type { Step } from "../notices/step.ts";

/** A customer, and the active alerts of it that are to be held against it. */
export interface Due {
  readonly customerId: string;
  readonly alertIds: readonly number[];
}

/** By customer: active alerts that it was not held against since it changed, and those that count every sighting. */
export async function dueAlerts(
  { tx }: Step,
  scope: string,
  seen: ReadonlySet<string> | undefined,
): Promise<readonly Due[]> {
  const rows = await tx
    .selectFrom("alerts")
    .innerJoin("customers", (join) =>
      join.onRef("customers.scope", "=", "alerts.scope").onRef("customers.id", "=", "alerts.customerId"),
    )
    .select(["alerts.id", "alerts.customerId"])
    .where("alerts.scope", "=", scope)
    .where("alerts.active", "=", ({ lit }) => lit(1))
    .where("alerts.kind", "=", "error")
    .whereRef("customers.changedAt", ">=", "alerts.judgedAt")
    .where("customers.absent", "=", 0)
    .orderBy("alerts.id")
    .execute();
  const due = new Map<string, number[]>();
  for (const { id, customerId } of rows) {
    if (seen !== undefined && !seen.has(customerId)) continue;
    due.set(customerId, [...(due.get(customerId) ?? []), id]);
  }
  return [...due].map(([customerId, alertIds]) => ({ customerId, alertIds }));
}
