import type { Outbox } from "../domain/ports/alerting.ts";
import { claimEdit, readNextEditDue, recordEdit, releaseEdits } from "./card-edits.ts";
import { beginPost, claimMessage, readNextDue, releaseQueues } from "./claim.ts";
import { readOutboxContents, readOutboxState } from "./outbox-contents.ts";
import { notifyOps } from "./queue.ts";
import { recordDelivery } from "./record-delivery.ts";
import { recordDeliveryFailure } from "./record-failure.ts";
import { dropRestored } from "./restored-backup.ts";
import { migrateRoom } from "./room-migration.ts";
import { isSuspended, migrationCandidates, resumeRoom, suspendedRooms, suspendRoom } from "./room-suspension.ts";
import { runScheduled } from "./scheduled.ts";
import { type AlertingDeps, inTransaction } from "./transaction.ts";
import { reportUnanswered } from "./unanswered.ts";
import { recordReadFailure } from "./visibility.ts";
import { endWithholding, recordWithheld, reportWaitingEscalation } from "./withholding.ts";

/** Each call is one transaction, except `claim`, `withhold` and `runScheduled`, which need one for each queue, room or scope. */
export const createOutbox = (deps: AlertingDeps): Outbox => ({
  claim: (holder, now, leaseMs) => claimMessage(deps, { holder, now, leaseMs }),
  beginPost: (message, now) => inTransaction(deps, now, (ctx) => beginPost(ctx, message)),
  delivered: (message, posted, now) => inTransaction(deps, now, (ctx) => recordDelivery(ctx, message, posted)),
  failed: (message, failure, now, jitter) =>
    inTransaction(deps, now, (ctx) => recordDeliveryFailure(ctx, message, { failure, jitter })),
  async withhold(message, because, now) {
    await inTransaction(deps, now, (ctx) => reportWaitingEscalation(ctx, message, because));
    return inTransaction(deps, now, (ctx) => recordWithheld(ctx, message, because));
  },
  endWithholding: (message, now) => inTransaction(deps, now, (ctx) => endWithholding(ctx, message)),
  async release() {
    if (!deps.isSingleInstance) return 0;
    await inTransaction(deps, 0, releaseEdits);
    return inTransaction(deps, 0, releaseQueues);
  },
  claimEdit: (now, leaseMs) => claimEdit(deps, now, leaseMs),
  recordEdit: (edit, outcome, now) => inTransaction(deps, now, (ctx) => recordEdit(ctx, edit, outcome)),
  dropRestored: (now) => inTransaction(deps, now, dropRestored),
  nextDue: () => readNextDue(deps.db),
  nextEditDue: () => readNextEditDue(deps.db),
  state: () => readOutboxState(deps.db),
  contents: () => readOutboxContents(deps.db),
  async suspend(roomId, why, now) {
    await inTransaction(deps, now, (ctx) => suspendRoom(ctx, roomId, why));
  },
  async resume(roomId, now) {
    // Most are not: each question asks for this.
    if (await isSuspended(deps.db, roomId, now)) await inTransaction(deps, now, (ctx) => resumeRoom(ctx, roomId));
  },
  suspendedRooms: () => suspendedRooms(deps.db),
  migrationCandidates: (suspendedSince) => migrationCandidates(deps.db, suspendedSince),
  migrate: (roomId, newRoomId, now) =>
    inTransaction(deps, now, (ctx) => migrateRoom(ctx, { from: roomId, to: newRoomId })),
  runScheduled: (monitor) => runScheduled(deps, monitor),
  notifyOps: (lines, now) => inTransaction(deps, now, (ctx) => notifyOps(ctx, { lines })),
  reportUnanswered: (roomId, question, now) =>
    inTransaction(deps, now, (ctx) => reportUnanswered(ctx, roomId, question)),
  recordReadFailure: (scope, failure, now) => inTransaction(deps, now, (ctx) => recordReadFailure(ctx, scope, failure)),
});
