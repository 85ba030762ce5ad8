import type { Alert } from "../../src/domain/alerts/alert.ts";
import { isSummaryNotice } from "../../src/domain/alerts/notice.ts";
import { desiredState } from "../../src/domain/alerts/reconcile.ts";
import { CUSTOMER_ITEM } from "../../src/domain/customers/record.ts";
import type { RoomAlertState } from "../../src/domain/ports/alerting.ts";
import type { EngineHarness } from "./engine-harness.ts";

/** The alerts of which a room should know something that it was not told and for which no notice waits (ALERTS a). */
export async function findMissingNotices(
  harness: EngineHarness,
  roomId: string,
  dead: ReadonlySet<string> = new Set(),
  scope = "",
): Promise<readonly Alert[]> {
  const roomState = await harness.roomState(roomId);
  const alerts = await harness.all(scope);
  const isQueued = ({ id }: Alert) =>
    roomState.queued.some(({ alertId, kind }) => (alertId === id && kind !== "came-and-went") || isSummaryNotice(kind));
  return alerts
    .filter((alert) => !isUpToDate(alert, alerts, roomState, harness.clock.now))
    .filter((alert) => !isQueued(alert) && !dead.has(`${roomId} ${alert.id}`));
}

function isUpToDate(alert: Alert, alerts: readonly Alert[], roomState: RoomAlertState, now: number): boolean {
  const { customerId, item } = alert.key;
  const isInhibiting = ({ state, key }: Alert) =>
    state !== "closed" && key.item !== CUSTOMER_ITEM && key.customerId === customerId;
  const desired = desiredState(
    { alert, inhibited: item === CUSTOMER_ITEM && alerts.some(isInhibiting) },
    roomState,
    now,
  );
  const notified = roomState.notified.find(({ alertId }) => alertId === alert.id)?.state;
  return desired === "unchanged" || desired === (notified ?? "closed");
}
