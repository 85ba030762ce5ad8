import type { Outbox } from "../domain/alerting.ts";
import { claimFlush, readNextDue, readState, releaseLines } from "./claim.ts";
import { recordDelivery, takenMeanwhile } from "./delivered.ts";
import { recordSetback, recordWithheld, resumeRoom, suspendRoom } from "./failed.ts";
import { report } from "./queue.ts";
import { moveRoom } from "./room-migration.ts";
import { reachableRooms } from "./room-state.ts";
import { tick } from "./scheduled.ts";
import { inStep, type OutboxDeps } from "./transaction.ts";
import { noteTrouble } from "./visibility.ts";

/** What is owed, and how it comes to be told. Each call is one transaction; a claim and a tick are one for each target. */
export const createOutbox = (deps: OutboxDeps): Outbox => ({
  claim: (holder, now, leaseMs) => claimFlush(deps, { holder, now, leaseMs }),
  async delivered(flush, { messageId }, now) {
    await inStep(deps, now, (step) => recordDelivery(step, flush, messageId));
    // Afterwards: whoever takes one from now on finds its card.
    return takenMeanwhile(deps.db, flush);
  },
  setBack: (flush, setback, now, jitter) =>
    inStep(deps, now, (step) => recordSetback(step, flush, { setback, jitter })),
  withhold: (flush, now) => inStep(deps, now, (step) => recordWithheld(step, flush)),
  async release() {
    return deps.alone ? inStep(deps, 0, releaseLines) : 0;
  },
  nextDue: () => readNextDue(deps.db),
  state: () => readState(deps.db),
  async suspend(roomId, why, now) {
    await inStep(deps, now, (step) => suspendRoom(step, roomId, why));
  },
  resume: (roomId, now) => inStep(deps, now, (step) => resumeRoom(step, roomId)),
  reachable: () => reachableRooms(deps.db),
  migrate: (roomId, newRoomId) => inStep(deps, 0, (step) => moveRoom(step, { from: roomId, to: newRoomId })),
  tick: (watching) => tick(deps, watching),
  report: (lines, now) => inStep(deps, now, (step) => report(step, { lines })),
  noteTrouble: (scope, trouble, now) => inStep(deps, now, (step) => noteTrouble(step, scope, trouble)),
});
