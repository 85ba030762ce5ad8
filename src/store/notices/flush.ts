import type { Kysely } from "kysely";
import type { Flush } from "../../domain/alerting.ts";
import type { Alert } from "../../domain/alerts/alert.ts";
import type { Scope } from "../../domain/customers/sweep.ts";
import type { Line, Plan } from "../../domain/notices/group.ts";
import type { WatchingRoom } from "../../domain/notices/reconcile.ts";
import type { Tables } from "../schema.ts";
import { aboutOf } from "./about.ts";
import { readAlerts, readTold } from "./reading.ts";
import type { Step } from "./step.ts";
import { readTarget } from "./targets.ts";

/** A message that was taken up. */
export interface Taken {
  readonly target: string;
  readonly plan: Plan;
  /** Absent for a person. */
  readonly room: WatchingRoom | undefined;
  readonly line: Line;
}

/** Everything that the message is made from. */
export async function loadFlush({ tx, now }: Step, taken: Taken): Promise<Omit<Flush, "holder">> {
  const { target, plan, room, line } = taken;
  const alerts = await (room === undefined
    ? readAlerts(
        tx,
        plan.notices.map(({ alertId }) => alertId),
      )
    : aboutOf(tx, plan, { room, line, now }));
  const ids = alerts.map(({ id }) => id);
  const isBaseline = plan.notices.some(({ kind }) => kind === "baseline");
  const countsFrom = plan.notices.find(({ kind }) => kind === "digest")?.says.since;
  const steps = await readSteps(tx, taken, alerts);
  return {
    target: readTarget(target),
    ...plan,
    ...{ alerts, line },
    told: room === undefined ? [] : await readTold(tx, room.roomId, ids),
    ...(room !== undefined && { room }),
    customers: isBaseline && room !== undefined ? await countCustomers(tx, room.scope) : 0,
    ...(countsFrom !== undefined && { countsFrom }),
    ...(steps !== undefined && { steps }),
  };
}

async function countCustomers(db: Kysely<Tables>, scope: Scope): Promise<number> {
  const { count } = await db
    .selectFrom("customers")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("scope", "=", scope)
    .executeTakeFirstOrThrow();
  return count;
}

/** How a drill's first message went, for its recovery to tell. */
async function readSteps(
  db: Kysely<Tables>,
  { target, plan: { notices } }: Taken,
  alerts: readonly Alert[],
): Promise<Flush["steps"]> {
  const recovered = new Set(notices.flatMap(({ kind, alertId }) => (kind === "recovery" ? [alertId] : [])));
  const drill = alerts.find((alert) => alert.drill !== undefined && recovered.has(alert.id));
  if (drill === undefined) return undefined;
  const sent = await db
    .selectFrom("outbox")
    .select(["owedAt", "claimedAt", "sentAt"])
    .where("target", "=", target)
    .where("alertId", "=", drill.id)
    .where("kind", "=", "alert")
    .where("state", "=", "sent")
    .executeTakeFirst();
  if (sent === undefined || sent.claimedAt === null || sent.sentAt === null) return undefined;
  const { owedAt, claimedAt, sentAt } = sent;
  return { owedAt, claimedAt, sentAt };
}
