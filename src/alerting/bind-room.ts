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

/** Binds a room to a sub-partner or, with the whole token, to none. With another scope it forgets what it was told (ALERTS 15). */
export async function bindRoom(ctx: TransactionContext, { roomId, scope, byPersonId }: RoomBinding): Promise<void> {
  const { tx, now } = ctx;
  // Waits for a reading that is being written: the baseline would not see its alerts.
  await lockScope(ctx, scope);
  await resetUnboundScope(ctx, scope);
  await lockQueue(ctx, roomId);
  const before = await readRoom(tx, roomId);
  const binding = { scope, byPersonId, boundAt: now };
  await tx
    .insertInto("roomScopes")
    .values({ roomId, ...binding })
    .onConflict((conflict) => conflict.column("roomId").doUpdateSet(binding))
    .execute();
  if (before.scope !== scope) await resetRoomState(ctx, before);
}

/**
 * A scope is not swept while no room is bound to it, so its stored visibility is old. It begins anew: no outage, and the next
 * complete sweep is the first.
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
    doubt: null,
  });
}

async function resetRoomState(ctx: TransactionContext, { roomId, scope, watches }: WatchingRoom): Promise<void> {
  const { tx, now } = ctx;
  await tx.deleteFrom("notifiedStates").where("roomId", "=", roomId).execute();
  await tx
    .deleteFrom("cardAlerts")
    .where("messageId", "in", (is) =>
      is.selectFrom("alertCards").select("alertCards.messageId").where("roomId", "=", roomId),
    )
    .execute();
  // They name customers of the scope before.
  await tx
    .updateTable("outbox")
    .set({ state: "cancelled" })
    .where("recipient", "=", roomId)
    .where("kind", "=", "came-and-went")
    .where("state", "=", "pending")
    .execute();
  await tx.deleteFrom("alertCards").where("roomId", "=", roomId).execute();
  if (roomId !== ctx.opsRoomId) await cancelOutageNotices(ctx, roomId, { scope, since: now });
  if (watches.length > 0) await enqueueSummaryNotice(ctx, roomId, "baseline");
  await updateDueAt(ctx, roomId);
}
