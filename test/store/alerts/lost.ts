import type { Desk } from "../../../src/domain/alerting.ts";
import type { Alert } from "../../../src/domain/alerts/alert.ts";
import { WHOLE } from "../../../src/domain/customers/record.ts";
import { isCover } from "../../../src/domain/notices/outbox.ts";
import { desiredOf } from "../../../src/domain/notices/reconcile.ts";
import type { Stage } from "./stage.ts";

/** What a space should believe, does not, and is not on its way to it. */
export async function lost(
  stage: Stage,
  roomId: string,
  dead: ReadonlySet<string> = new Set(),
  scope = "",
): Promise<readonly Alert[]> {
  const desk = await stage.desk(roomId);
  const alerts = await stage.all(scope);
  const isOwed = ({ id }: Alert) => desk.waiting.some(({ alertId, kind }) => alertId === id || isCover(kind));
  return alerts
    .filter((alert) => !isBelieved(alert, alerts, desk, stage.clock.now))
    .filter((alert) => !isOwed(alert) && !dead.has(`${roomId} ${alert.id}`));
}

function isBelieved(alert: Alert, alerts: readonly Alert[], desk: Desk, now: number): boolean {
  const { customerId, item } = alert.key;
  const isBurden = ({ state, key }: Alert) =>
    state !== "closed" && key.item !== WHOLE && key.customerId === customerId;
  const desired = desiredOf({ alert, heldBack: item === WHOLE && alerts.some(isBurden) }, desk, now);
  const told = desk.told.find(({ alertId }) => alertId === alert.id)?.state;
  return desired === "hold" || desired === told || (told === undefined && desired !== "open");
}
