import type { Alert } from "../../src/domain/alerts/alert.ts";
import { isSummaryNotice } from "../../src/domain/alerts/notice.ts";
import { desiredState } from "../../src/domain/alerts/reconcile.ts";
import { CUSTOMER_ITEM } from "../../src/domain/customers/record.ts";
import type { RoomAlertState } from "../../src/domain/ports/alerting.ts";
import type { EngineHarness } from "./engine-harness.ts";

/** What a space should believe, does not, and is not on its way to it. */
export async function findMissingNotices(
  stage: EngineHarness,
  roomId: string,
  dead: ReadonlySet<string> = new Set(),
  scope = "",
): Promise<readonly Alert[]> {
  const desk = await stage.desk(roomId);
  const alerts = await stage.all(scope);
  const isOwed = ({ id }: Alert) => desk.queued.some(({ alertId, kind }) => alertId === id || isSummaryNotice(kind));
  return alerts
    .filter((alert) => !isUpToDate(alert, alerts, desk, stage.clock.now))
    .filter((alert) => !isOwed(alert) && !dead.has(`${roomId} ${alert.id}`));
}

function isUpToDate(alert: Alert, alerts: readonly Alert[], desk: RoomAlertState, now: number): boolean {
  const { customerId, item } = alert.key;
  const isBurden = ({ state, key }: Alert) =>
    state !== "closed" && key.item !== CUSTOMER_ITEM && key.customerId === customerId;
  const desired = desiredState({ alert, inhibited: item === CUSTOMER_ITEM && alerts.some(isBurden) }, desk, now);
  const told = desk.notified.find(({ alertId }) => alertId === alert.id)?.state;
  return desired === "unchanged" || desired === told || (told === undefined && desired !== "open");
}
