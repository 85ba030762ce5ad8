import type { Outbox } from "../domain/ports/alerting.ts";
import { claimMessage, readNextDue, readOutboxState, releaseQueues } from "./claim.ts";
import { readAckedMeanwhile, recordDelivery } from "./delivered.ts";
import { recordDeliveryFailure, recordWithheld, resumeRoom, suspendRoom } from "./failed.ts";
import { notifyOps } from "./queue.ts";
import { migrateRoom } from "./room-migration.ts";
import { reachableRooms } from "./room-state.ts";
import { runScheduled } from "./scheduled.ts";
import { type AlertingDeps, inTransaction } from "./transaction.ts";
import { recordReadFailure } from "./visibility.ts";

/** What is owed, and how it comes to be told. Each call is one transaction; a claim and a tick are one for each target. */
export const createOutbox = (deps: AlertingDeps): Outbox => ({
  claim: (holder, now, leaseMs) => claimMessage(deps, { holder, now, leaseMs }),
  async delivered(flush, { messageId }, now) {
    await inTransaction(deps, now, (step) => recordDelivery(step, flush, messageId));
    // Afterwards: whoever takes one from now on finds its card.
    return readAckedMeanwhile(deps.db, flush);
  },
  failed: (flush, setback, now, jitter) =>
    inTransaction(deps, now, (step) => recordDeliveryFailure(step, flush, { setback, jitter })),
  withhold: (flush, now) => inTransaction(deps, now, (step) => recordWithheld(step, flush)),
  async release() {
    return deps.isSingleInstance ? inTransaction(deps, 0, releaseQueues) : 0;
  },
  nextDue: () => readNextDue(deps.db),
  state: () => readOutboxState(deps.db),
  async suspend(roomId, why, now) {
    await inTransaction(deps, now, (step) => suspendRoom(step, roomId, why));
  },
  resume: (roomId, now) => inTransaction(deps, now, (step) => resumeRoom(step, roomId)),
  reachableRooms: () => reachableRooms(deps.db),
  migrate: (roomId, newRoomId) => inTransaction(deps, 0, (step) => migrateRoom(step, { from: roomId, to: newRoomId })),
  runScheduled: (watching) => runScheduled(deps, watching),
  notifyOps: (lines, now) => inTransaction(deps, now, (step) => notifyOps(step, { lines })),
  recordReadFailure: (scope, trouble, now) =>
    inTransaction(deps, now, (step) => recordReadFailure(step, scope, trouble)),
});
