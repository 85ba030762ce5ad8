import type { Insertable, Kysely } from "kysely";
import type { Alert } from "../../domain/alerts/alert.ts";
import { isCover, isUrgent, type Notice } from "../../domain/notices/outbox.ts";
import { type Announced, stateOf } from "../../domain/notices/reconcile.ts";
import { remindAt } from "../../domain/notices/remind.ts";
import { chunksOf, ROWS } from "../chunks.ts";
import type { Tables } from "../schema.ts";
import { readAlerts, readTold } from "./reading.ts";
import type { Step } from "./step.ts";

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
            ...{ state: ref("excluded.state"), generation: ref("excluded.generation") },
            ...{ failures: ref("excluded.failures"), messageId: ref("excluded.messageId") },
            ...{ toldAt: ref("excluded.toldAt"), escalatedAt: ref("excluded.escalatedAt") },
            ...{ reminded: ref("excluded.reminded"), remindAt: ref("excluded.remindAt") },
          }))
          .whereRef("excluded.generation", ">=", "announced.generation"),
      )
      .execute();
  }
}
