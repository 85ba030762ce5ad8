import type { Kysely } from "kysely";
import { type Alert, isActive } from "../domain/alerts/alert.ts";
import type { MessagePlan, RecipientQueue } from "../domain/alerts/grouping.ts";
import type { WatchingRoom } from "../domain/alerts/reconcile.ts";
import { isUnattended } from "../domain/alerts/schedule.ts";
import { isWatched } from "../domain/alerts/watch.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import type { OutgoingMessage } from "../domain/ports/alerting.ts";
import type { Tables } from "../store/schema.ts";
import { readRecipient } from "./queue.ts";
import { readStateComparison } from "./reconcile.ts";
import { readActiveAlerts, readAlerts, readNotifiedStates } from "./room-state.ts";
import type { TransactionContext } from "./transaction.ts";

/** A message that was taken up. */
export interface ClaimedMessage {
  readonly recipient: string;
  readonly plan: MessagePlan;
  /** Absent for a person. */
  readonly room: WatchingRoom | undefined;
  readonly queue: RecipientQueue;
}

/** Everything that the message is made from. */
export async function loadMessageInput(
  { tx, now }: TransactionContext,
  taken: ClaimedMessage,
): Promise<Omit<OutgoingMessage, "holder">> {
  const { recipient, plan, room, queue } = taken;
  const alerts = await (room === undefined
    ? readAlerts(
        tx,
        plan.notices.map(({ alertId }) => alertId),
      )
    : readMessageAlerts(tx, plan, { room, queue, now }));
  const ids = alerts.map(({ id }) => id);
  const isBaseline = plan.notices.some(({ kind }) => kind === "baseline");
  const digestSince = plan.notices.find(({ kind }) => kind === "digest")?.details.since;
  const drillTimes = await readDrillTimes(tx, taken, alerts);
  return {
    recipient: readRecipient(recipient),
    ...plan,
    alerts,
    queue,
    notified: room === undefined ? [] : await readNotifiedStates(tx, room.roomId, ids),
    ...(room !== undefined && { room }),
    customerCount: isBaseline && room !== undefined ? await countCustomers(tx, room.scope) : 0,
    ...(digestSince !== undefined && { digestSince }),
    ...(drillTimes !== undefined && { drillTimes }),
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
async function readDrillTimes(
  db: Kysely<Tables>,
  { recipient, plan: { notices } }: ClaimedMessage,
  alerts: readonly Alert[],
): Promise<OutgoingMessage["drillTimes"]> {
  const recovered = new Set(notices.flatMap(({ kind, alertId }) => (kind === "recovery" ? [alertId] : [])));
  const drill = alerts.find((alert) => alert.drill !== undefined && recovered.has(alert.id));
  if (drill === undefined) return undefined;
  const sent = await db
    .selectFrom("outbox")
    .select(["queuedAt", "claimedAt", "sentAt"])
    .where("recipient", "=", recipient)
    .where("alertId", "=", drill.id)
    .where("kind", "=", "alert")
    .where("state", "=", "sent")
    .executeTakeFirst();
  if (sent === undefined || sent.claimedAt === null || sent.sentAt === null) return undefined;
  const { queuedAt, claimedAt, sentAt } = sent;
  return { queuedAt, claimedAt, sentAt };
}

/** Whom a message is for, as of `now`. */
export interface RoomContext {
  readonly room: WatchingRoom;
  readonly queue: RecipientQueue;
  readonly now: number;
}

/** The alerts that a message to a space is about, oldest first: more than its notices name, where it stands for more. */
export async function readMessageAlerts(
  db: Kysely<Tables>,
  { form, notices }: MessagePlan,
  reader: RoomContext,
): Promise<readonly Alert[]> {
  const [first] = notices;
  const named = notices.map(({ alertId }) => alertId);
  switch (first?.kind) {
    case "baseline":
      return readBaselineAlerts(db, reader);
    case "catch-up":
      return readCatchUpAlerts(db, reader);
    case "reminder":
      return readReminderAlerts(db, reader);
    case "digest":
      return readDigestAlerts(db, reader, first.details.since ?? reader.now);
    case "storm-end":
      return readAlerts(db, await readStormAlertIds(db, reader));
    default:
      return readAlerts(db, form === "storm" ? [...named, ...(await readStormAlertIds(db, reader))] : named);
  }
}

/** All that is in error already. A drill is told by itself, so that its times are its own. */
async function readBaselineAlerts(db: Kysely<Tables>, { room, now }: RoomContext): Promise<readonly Alert[]> {
  const alerts = (await readActiveAlerts(db, room)).filter(isReal);
  const { desired } = await readStateComparison(db, room, alerts, now);
  return alerts.filter((alert) => desired(alert) === "open");
}

/** All of which the space believes something else than is so. */
export async function readCatchUpAlerts(db: Kysely<Tables>, { room, now }: RoomContext): Promise<readonly Alert[]> {
  const live = await readActiveAlerts(db, room);
  const told = await readAlerts(db, await readNotifiedOpenIds(db, room.roomId));
  const alerts = [...new Map([...told, ...live].map((alert) => [alert.id, alert])).values()]
    .filter(isReal)
    .sort((a, b) => a.id - b.id);
  const { requiredNotice } = await readStateComparison(db, room, alerts, now);
  return alerts.filter((alert) => requiredNotice(alert) !== undefined);
}

/** All that nobody has taken, of what the space still wants to hear: what is muted by now is not repeated either. */
export async function readReminderAlerts(
  db: Kysely<Tables>,
  { room, now }: Omit<RoomContext, "queue">,
): Promise<readonly Alert[]> {
  const alerts = await readAlerts(db, await readNotifiedOpenIds(db, room.roomId));
  const { notified, desired } = await readStateComparison(db, room, alerts, now);
  return alerts.filter((alert) => {
    const one = notified(alert);
    return one !== undefined && isUnattended(alert, one) && desired(alert) === "open";
  });
}

/** What has happened since then that the space was told of, or watches; and what it was told of that goes on. */
async function readDigestAlerts(
  db: Kysely<Tables>,
  { room, now }: RoomContext,
  since: number,
): Promise<readonly Alert[]> {
  const alerts = (await readActiveAlerts(db, room, since)).filter(isReal);
  const { notified } = await readStateComparison(db, room, alerts, now);
  const isOfInterest = (alert: Alert) =>
    room.watches.some((watch) => isWatched(watch, alert, now)) ||
    (room.watches.length === 0 && alert.key.kind === "error");
  return alerts.filter((alert) => {
    const isTold = notified(alert) !== undefined;
    return changedAt(alert) >= since ? isTold || isOfInterest(alert) : isTold && isActive(alert);
  });
}

const isReal = ({ drill }: Alert): boolean => drill === undefined;

const changedAt = ({ badSince, closedAt = 0 }: Alert): number => Math.max(badSince, closedAt);

/** What the space believes to go on. */
async function readNotifiedOpenIds(db: Kysely<Tables>, roomId: string): Promise<readonly number[]> {
  const rows = await db
    .selectFrom("notifiedStates")
    .select("alertId")
    .where("roomId", "=", roomId)
    .where("state", "!=", "closed")
    .execute();
  return rows.map(({ alertId }) => alertId);
}

/** What the digest of the storm tells of. */
async function readStormAlertIds(db: Kysely<Tables>, { room, queue }: RoomContext): Promise<readonly number[]> {
  if (queue.storm === undefined) return [];
  const rows = await db
    .selectFrom("notifiedStates")
    .select("alertId")
    .where("roomId", "=", room.roomId)
    .where("messageId", "=", queue.storm.messageId)
    .execute();
  return rows.map(({ alertId }) => alertId);
}
