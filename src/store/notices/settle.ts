import type { Alert } from "../../domain/alerts/alert.ts";
import { chunksOf, IDS } from "../chunks.ts";
import { settleIn } from "./owed-alerts.ts";
import { readAlert, readAlerts, readLive } from "./reading.ts";
import type { Step } from "./step.ts";
import { watchingRooms } from "./watching.ts";

/** Owes every space what these alerts, as they are now, differ from what it was told (ALERTS 19). */
export async function settleAlerts(step: Step, alerts: readonly Alert[]): Promise<void> {
  for (const scope of new Set(alerts.map(({ key }) => key.scope))) {
    const those = await withSiblings(
      step,
      scope,
      alerts.filter(({ key }) => key.scope === scope),
    );
    const drills = those.flatMap(({ drill }) => drill ?? []);
    // Whoever was told of one is owed its end, whatever that space watches by now.
    const told = await toldRooms(step, those);
    const rooms = new Set([...(await watchingRooms(step.tx, scope)), ...told, ...drills]);
    // Always in the same order, so that two transactions that lock several lines never wait for each other.
    for (const roomId of [...rooms].sort()) await settleIn(step, roomId, async () => those);
  }
}

async function toldRooms({ tx }: Step, alerts: readonly Alert[]): Promise<readonly string[]> {
  const rooms = new Set<string>();
  for (const chunk of chunksOf(
    alerts.map(({ id }) => id),
    IDS,
  )) {
    const rows = await tx
      .selectFrom("announced")
      .select("roomId")
      .distinct()
      .where("alertId", "in", chunk)
      .where("state", "!=", "closed")
      .execute();
    for (const { roomId } of rows) rooms.add(roomId);
  }
  return [...rooms];
}

/** The same for one space: of these alerts, which it was told of, or of everything that it may know. */
export function settleRoom(step: Step, roomId: string, alertIds?: readonly number[]): Promise<void> {
  return settleIn(step, roomId, async (room) => {
    if (alertIds !== undefined) return readAlerts(step.tx, alertIds);
    const live = await readLive(step.tx, room);
    const known = new Set(live.map(({ id }) => id));
    const others = (await toldOf(step, roomId)).filter((id) => !known.has(id));
    return [...live, ...(await readAlerts(step.tx, others))];
  });
}

async function toldOf({ tx }: Step, roomId: string): Promise<readonly number[]> {
  const told = await tx
    .selectFrom("announced")
    .select("alertId")
    .where("roomId", "=", roomId)
    .where("state", "!=", "closed")
    .execute();
  return told.map(({ alertId }) => alertId);
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
