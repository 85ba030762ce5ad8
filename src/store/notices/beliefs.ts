import type { Kysely } from "kysely";
import type { Alert } from "../../domain/alerts/alert.ts";
import { WHOLE } from "../../domain/customers/record.ts";
import {
  type AlertNotice,
  type Announced,
  type Desired,
  desiredOf,
  owedFor,
  type WatchingRoom,
} from "../../domain/notices/reconcile.ts";
import { chunksOf, IDS } from "../chunks.ts";
import type { Tables } from "../schema.ts";
import { readTold } from "./reading.ts";

type Db = Kysely<Tables>;

/** What a space should believe of alerts, and what it was told of them. */
export interface Beliefs {
  /** As of when. */
  readonly at: number;
  told(alert: Alert): Announced | undefined;
  desired(alert: Alert): Desired;
  owed(alert: Alert): AlertNotice | undefined;
}

/** The beliefs about these alerts, as of `now`. */
export async function readBeliefs(
  db: Db,
  room: WatchingRoom,
  alerts: readonly Alert[],
  now: number,
): Promise<Beliefs> {
  const at = await notBefore(db, room, now);
  const burdened = await readBurdened(db, room, alerts);
  const rows = await readTold(
    db,
    room.roomId,
    alerts.map(({ id }) => id),
  );
  const byAlert = new Map(rows.map((one) => [one.alertId, one]));
  const told = ({ id }: Alert) => byAlert.get(id);
  const desired = (alert: Alert) =>
    desiredOf({ alert, heldBack: alert.key.item === WHOLE && burdened.has(burdenOf(alert.key)) }, room, at);
  return { at, told, desired, owed: (alert) => owedFor(desired(alert), alert, told(alert)) };
}

/**
 * Who comes second may have looked at the clock first: what waited for its turn, or another instance. A mute whose end was seen
 * to has ended for good, and what was owed for that must not be taken for muted.
 */
async function notBefore(db: Db, { roomId }: WatchingRoom, now: number): Promise<number> {
  const { last } = await db
    .selectFrom("mutes")
    .select(({ fn }) => fn.max("until").as("last"))
    .where("roomId", "=", roomId)
    .where("ended", "=", 1)
    .executeTakeFirstOrThrow();
  return Math.max(now, last ?? 0);
}

/** The customers of which a package is open, which says more than the customer itself (ALERTS 2). */
async function readBurdened(
  db: Db,
  { scope }: WatchingRoom,
  alerts: readonly Alert[],
): Promise<ReadonlySet<string>> {
  const wholes = alerts.flatMap(({ key }) => (key.item === WHOLE ? [key.customerId] : []));
  const burdened = new Set<string>();
  for (const chunk of chunksOf([...new Set(wholes)], IDS)) {
    const rows = await db
      .selectFrom("alerts")
      .select(["customerId", "kind"])
      .where("scope", "=", scope)
      .where("customerId", "in", chunk)
      .where("item", "!=", WHOLE)
      .where("state", "!=", "closed")
      .execute();
    for (const row of rows) burdened.add(burdenOf(row));
  }
  return burdened;
}

const burdenOf = ({ customerId, kind }: { readonly customerId: string; readonly kind: string }) =>
  `${kind} ${customerId}`;
