import { type Alert, isActive } from "../domain/alerts/alert.ts";
import { isUnattended } from "../domain/alerts/due-times.ts";
import type { MessagePlan, RecipientQueue } from "../domain/alerts/grouping.ts";
import type { DesiredState, WatchingRoom } from "../domain/alerts/reconcile.ts";
import { isWatched } from "../domain/alerts/watch.ts";
import type { Scope } from "../domain/customers/sweep.ts";
import type { MessageLease, OutgoingMessage } from "../domain/ports/alerting.ts";
import { readAlerts, readTrackedAlerts } from "./alert-rows.ts";
import { readAsides } from "./card-asides.ts";
import { readAlertMemory } from "./code-memory.ts";
import { withPresentItems, withReturns } from "./present-items.ts";
import { parseRecipient } from "./recipients.ts";
import { readStateComparison } from "./reconcile.ts";
import { readNotifiedOpenIds, readNotifiedStates } from "./room-state.ts";
import type { Db, TransactionContext } from "./transaction.ts";

export interface ClaimedMessage {
  readonly recipient: string;
  readonly plan: MessagePlan;
  /** Absent for a person. */
  readonly room: WatchingRoom | undefined;
  readonly queue: RecipientQueue;
}

/** Reads everything that a message is made from, as of now (ALERTS 26). */
export async function loadMessageInput(
  { tx, now }: TransactionContext,
  claimed: ClaimedMessage,
): Promise<Omit<OutgoingMessage, keyof MessageLease>> {
  const { recipient, plan, room, queue } = claimed;
  const named = plan.notices.map(({ alertId }) => alertId);
  const read = await (room === undefined ? readAlerts(tx, named) : readMessageAlerts(tx, plan, { room, queue, now }));
  // A storm is told in numbers, and there may be thousands.
  const alerts = plan.storm === undefined ? await withPresentItems(tx, read) : read;
  const ids = alerts.map(({ id }) => id);
  const isBaseline = plan.notices.some(({ kind }) => kind === "baseline");
  const digestSince = plan.notices.find(({ kind }) => kind === "digest")?.details.since;
  const drillTimes = await readDrillTimes(tx, claimed, alerts);
  const edited = plan.storm?.step === "edit" ? queue.storm?.messageId : undefined;
  return {
    recipient: parseRecipient(recipient),
    ...plan,
    notices: await withReturns(tx, plan.notices, now),
    ...(plan.cameAndWent && { cameAndWent: await withReturns(tx, plan.cameAndWent, now) }),
    alerts,
    queue,
    // No summary of a storm names what the room was told of an alert, and there may be thousands.
    notified: room === undefined || plan.storm ? [] : await readNotifiedStates(tx, room.roomId, ids),
    memory: await readAlertMemory(tx, alerts, now),
    ...(room !== undefined && { room }),
    ...(edited !== undefined && { asidesOfCard: await readAsides(tx, edited) }),
    customerCount: isBaseline && room !== undefined ? await countCustomers(tx, room.scope) : 0,
    ...(digestSince !== undefined && { digestSince }),
    ...(drillTimes !== undefined && { drillTimes }),
  };
}

interface RoomContext {
  readonly room: WatchingRoom;
  readonly queue: RecipientQueue;
  readonly now: number;
}

/** The alerts of a message to a room, oldest first. Summaries have more of them than their notices name. */
async function readMessageAlerts(
  db: Db,
  { notices, storm }: MessagePlan,
  context: RoomContext,
): Promise<readonly Alert[]> {
  const [first] = notices;
  const named = notices.map(({ alertId }) => alertId);
  if (storm !== undefined) return readAlerts(db, [...named, ...(await readStormAlertIds(db, context))]);
  switch (first?.kind) {
    case "baseline":
      return readBaselineAlerts(db, context);
    case "catch-up":
      return readCatchUpAlerts(db, context);
    case "reminder":
      return readReminderAlerts(db, context);
    case "digest":
      return readDigestAlerts(db, context, first.details.since ?? context.now);
    case "came-and-went":
      return [];
    default:
      return readAlerts(db, named);
  }
}

/** The open and flapping alerts that the room watches. A drill is a message of its own, so that its times are right. */
async function readBaselineAlerts(db: Db, { room, now }: RoomContext): Promise<readonly Alert[]> {
  const alerts = (await readTrackedAlerts(db, room)).filter(isReal);
  const { desired } = await readStateComparison(db, room, alerts, now);
  return alerts.filter((alert) => isToBeKnown(desired(alert)));
}

const isToBeKnown = (desired: DesiredState): boolean => desired === "open" || desired === "flapping";

/** All alerts whose present state differs from the one that the room was notified of. */
export async function readCatchUpAlerts(db: Db, { room, now }: Omit<RoomContext, "queue">): Promise<readonly Alert[]> {
  const tracked = await readTrackedAlerts(db, room);
  const notified = await readAlerts(db, await readNotifiedOpenIds(db, room.roomId));
  const alerts = [...new Map([...notified, ...tracked].map((alert) => [alert.id, alert])).values()]
    .filter(isReal)
    .sort((a, b) => a.id - b.id);
  const { requiredNotice } = await readStateComparison(db, room, alerts, now);
  return alerts.filter((alert) => requiredNotice(alert) !== undefined);
}

/** The open and flapping alerts that the room was told of, that nobody has acknowledged, and that are not muted. */
export async function readReminderAlerts(db: Db, { room, now }: Omit<RoomContext, "queue">): Promise<readonly Alert[]> {
  const alerts = await readAlerts(db, await readNotifiedOpenIds(db, room.roomId));
  const { notified, desired } = await readStateComparison(db, room, alerts, now);
  return alerts.filter((alert) => notified(alert) !== undefined && isUnattended(alert) && isToBeKnown(desired(alert)));
}

/** The alerts that changed since then and that the room knows or watches, and the other active ones that it knows. */
async function readDigestAlerts(db: Db, { room, now }: RoomContext, since: number): Promise<readonly Alert[]> {
  const alerts = (await readTrackedAlerts(db, room, since)).filter(isReal);
  const { notified } = await readStateComparison(db, room, alerts, now);
  const isRelevant = (alert: Alert) =>
    room.watches.some((watch) => isWatched(watch, alert, now)) ||
    (room.watches.length === 0 && alert.key.kind === "error");
  return alerts.filter((alert) => {
    const isKnown = notified(alert) !== undefined;
    return changedAt(alert) >= since ? isKnown || isRelevant(alert) : isKnown && isActive(alert);
  });
}

const isReal = ({ drill }: Alert): boolean => drill === undefined;

const changedAt = ({ badSince, closedAt = 0 }: Alert): number => Math.max(badSince, closedAt);

async function readStormAlertIds(db: Db, { room, queue }: RoomContext): Promise<readonly number[]> {
  if (queue.storm === undefined) return [];
  const root = queue.storm.messageId;
  const rows = await db
    .selectFrom("notifiedStates")
    .select("alertId")
    .where("roomId", "=", room.roomId)
    .where((is) => is.or([is("messageId", "=", root), is("storm", "=", root)]))
    .execute();
  return rows.map(({ alertId }) => alertId);
}

async function countCustomers(db: Db, scope: Scope): Promise<number> {
  const { count } = await db
    .selectFrom("customers")
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .where("scope", "=", scope)
    .executeTakeFirstOrThrow();
  return count;
}

/** When the first message of a drill was enqueued, claimed and sent; for the message of its recovery. */
async function readDrillTimes(
  db: Db,
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
