import type { Alert } from "../domain/alerts/alert.ts";
import { chunksOf, IDS } from "./chunks.ts";
import { lockLine } from "./outbox-lines.ts";
import { readAlert, readAlerts, readLive, readRoom } from "./outbox-reading.ts";
import type { Step } from "./outbox-step.ts";
import { settleIn } from "./settle-in.ts";
import { watchingRooms } from "./watching.ts";

/** Owes every space what these alerts, as they are now, differ from what it was told (ALERTS 19). */
export async function settleAlerts(step: Step, alerts: readonly Alert[]): Promise<void> {
  for (const scope of new Set(alerts.map(({ key }) => key.scope))) {
    const those = await withSiblings(
      step,
      scope,
      alerts.filter(({ key }) => key.scope === scope),
    );
    // Always in the same order, so that two transactions that lock several lines never wait for each other.
    for (const roomId of await concernedRooms(step, scope, those)) {
      await settleIn(step, roomId, those);
    }
  }
}

/**
 * The same for one space, and everything that it may know: its watches or mutes have changed. What it may know is read once
 * nobody else settles the space: an alert that opens at this moment is seen here, or sees what has changed.
 */
export async function settleRoom(step: Step, roomId: string): Promise<void> {
  await lockLine(step, roomId);
  const room = await readRoom(step.tx, roomId);
  const live = await readLive(step.tx, room);
  const told = await step.tx
    .selectFrom("announced")
    .select("alertId")
    .where("roomId", "=", roomId)
    .where("state", "!=", "closed")
    .execute();
  const known = new Set(live.map(({ id }) => id));
  const others = await readAlerts(
    step.tx,
    told.map(({ alertId }) => alertId).filter((id) => !known.has(id)),
  );
  await settleIn(step, roomId, [...live, ...others]);
}

/** The same for one space and these alerts, which it was told of. */
export async function settleTold(step: Step, roomId: string, alertIds: readonly number[]): Promise<void> {
  await settleIn(step, roomId, await readAlerts(step.tx, alertIds));
}

/** Those that watch, and those that were told and watch no more: the end of what was told is told all the same. */
async function concernedRooms(
  { tx }: Step,
  scope: string,
  alerts: readonly Alert[],
): Promise<readonly string[]> {
  const rooms = new Set(await watchingRooms(tx, scope));
  for (const chunk of chunksOf(alerts, IDS)) {
    const told = await tx
      .selectFrom("announced")
      .select("roomId")
      .distinct()
      .where(
        "alertId",
        "in",
        chunk.map(({ id }) => id),
      )
      .where("state", "!=", "closed")
      .execute();
    for (const { roomId } of told) rooms.add(roomId);
  }
  for (const { drill } of alerts) if (drill !== undefined) rooms.add(drill);
  return [...rooms].sort();
}

/** A package that opens or closes changes whether its customer's own alert is held back (ALERTS 2). */
async function withSiblings(
  { tx }: Step,
  scope: string,
  alerts: readonly Alert[],
): Promise<readonly Alert[]> {
  const byId = new Map(alerts.map((alert) => [alert.id, alert]));
  for (const chunk of chunksOf([...new Set(alerts.map(({ key }) => key.customerId))], IDS)) {
    const rows = await tx
      .selectFrom("alerts")
      .select(["id", "alert"])
      .where("scope", "=", scope)
      .where("customerId", "in", chunk)
      .where("active", "=", ({ lit }) => lit(1))
      .where("item", "=", "*")
      .execute();
    for (const { id, alert } of rows) if (!byId.has(id)) byId.set(id, readAlert(alert));
  }
  return [...byId.values()];
}
