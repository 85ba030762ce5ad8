import type { UserRequest } from "../domain/inbound-event.ts";
import type { Alerts } from "../domain/ports/alerting.ts";
import type { Clock, Rooms } from "../domain/ports/messaging.ts";
import type { Change } from "../domain/replies/reply.ts";

interface ApplyChangesDeps {
  readonly rooms: Rooms;
  readonly alerts: Pick<Alerts, "change">;
  readonly clock: Clock;
}

/** Writes down what an answer changes, before it is given: who reads it can rely on it. */
export function createApplyChanges({ rooms, alerts, clock }: ApplyChangesDeps) {
  return async function apply(changes: readonly Change[], { roomId, senderId }: UserRequest): Promise<void> {
    for (const change of changes) {
      switch (change.kind) {
        case "alerting":
          await alerts.change(roomId, change.change, clock());
          break;
        case "scope":
          await rooms.bind(roomId, change.scope, senderId, clock());
          break;
        case "room":
          await rooms.allow(roomId, change.allowed, senderId, clock());
      }
    }
  };
}
