import type { Insertable, Kysely } from "kysely";
import { type Alert, isActive } from "../domain/alerts/alert.ts";
import { stormAfter } from "../domain/alerts/grouping.ts";
import { closeAlert } from "../domain/alerts/lifecycle.ts";
import { isSummaryNotice, isUrgent, type Notice, type NoticeKind } from "../domain/alerts/notice.ts";
import { type NotifiedState, notifiedStateOf } from "../domain/alerts/reconcile.ts";
import { nextReminderAt } from "../domain/alerts/schedule.ts";
import type { OutgoingMessage } from "../domain/ports/alerting.ts";
import { chunksOf, IDS_PER_STATEMENT, ROWS_PER_STATEMENT } from "../store/chunks.ts";
import { lockScope } from "../store/leases.ts";
import type { Tables } from "../store/schema.ts";
import { writeAlerts } from "./alert-rows.ts";
import { IDLE, lockQueue, readQueue, recipientKey, reschedule, updateNotices, updateQueue } from "./queue.ts";
import { reconcileRoom } from "./reconcile.ts";
import { readAlerts, readNotifiedStates } from "./room-state.ts";
import type { AlertingDeps, TransactionContext } from "./transaction.ts";

/**
 * Announces what a message said, and owes what has changed since it was taken up (ALERTS 28). Of a message that somebody else
 * has taken up meanwhile, theirs counts.
 */
export async function recordDelivery(
  step: TransactionContext,
  flush: OutgoingMessage,
  messageId: string,
): Promise<void> {
  const { now } = step;
  const recipient = recipientKey(flush.recipient);
  // An acknowledgement writes a drill whole, as its end does. Before the line: whoever writes alerts comes to lines last.
  const drill = flush.alerts.find((alert) => alert.drill !== undefined);
  if (drill !== undefined) await lockScope(step, drill.key.scope);
  const row = await lockQueue(step, recipient);
  if (row.holder !== flush.holder) return;
  const ids = flush.notices.map(({ id }) => id);
  await updateNotices(step, { ids, from: ["claimed"] }, { state: "sent", sentAt: now, messageId });
  const { storm } = readQueue(row);
  const after = stormAfter(storm, flush, { messageId, now });
  await updateQueue(step, recipient, {
    ...IDLE,
    withheldAt: null,
    ...(flush.notices.some(({ kind }) => !isUrgent(kind)) && { lastGroupSentAt: now }),
    storm: after === undefined ? null : JSON.stringify(after),
  });
  if ("roomId" in flush.recipient) {
    const rootId = flush.form === "storm" ? (after?.messageId ?? messageId) : messageId;
    await applyDelivery(step, { ...flush, roomId: flush.recipient.roomId, rootId });
  }
  await reschedule(step, recipient);
}

/** The alerts of a message that was made before somebody took them. */
export async function readAckedMeanwhile(
  db: Kysely<Tables>,
  { alerts, notices }: Pick<OutgoingMessage, "alerts" | "notices">,
): Promise<readonly number[]> {
  const told = new Set(notices.map(({ alertId }) => alertId));
  const free = alerts.filter(({ id, ack }) => ack === undefined && told.has(id));
  const taken: number[] = [];
  for (const chunk of chunksOf(free, IDS_PER_STATEMENT)) {
    const rows = await db
      .selectFrom("alerts")
      .select("id")
      .where(
        "id",
        "in",
        chunk.map(({ id }) => id),
      )
      .where("acked", "=", 1)
      .orderBy("id")
      .execute();
    taken.push(...rows.map(({ id }) => id));
  }
  return taken;
}

/** What the space believes now, and what it is owed now that it does. */
async function applyDelivery(step: TransactionContext, told: DeliveredMessage): Promise<void> {
  const { roomId, notices } = told;
  const has = (...kinds: readonly NoticeKind[]) => notices.some(({ kind }) => kinds.includes(kind));
  if (has("reminder")) await countReminder(step, told);
  if (notices.every(({ kind }) => isUrgent(kind) && !isSummaryNotice(kind))) return;
  await recordNotifiedStates(step, told);
  if (has("baseline")) await recordUnlistedAsClosed(step, told, await readClaimedAt(step, told));
  await endDrills(step, told);
  // While a cover waits, nothing else is owed: now it is, whatever it is of.
  const alertIds = has("baseline", "catch-up") ? undefined : told.alerts.map(({ id }) => id);
  await reconcileRoom(step, roomId, alertIds);
}

/** When the message was made, and said what was so. */
async function readClaimedAt({ tx, now }: TransactionContext, { notices }: DeliveredMessage): Promise<number> {
  const row = await tx
    .selectFrom("outbox")
    .select("claimedAt")
    .where("id", "=", notices[0]?.id ?? 0)
    .executeTakeFirst();
  return row?.claimedAt ?? now;
}

/** A drill is over once it was told: its recovery shows that those arrive as well. */
async function endDrills({ tx, now }: TransactionContext, { alerts, notices }: DeliveredMessage): Promise<void> {
  const told = new Set(notices.flatMap(({ kind, alertId }) => (kind === "alert" ? [alertId] : [])));
  const drills = alerts.flatMap(({ id, drill }) => (drill !== undefined && told.has(id) ? [id] : []));
  const ended = (await readAlerts(tx, drills)).filter(isActive).map((alert) => closeAlert(alert, "recovered", now));
  await writeAlerts(tx, ended, now);
}

type NotifiedStateRow = Insertable<Tables["notifiedStates"]>;

/** A message that a space got. */
export interface DeliveredMessage {
  readonly roomId: string;
  readonly notices: readonly Notice[];
  /** As it said they are. */
  readonly alerts: readonly Alert[];
  /** The message that begins the thread of what is told for the first time: itself, or the digest of the storm it belongs to. */
  readonly rootId: string;
}

/**
 * Keeps what a space was told: what the message said, and never what is so by now, of which it may know nothing (ALERTS 28).
 */
export async function recordNotifiedStates(step: TransactionContext, told: DeliveredMessage): Promise<void> {
  const { roomId, rootId } = told;
  const { alerts, isRoot } = selectNotified(told);
  const known = await readNotifiedStates(
    step.tx,
    roomId,
    alerts.map(({ id }) => id),
  );
  const before = new Map(known.map((one) => [one.alertId, one]));
  const rows = alerts.map((alert) => {
    const last = before.get(alert.id);
    const messageId = isRoot(alert) ? rootId : (last?.messageId ?? rootId);
    return { ...notifiedStateRow(step, alert, last), roomId, messageId };
  });
  await writeNotifiedStates(step.tx, rows);
}

interface NotifiedAlerts {
  readonly alerts: readonly Alert[];
  /** Whether the alert's thread begins with this message. */
  readonly isRoot: (alert: Alert) => boolean;
}

/** A cover announces all that it stands for, otherwise each notice its own alert; a first one begins the thread. */
function selectNotified({ notices, alerts }: DeliveredMessage): NotifiedAlerts {
  if (notices.some(({ kind }) => isSummaryNotice(kind))) return { alerts, isRoot: () => true };
  const kinds = new Map(notices.filter(({ kind }) => !isUrgent(kind)).map(({ alertId, kind }) => [alertId, kind]));
  return {
    alerts: alerts.filter(({ id }) => kinds.has(id)),
    isRoot: ({ id }) => kinds.get(id) === "alert",
  };
}

function notifiedStateRow(
  { now, timings }: TransactionContext,
  alert: Alert,
  last: NotifiedState | undefined,
): Omit<NotifiedStateRow, "roomId" | "messageId"> {
  const { id: alertId, generation, failures } = alert;
  const said = { alertId, state: notifiedStateOf(alert), generation, failures };
  const isAnew = last === undefined || (said.state === "open" && last.state !== "open");
  if (isAnew)
    return {
      ...said,
      notifiedAt: now,
      reminded: 0,
      remindAt: nextReminderAt({ at: now, reminded: 0 }, timings.remindMs),
      escalatedAt: null,
    };
  const { notifiedAt, reminded, escalatedAt = null } = last;
  return { ...said, notifiedAt: notifiedAt, reminded, remindAt: last.remindAt, escalatedAt };
}

/** What a baseline does not list is not in error any more, so the space knows; unless it has ended since the card was made. */
export async function recordUnlistedAsClosed(
  { tx }: TransactionContext,
  { roomId, alerts }: DeliveredMessage,
  claimedAt: number,
): Promise<void> {
  const listed = new Set(alerts.map(({ id }) => id));
  const open = await tx
    .selectFrom("notifiedStates")
    .selectAll()
    .where("roomId", "=", roomId)
    .where("state", "!=", "closed")
    .execute();
  const gone = await readAlerts(
    tx,
    open.flatMap(({ alertId }) => (listed.has(alertId) ? [] : [alertId])),
  );
  const closed = new Map(
    gone
      .filter((alert) => notifiedStateOf(alert) === "closed" && (alert.closedAt ?? 0) <= claimedAt)
      .map(({ id, generation, failures }) => [id, { state: "closed", generation, failures } as const]),
  );
  await writeNotifiedStates(
    tx,
    open.flatMap((row) => (closed.has(row.alertId) ? [{ ...row, ...closed.get(row.alertId) }] : [])),
  );
}

/** Those that were reminded of are due again later (ALERTS 22). */
export async function countReminder(
  { tx, now, timings }: TransactionContext,
  { roomId, alerts }: Pick<DeliveredMessage, "roomId" | "alerts">,
): Promise<void> {
  const told = await readNotifiedStates(
    tx,
    roomId,
    alerts.map(({ id }) => id),
  );
  await writeNotifiedStates(
    tx,
    told.map(({ escalatedAt = null, ...one }) => {
      const reminded = one.reminded + 1;
      return {
        ...one,
        escalatedAt,
        reminded,
        remindAt: nextReminderAt({ at: now, reminded }, timings.remindMs),
      };
    }),
  );
}

/** Generations never go back (ALERTS e). Another card has been edited by nobody yet. */
export async function writeNotifiedStates(db: Kysely<Tables>, rows: readonly NotifiedStateRow[]): Promise<void> {
  for (const chunk of chunksOf(rows, ROWS_PER_STATEMENT)) {
    await db
      .insertInto("notifiedStates")
      .values(chunk)
      .onConflict((conflict) =>
        conflict
          .columns(["roomId", "alertId"])
          .doUpdateSet(({ ref, eb }) => ({
            edits: eb
              .case()
              .when("notifiedStates.messageId", "=", ref("excluded.messageId"))
              .then(ref("notifiedStates.edits"))
              .else(0)
              .end(),
            state: ref("excluded.state"),
            generation: ref("excluded.generation"),
            failures: ref("excluded.failures"),
            messageId: ref("excluded.messageId"),
            notifiedAt: ref("excluded.notifiedAt"),
            escalatedAt: ref("excluded.escalatedAt"),
            reminded: ref("excluded.reminded"),
            remindAt: ref("excluded.remindAt"),
          }))
          .whereRef("excluded.generation", ">=", "notifiedStates.generation"),
      )
      .execute();
  }
}

type EditDeps = Pick<AlertingDeps, "db" | "isSingleInstance">;

interface AlertCard {
  readonly roomId: string;
  readonly messageId: string;
}

/** The cards of these alerts, each once, however many of them it shows. */
export async function readAlertCards(db: Kysely<Tables>, alertIds: readonly number[]): Promise<readonly AlertCard[]> {
  const cards = new Map<string, AlertCard>();
  for (const ids of chunksOf(alertIds, IDS_PER_STATEMENT)) {
    const rows = await db
      .selectFrom("notifiedStates")
      .select(["roomId", "messageId"])
      .distinct()
      .where("alertId", "in", ids)
      .orderBy("roomId")
      .orderBy("messageId")
      .execute();
    for (const card of rows) cards.set(card.messageId, card);
  }
  return [...cards.values()];
}

/** A card is edited so often at most, and two more times by its own buttons: Webex allows ten (ALERTS 30). */
const MAX_EDITS = 8;

/**
 * Counts an edit of a card, with every alert that it shows; false when it has had its last one. An alert that joined the card
 * later has counted fewer.
 */
export function reserveEdit({ db, isSingleInstance }: EditDeps, { roomId, messageId }: AlertCard): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom("notifiedStates")
      .select("edits")
      .where("roomId", "=", roomId)
      .where("messageId", "=", messageId)
      .orderBy("alertId")
      .$if(!isSingleInstance, (query) => query.forUpdate())
      .execute();
    const edits = Math.max(0, ...rows.map((row) => row.edits));
    if (rows.length === 0 || edits >= MAX_EDITS) return false;
    await tx
      .updateTable("notifiedStates")
      .set({ edits: edits + 1 })
      .where("roomId", "=", roomId)
      .where("messageId", "=", messageId)
      .execute();
    return true;
  });
}
