import { type Alert, isActive } from "../../domain/alerts/alert.ts";
import { isMeant, muteOf } from "../../domain/alerts/mute.ts";
import { narrowed } from "../../domain/alerts/sighting.ts";
import type { Customer } from "../../domain/customers/customer.ts";
import { WHOLE } from "../../domain/customers/record.ts";
import type { Scope } from "../../domain/customers/sweep.ts";
import type { WatchingRoom } from "../../domain/notices/reconcile.ts";
import { aboutOf } from "../../domain/replies/alert-title.ts";
import { chunksOf, IDS } from "../chunks.ts";
import { readAlert, readRoom } from "../notices/reading.ts";
import { tellMore } from "../notices/reports.ts";
import type { Step } from "../notices/step.ts";
import { watchingRooms } from "../notices/watching.ts";
import { findSight } from "./sights.ts";

/** Something that was there and is not any more: a customer as it was, and which of its items; `*` for itself. */
export interface Removed {
  readonly customer: Customer;
  readonly item: string;
}

const TITLE = "Removed from Webex";

/**
 * Tells the watches that ask for it what was removed (ALERTS 17). Where a space was told of trouble with it, that alert says so,
 * and the report does not say it again.
 */
export async function tellRemoved(step: Step, scope: Scope, removed: readonly Removed[]): Promise<void> {
  if (removed.length === 0 || (await findSight(step.tx, scope)).baselineAt === null) return;
  for (const roomId of await watchingRooms(step.tx, scope)) {
    const room = await readRoom(step.tx, roomId);
    const wanted = removed.filter((one) => isWanted(one, room, step.now));
    if (wanted.length === 0) continue;
    const isTold = await toldIn(step, room, wanted);
    const lines = wanted.filter((one) => !isTold(one)).map(lineOf);
    if (lines.length > 0) await tellMore(step, roomId, { title: TITLE, lines });
  }
}

function isWanted({ customer, item }: Removed, { watches, mutes }: WatchingRoom, now: number): boolean {
  // With a customer all of its packages go.
  const subject = item === WHOLE ? customer : narrowed(customer, item);
  const lost = { subject, openedAt: now };
  const isWatched = watches.some(({ filter, options }) => options.removed && isMeant(filter, lost, now));
  return isWatched && muteOf(lost, mutes, now) === undefined;
}

/** Whether the space knows an alert of this item, or of any item of a whole customer, that ends with this removal. */
async function toldIn(
  { tx, now }: Step,
  { roomId, scope }: WatchingRoom,
  removed: readonly Removed[],
): Promise<(one: Removed) => boolean> {
  const told: Alert[] = [];
  for (const chunk of chunksOf([...new Set(removed.map(({ customer }) => customer.id))], IDS)) {
    const rows = await tx
      .selectFrom("announced")
      .innerJoin("alerts", "alerts.id", "announced.alertId")
      .select("alerts.alert")
      .where("announced.roomId", "=", roomId)
      .where("alerts.scope", "=", scope)
      .where("alerts.customerId", "in", chunk)
      .execute();
    told.push(...rows.map(({ alert }) => readAlert(alert)));
  }
  const ending = told.filter((alert) => isActive(alert) || alert.closedAt === now);
  return ({ customer, item }) =>
    ending.some(({ key }) => key.customerId === customer.id && (item === WHOLE || key.item === item));
}

const lineOf = ({ customer, item }: Removed): string => aboutOf({ subject: customer, key: { item } });
