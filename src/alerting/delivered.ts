import type { Insertable, Kysely } from "kysely";
import type { Flush } from "../domain/alerting.ts";
import { type Alert, isActive } from "../domain/alerts/alert.ts";
import { close } from "../domain/alerts/lifecycle.ts";
import { isCover, isUrgent, type Notice, type NoticeKind } from "../domain/notices/outbox.ts";
import { type Announced, stateOf } from "../domain/notices/reconcile.ts";
import { remindAt } from "../domain/notices/remind.ts";
import { stormAfter } from "../domain/notices/storm.ts";
import { chunksOf, IDS, ROWS } from "../store/chunks.ts";
import { lockScope } from "../store/leases.ts";
import type { Tables } from "../store/schema.ts";
import { writeAlerts } from "./alert-rows.ts";
import { AT_REST, lockLine, readLine, reschedule, targetText, writeLine, writeNotices } from "./queue.ts";
import { settleRoom } from "./reconcile.ts";
import { readAlerts, readTold } from "./room-state.ts";
import type { OutboxDeps, Step } from "./transaction.ts";

/**
 * Announces what a message said, and owes what has changed since it was taken up (ALERTS 28). Of a message that somebody else
 * has taken up meanwhile, theirs counts.
 */
export async function recordDelivery(step: Step, flush: Flush, messageId: string): Promise<void> {
  const { now } = step;
  const target = targetText(flush.target);
  // An acknowledgement writes a drill whole, as its end does. Before the line: whoever writes alerts comes to lines last.
  const drill = flush.alerts.find((alert) => alert.drill !== undefined);
  if (drill !== undefined) await lockScope(step, drill.key.scope);
  const row = await lockLine(step, target);
  if (row.holder !== flush.holder) return;
  const ids = flush.notices.map(({ id }) => id);
  await writeNotices(step, { ids, from: ["claimed"] }, { state: "sent", sentAt: now, messageId });
  const { storm } = readLine(row);
  const after = stormAfter(storm, flush, { messageId, now });
  await writeLine(step, target, {
    ...AT_REST,
    withheldAt: null,
    ...(flush.notices.some(({ kind }) => !isUrgent(kind)) && { flushedAt: now }),
    storm: after === undefined ? null : JSON.stringify(after),
  });
  if ("roomId" in flush.target) {
    const rootId = flush.form === "storm" ? (after?.messageId ?? messageId) : messageId;
    await believe(step, { ...flush, roomId: flush.target.roomId, rootId });
  }
  await reschedule(step, target);
}

/** The alerts of a message that was made before somebody took them. */
export async function takenMeanwhile(
  db: Kysely<Tables>,
  { alerts, notices }: Pick<Flush, "alerts" | "notices">,
): Promise<readonly number[]> {
  const told = new Set(notices.map(({ alertId }) => alertId));
  const free = alerts.filter(({ id, ack }) => ack === undefined && told.has(id));
  const taken: number[] = [];
  for (const chunk of chunksOf(free, IDS)) {
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
async function believe(step: Step, told: Told): Promise<void> {
  const { roomId, notices } = told;
  const has = (...kinds: readonly NoticeKind[]) => notices.some(({ kind }) => kinds.includes(kind));
  if (has("reminder")) await countReminder(step, told);
  if (notices.every(({ kind }) => isUrgent(kind) && !isCover(kind))) return;
  await announce(step, told);
  if (has("baseline")) await announceGone(step, told, await takenAt(step, told));
  await endDrills(step, told);
  // While a cover waits, nothing else is owed: now it is, whatever it is of.
  const alertIds = has("baseline", "catch-up") ? undefined : told.alerts.map(({ id }) => id);
  await settleRoom(step, roomId, alertIds);
}

/** When the message was made, and said what was so. */
async function takenAt({ tx, now }: Step, { notices }: Told): Promise<number> {
  const row = await tx
    .selectFrom("outbox")
    .select("claimedAt")
    .where("id", "=", notices[0]?.id ?? 0)
    .executeTakeFirst();
  return row?.claimedAt ?? now;
}

/** A drill is over once it was told: its recovery shows that those arrive as well. */
async function endDrills({ tx, now }: Step, { alerts, notices }: Told): Promise<void> {
  const told = new Set(notices.flatMap(({ kind, alertId }) => (kind === "alert" ? [alertId] : [])));
  const drills = alerts.flatMap(({ id, drill }) => (drill !== undefined && told.has(id) ? [id] : []));
  const ended = (await readAlerts(tx, drills))
    .filter(isActive)
    .map((alert) => close(alert, "recovered", now));
  await writeAlerts(tx, ended, now);
}

type Row = Insertable<Tables["announced"]>;

/** A message that a space got. */
export interface Told {
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
export async function announce(step: Step, told: Told): Promise<void> {
  const { roomId, rootId } = told;
  const { alerts, isRoot } = announcedBy(told);
  const known = await readTold(
    step.tx,
    roomId,
    alerts.map(({ id }) => id),
  );
  const before = new Map(known.map((one) => [one.alertId, one]));
  const rows = alerts.map((alert) => {
    const last = before.get(alert.id);
    const messageId = isRoot(alert) ? rootId : (last?.messageId ?? rootId);
    return { ...announcement(step, alert, last), roomId, messageId };
  });
  await writeAnnounced(step.tx, rows);
}

interface Announcing {
  readonly alerts: readonly Alert[];
  /** Whether the alert's thread begins with this message. */
  readonly isRoot: (alert: Alert) => boolean;
}

/** A cover announces all that it stands for, otherwise each notice its own alert; a first one begins the thread. */
function announcedBy({ notices, alerts }: Told): Announcing {
  if (notices.some(({ kind }) => isCover(kind))) return { alerts, isRoot: () => true };
  const kinds = new Map(
    notices.filter(({ kind }) => !isUrgent(kind)).map(({ alertId, kind }) => [alertId, kind]),
  );
  return {
    alerts: alerts.filter(({ id }) => kinds.has(id)),
    isRoot: ({ id }) => kinds.get(id) === "alert",
  };
}

function announcement(
  { now, timings }: Step,
  alert: Alert,
  last: Announced | undefined,
): Omit<Row, "roomId" | "messageId"> {
  const { id: alertId, generation, failures } = alert;
  const said = { alertId, state: stateOf(alert), generation, failures };
  const isAnew = last === undefined || (said.state === "open" && last.state !== "open");
  if (isAnew)
    return {
      ...said,
      toldAt: now,
      reminded: 0,
      remindAt: remindAt({ at: now, reminded: 0 }, timings.remindMs),
      escalatedAt: null,
    };
  const { toldAt, reminded, escalatedAt = null } = last;
  return { ...said, toldAt, reminded, remindAt: last.remindAt, escalatedAt };
}

/** What a baseline does not list is not in error any more, so the space knows; unless it has ended since the card was made. */
export async function announceGone({ tx }: Step, { roomId, alerts }: Told, claimedAt: number): Promise<void> {
  const listed = new Set(alerts.map(({ id }) => id));
  const open = await tx
    .selectFrom("announced")
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
      .filter((alert) => stateOf(alert) === "closed" && (alert.closedAt ?? 0) <= claimedAt)
      .map(({ id, generation, failures }) => [id, { state: "closed", generation, failures } as const]),
  );
  await writeAnnounced(
    tx,
    open.flatMap((row) => (closed.has(row.alertId) ? [{ ...row, ...closed.get(row.alertId) }] : [])),
  );
}

/** Those that were reminded of are due again later (ALERTS 22). */
export async function countReminder(
  { tx, now, timings }: Step,
  { roomId, alerts }: Pick<Told, "roomId" | "alerts">,
): Promise<void> {
  const told = await readTold(
    tx,
    roomId,
    alerts.map(({ id }) => id),
  );
  await writeAnnounced(
    tx,
    told.map(({ escalatedAt = null, ...one }) => {
      const reminded = one.reminded + 1;
      return { ...one, escalatedAt, reminded, remindAt: remindAt({ at: now, reminded }, timings.remindMs) };
    }),
  );
}

/** Generations never go back (ALERTS e). Another card has been edited by nobody yet. */
export async function writeAnnounced(db: Kysely<Tables>, rows: readonly Row[]): Promise<void> {
  for (const chunk of chunksOf(rows, ROWS)) {
    await db
      .insertInto("announced")
      .values(chunk)
      .onConflict((conflict) =>
        conflict
          .columns(["roomId", "alertId"])
          .doUpdateSet(({ ref, eb }) => ({
            edits: eb
              .case()
              .when("announced.messageId", "=", ref("excluded.messageId"))
              .then(ref("announced.edits"))
              .else(0)
              .end(),
            state: ref("excluded.state"),
            generation: ref("excluded.generation"),
            failures: ref("excluded.failures"),
            messageId: ref("excluded.messageId"),
            toldAt: ref("excluded.toldAt"),
            escalatedAt: ref("excluded.escalatedAt"),
            reminded: ref("excluded.reminded"),
            remindAt: ref("excluded.remindAt"),
          }))
          .whereRef("excluded.generation", ">=", "announced.generation"),
      )
      .execute();
  }
}

type Editing = Pick<OutboxDeps, "db" | "alone">;

interface AlertCard {
  readonly roomId: string;
  readonly messageId: string;
}

/** The cards of these alerts, each once, however many of them it shows. */
export async function readCards(
  db: Kysely<Tables>,
  alertIds: readonly number[],
): Promise<readonly AlertCard[]> {
  const cards = new Map<string, AlertCard>();
  for (const ids of chunksOf(alertIds, IDS)) {
    const rows = await db
      .selectFrom("announced")
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
const MOST_EDITS = 8;

/**
 * Counts an edit of a card, with every alert that it shows; false when it has had its last one. An alert that joined the card
 * later has counted fewer.
 */
export function countEdit({ db, alone }: Editing, { roomId, messageId }: AlertCard): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom("announced")
      .select("edits")
      .where("roomId", "=", roomId)
      .where("messageId", "=", messageId)
      .orderBy("alertId")
      .$if(!alone, (query) => query.forUpdate())
      .execute();
    const edits = Math.max(0, ...rows.map((row) => row.edits));
    if (rows.length === 0 || edits >= MOST_EDITS) return false;
    await tx
      .updateTable("announced")
      .set({ edits: edits + 1 })
      .where("roomId", "=", roomId)
      .where("messageId", "=", messageId)
      .execute();
    return true;
  });
}
