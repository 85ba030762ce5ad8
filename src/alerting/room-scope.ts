import type { WatchingRoom } from "../domain/alerts/reconcile.ts";
import { type Scope, WHOLE_TOKEN } from "../domain/customers/sweep.ts";
import { lockScope } from "../store/leases.ts";
import { lockQueue, updateDueAt } from "./queue.ts";
import { readRoom } from "./room-state.ts";
import { enqueueSummaryNotice } from "./summary-notices.ts";
import type { TransactionContext } from "./transaction.ts";
import { cancelOutageNotices, writeVisibility } from "./visibility.ts";

interface RoomBinding {
  readonly roomId: string;
  readonly scope: Scope;
  readonly byPersonId: string;
}

/** From now on the space sees the customers of this scope, and no others. */
export async function bindRoom(step: TransactionContext, { roomId, scope, byPersonId }: RoomBinding): Promise<void> {
  const { tx, now } = step;
  // What a reading that is being written opens would not be in the baseline, nor told.
  await lockScope(step, scope);
  await resetUnboundScope(step, scope);
  await lockQueue(step, roomId);
  const before = await readRoom(tx, roomId);
  const binding = { scope, byPersonId, boundAt: now };
  await tx
    .insertInto("roomScopes")
    .values({ roomId, ...binding })
    .onConflict((conflict) => conflict.column("roomId").doUpdateSet(binding))
    .execute();
  if (before.scope !== scope) await resetRoomState(step, before);
}

/** What the space knew is of customers that it sees no more; of those that it sees now it knows nothing. */
async function resetRoomState(step: TransactionContext, { roomId, scope, watches }: WatchingRoom): Promise<void> {
  const { tx, now } = step;
  await tx.deleteFrom("notifiedStates").where("roomId", "=", roomId).execute();
  if (roomId !== step.opsRoomId) await cancelOutageNotices(step, roomId, { scope, since: now });
  if (watches.length > 0) await enqueueSummaryNotice(step, roomId, "baseline");
  await updateDueAt(tx, roomId, step.timings);
}

/**
 * A scope that no space is bound to is not read: what was seen of it is old, and that nothing was is no blindness. Its next
 * complete sweep is its first one.
 */
async function resetUnboundScope({ tx, now }: TransactionContext, scope: Scope): Promise<void> {
  if (scope === WHOLE_TOKEN) return;
  const bound = await tx
    .selectFrom("roomScopes")
    .select("roomId")
    .where("scope", "=", scope)
    .limit(1)
    .executeTakeFirst();
  if (bound !== undefined) return;
  await writeVisibility(tx, scope, {
    baselineAt: null,
    completeAt: null,
    readAt: now,
    failure: null,
    outage: null,
  });
}
