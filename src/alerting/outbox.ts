import type { Outbox } from "../domain/ports/alerting.ts";
import { claimMessage, readNextDue, readOutboxState, releaseQueues } from "./claim.ts";
import { notifyOps } from "./queue.ts";
import { readAckedMeanwhile, recordDelivery } from "./record-delivery.ts";
import { recordDeliveryFailure, recordWithheld } from "./record-failure.ts";
import { migrateRoom } from "./room-migration.ts";
import { reachableRooms, resumeRoom, suspendRoom } from "./room-suspension.ts";
import { runScheduled } from "./scheduled.ts";
import { type AlertingDeps, inTransaction } from "./transaction.ts";
import { recordReadFailure } from "./visibility.ts";

/** Each call is one transaction, except `claim` and `runScheduled`, which need one for each queue, room or scope. */
export const createOutbox = (deps: AlertingDeps): Outbox => ({
  claim: (holder, now, leaseMs) => claimMessage(deps, { holder, now, leaseMs }),
  async delivered(message, { messageId }, now) {
    await inTransaction(deps, now, (ctx) => recordDelivery(ctx, message, messageId));
    // After the commit: an acknowledgement from now on finds the card itself.
    return readAckedMeanwhile(deps.db, message);
  },
  failed: (message, failure, now, jitter) =>
    inTransaction(deps, now, (ctx) => recordDeliveryFailure(ctx, message, { failure, jitter })),
  withhold: (message, now) => inTransaction(deps, now, (ctx) => recordWithheld(ctx, message)),
  async release() {
    return deps.isSingleInstance ? inTransaction(deps, 0, releaseQueues) : 0;
  },
  nextDue: () => readNextDue(deps.db),
  state: () => readOutboxState(deps.db),
  async suspend(roomId, why, now) {
    await inTransaction(deps, now, (ctx) => suspendRoom(ctx, roomId, why));
  },
  resume: (roomId, now) => inTransaction(deps, now, (ctx) => resumeRoom(ctx, roomId)),
  reachableRooms: () => reachableRooms(deps.db),
  migrate: (roomId, newRoomId) => inTransaction(deps, 0, (ctx) => migrateRoom(ctx, { from: roomId, to: newRoomId })),
  runScheduled: (monitor) => runScheduled(deps, monitor),
  notifyOps: (lines, now) => inTransaction(deps, now, (ctx) => notifyOps(ctx, { lines })),
  recordReadFailure: (scope, failure, now) => inTransaction(deps, now, (ctx) => recordReadFailure(ctx, scope, failure)),
});
