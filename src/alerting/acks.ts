import { type Alert, acknowledge, endAck, isActive } from "../domain/alerts/alert.ts";
import type { AlertChange } from "../domain/ports/alerting.ts";
import { chunksOf, IDS_PER_STATEMENT } from "../store/chunks.ts";
import { compiledQuery } from "../store/compiled.ts";
import { lockScope } from "../store/leases.ts";
import { lockAlerts, readAlerts, writeAcks } from "./alert-rows.ts";
import { oweEdits } from "./card-edits.ts";
import { eachAlone } from "./each-alone.ts";
import { lockQueue } from "./queue.ts";
import { readRoom } from "./room-state.ts";
import { type AlertingDeps, inTransaction, type TransactionContext } from "./transaction.ts";

type Change<K extends AlertChange["kind"]> = Extract<AlertChange, { readonly kind: K }>;

/** Acknowledgements, from the first to the last of them (ALERTS 22). Each change owes an edit of the cards. */

export async function acknowledgeAlerts(ctx: TransactionContext, roomId: string, change: Change<"ack">): Promise<void> {
  const { scope } = await readRoom(ctx.tx, roomId);
  await changeAcks(ctx, scope, { ...change, after: (alert) => acknowledge(alert, change.ack) });
}

/** Reminders go on, but not at once: this is mostly a slip that was noticed. */
export async function takeBackAcks(ctx: TransactionContext, roomId: string, change: Change<"unack">): Promise<void> {
  const { scope } = await readRoom(ctx.tx, roomId);
  const after = (alert: Alert) => (isActive(alert) ? endAck(alert, "taken back", ctx.now) : alert);
  await changeAcks(ctx, scope, { ...change, after, remindAt: ctx.now + ctx.timings.remindMs });
}

/** Ends the acknowledgements whose time is over; the spaces are reminded of their alerts now. */
export async function endDueAcks(deps: AlertingDeps, now: number): Promise<void> {
  await eachAlone(await scopesWithDueAcks(deps.db, { now }), ({ scope }) =>
    inTransaction(deps, now, (ctx) => endDueAcksOf(ctx, scope)),
  );
}

const scopesWithDueAcks = compiledQuery((db, { now }: { now: number }) =>
  db.selectFrom("alerts").select("scope").distinct().where("ackUntil", "<=", now).orderBy("scope"),
);

async function endDueAcksOf(ctx: TransactionContext, scope: string): Promise<void> {
  const { tx, now } = ctx;
  const due = await tx
    .selectFrom("alerts")
    .select("id")
    .where("ackUntil", "<=", now)
    .where("scope", "=", scope)
    .orderBy("id")
    .execute();
  const isDue = ({ ack }: Alert) => ack?.until !== undefined && ack.until <= now;
  const after = (alert: Alert) => (isDue(alert) ? endAck(alert, "by itself", now) : alert);
  await changeAcks(ctx, scope, { alerts: due.map(({ id }) => id), after, remindAt: now });
}

interface AckChange {
  readonly alerts: readonly number[];
  readonly after: (alert: Alert) => Alert;
  readonly shownOn?: string | undefined;
  /** When the next reminder is due at the latest; absent when reminders stop. */
  readonly remindAt?: number;
}

async function changeAcks(
  ctx: TransactionContext,
  scope: string,
  { alerts: ids, after, shownOn, remindAt }: AckChange,
): Promise<void> {
  await lockScope(ctx, scope);
  await lockAlerts(ctx, ids);
  const alerts = (await readAlerts(ctx.tx, ids)).filter(({ key }) => key.scope === scope);
  const changed = alerts.map(after).filter((alert, at) => alert !== alerts[at]);
  await writeAcks(ctx.tx, changed);
  const alertIds = changed.map(({ id }) => id);
  await lockQueuesAbout(ctx, alertIds, { told: remindAt !== undefined });
  await oweEdits(ctx, { alertIds, pressed: shownOn, onRootsAlone: true });
  if (remindAt !== undefined) await remindBy(ctx, alertIds, remindAt);
}

/** Waits for messages about these alerts that are being recorded: until then, their cards are not known. */
async function lockQueuesAbout(
  ctx: TransactionContext,
  alertIds: readonly number[],
  { told }: { readonly told: boolean },
): Promise<void> {
  const recipients = new Set<string>();
  for (const chunk of chunksOf(alertIds, IDS_PER_STATEMENT)) {
    const claimed = await ctx.tx
      .selectFrom("outbox")
      .select("recipient")
      .distinct()
      .where("alertId", "in", chunk)
      .where("state", "=", "claimed")
      .execute();
    for (const { recipient } of claimed) recipients.add(recipient);
    for (const roomId of told ? await readToldRooms(ctx, chunk) : []) recipients.add(roomId);
  }
  for (const recipient of [...recipients].sort()) await lockQueue(ctx, recipient);
}

async function readToldRooms({ tx }: TransactionContext, alertIds: readonly number[]): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom("notifiedStates")
    .select("roomId")
    .distinct()
    .where("alertId", "in", alertIds)
    .where("state", "!=", "closed")
    .execute();
  return rows.map(({ roomId }) => roomId);
}

async function remindBy({ tx }: TransactionContext, alertIds: readonly number[], at: number): Promise<void> {
  for (const chunk of chunksOf(alertIds, IDS_PER_STATEMENT)) {
    await tx
      .updateTable("notifiedStates")
      .set({ remindAt: at })
      .where("alertId", "in", chunk)
      .where("state", "!=", "closed")
      .where("remindAt", ">", at)
      .execute();
  }
}
