import type { Kysely } from "kysely";
import type { Flush } from "../domain/alerting.ts";
import { type Alert, isActive } from "../domain/alerts/alert.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import type { Line, Plan } from "../domain/notices/group.ts";
import type { WatchingRoom } from "../domain/notices/reconcile.ts";
import { isUnattended } from "../domain/notices/remind.ts";
import { isWanted } from "../domain/notices/watch.ts";
import type { Tables } from "../store/schema.ts";
import { readTarget } from "./queue.ts";
import { readBeliefs } from "./reconcile.ts";
import { readAlerts, readLive, readTold } from "./room-state.ts";
import type { Step } from "./transaction.ts";

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
    alerts,
    line,
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

/** Whom a message is for, as of `now`. */
export interface Reader {
  readonly room: WatchingRoom;
  readonly line: Line;
  readonly now: number;
}

/** The alerts that a message to a space is about, oldest first: more than its notices name, where it stands for more. */
export async function aboutOf(
  db: Kysely<Tables>,
  { form, notices }: Plan,
  reader: Reader,
): Promise<readonly Alert[]> {
  const [first] = notices;
  const named = notices.map(({ alertId }) => alertId);
  switch (first?.kind) {
    case "baseline":
      return aboutBaseline(db, reader);
    case "catch-up":
      return aboutCatchUp(db, reader);
    case "reminder":
      return aboutReminder(db, reader);
    case "digest":
      return aboutDigest(db, reader, first.says.since ?? reader.now);
    case "storm-end":
      return readAlerts(db, await stormIds(db, reader));
    default:
      return readAlerts(db, form === "storm" ? [...named, ...(await stormIds(db, reader))] : named);
  }
}

/** All that is in error already. A drill is told by itself, so that its times are its own. */
async function aboutBaseline(db: Kysely<Tables>, { room, now }: Reader): Promise<readonly Alert[]> {
  const alerts = (await readLive(db, room)).filter(isReal);
  const { desired } = await readBeliefs(db, room, alerts, now);
  return alerts.filter((alert) => desired(alert) === "open");
}

/** All of which the space believes something else than is so. */
export async function aboutCatchUp(db: Kysely<Tables>, { room, now }: Reader): Promise<readonly Alert[]> {
  const live = await readLive(db, room);
  const told = await readAlerts(db, await toldIds(db, room.roomId));
  const alerts = [...new Map([...told, ...live].map((alert) => [alert.id, alert])).values()]
    .filter(isReal)
    .sort((a, b) => a.id - b.id);
  const { owed } = await readBeliefs(db, room, alerts, now);
  return alerts.filter((alert) => owed(alert) !== undefined);
}

/** All that nobody has taken, of what the space still wants to hear: what is muted by now is not repeated either. */
export async function aboutReminder(
  db: Kysely<Tables>,
  { room, now }: Omit<Reader, "line">,
): Promise<readonly Alert[]> {
  const alerts = await readAlerts(db, await toldIds(db, room.roomId));
  const { told, desired } = await readBeliefs(db, room, alerts, now);
  return alerts.filter((alert) => {
    const one = told(alert);
    return one !== undefined && isUnattended(alert, one) && desired(alert) === "open";
  });
}

/** What has happened since then that the space was told of, or watches; and what it was told of that goes on. */
async function aboutDigest(
  db: Kysely<Tables>,
  { room, now }: Reader,
  since: number,
): Promise<readonly Alert[]> {
  const alerts = (await readLive(db, room, since)).filter(isReal);
  const { told } = await readBeliefs(db, room, alerts, now);
  const isWatched = (alert: Alert) =>
    room.watches.some((watch) => isWanted(watch, alert, now)) ||
    (room.watches.length === 0 && alert.key.kind === "error");
  return alerts.filter((alert) => {
    const isTold = told(alert) !== undefined;
    return changedAt(alert) >= since ? isTold || isWatched(alert) : isTold && isActive(alert);
  });
}

const isReal = ({ drill }: Alert): boolean => drill === undefined;

const changedAt = ({ badSince, closedAt = 0 }: Alert): number => Math.max(badSince, closedAt);

/** What the space believes to go on. */
async function toldIds(db: Kysely<Tables>, roomId: string): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("announced")
    .select("alertId")
    .where("roomId", "=", roomId)
    .where("state", "!=", "closed")
    .execute();
  return rows.map(({ alertId }) => alertId);
}

/** What the digest of the storm tells of. */
async function stormIds(db: Kysely<Tables>, { room, line }: Reader): Promise<readonly number[]> {
  if (line.storm === undefined) return [];
  const rows = await db
    .selectFrom("announced")
    .select("alertId")
    .where("roomId", "=", room.roomId)
    .where("messageId", "=", line.storm.messageId)
    .execute();
  return rows.map(({ alertId }) => alertId);
}
