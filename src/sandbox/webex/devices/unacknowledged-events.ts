import { randomUUID } from "node:crypto";
import type { Clock } from "../../../domain/ports/runtime.ts";
import type { Activity } from "./activity.ts";

/** An event for one device. It keeps its id when it is sent again. */
export interface DeviceEvent {
  readonly id: string;
  readonly at: number;
  readonly trackingId: string;
  readonly activity: Activity;
}

const KEPT_MS = 15 * 60_000;

/** The events that each device has not acknowledged, oldest first. They are kept for 15 minutes. */
export function createUnacknowledgedEvents(clock: Clock) {
  const events = new Map<string, readonly DeviceEvent[]>();
  const of = (deviceId: string): readonly DeviceEvent[] =>
    (events.get(deviceId) ?? []).filter(({ at }) => clock() - at < KEPT_MS);

  return {
    of,
    add(deviceId: string, activity: Activity): DeviceEvent {
      const event = { id: randomUUID(), at: clock(), trackingId: `SANDBOX_${randomUUID()}`, activity };
      events.set(deviceId, [...of(deviceId), event]);
      return event;
    },
    acknowledge(deviceId: string, eventId: string): void {
      events.set(
        deviceId,
        of(deviceId).filter(({ id }) => id !== eventId),
      );
    },
  };
}
