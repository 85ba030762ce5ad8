import { type Alert, isActive } from "../domain/alerts/alert.ts";
import { closeAlert } from "../domain/alerts/lifecycle.ts";
import { activeMute, matchesFilter } from "../domain/alerts/mute.ts";
import { narrowToItem } from "../domain/alerts/observation.ts";
import type { WatchingRoom } from "../domain/alerts/reconcile.ts";
import type { Customer } from "../domain/customers/customer.ts";
import { CUSTOMER_ITEM, statusesOf, withItem } from "../domain/customers/record.ts";
import type { Scope, Sweep } from "../domain/customers/sweep.ts";
import { type Transition, transitionsBetween } from "../domain/customers/transition.ts";
import { alertTitle } from "../domain/views/text.ts";
import { chunksOf, IDS_PER_STATEMENT } from "../store/chunks.ts";
import { writeTransitions } from "../store/history.ts";
import { readRecordsById } from "../store/records.ts";
import { parseAlerts, readLastAlerts, writeAlerts } from "./alert-rows.ts";
import { notifyFollowers } from "./follows.ts";
import { lockQueue, newOutboxRow, nextGeneration, updateDueAt } from "./queue.ts";
import { reconcileAlerts } from "./reconcile.ts";
import { readRoom, watchingRooms } from "./room-state.ts";
import type { TransactionContext } from "./transaction.ts";
import { findVisibility } from "./visibility.ts";

/** The API answered 404 for these customers: they leave the snapshot, and their alerts close (ALERTS 14). Not during an outage (31). */
export async function removeCustomers(
  ctx: TransactionContext,
  scope: Scope,
  customerIds: readonly string[],
): Promise<readonly Transition[]> {
  if ((await findVisibility(ctx.tx, scope)).outage !== null) return [];
  const gone = [...(await readRecordsById(ctx.tx, scope, [...new Set(customerIds)])).values()];
  const transitions = gone.flatMap(({ customer }) => transitionsBetween(customer, undefined, ctx.now));
  await writeTransitions(ctx.tx, scope, transitions);
  const ids = gone.map(({ customer }) => customer.id);
  for (const chunk of chunksOf(ids, IDS_PER_STATEMENT)) {
    await ctx.tx.deleteFrom("customers").where("scope", "=", scope).where("id", "in", chunk).execute();
  }
  await closeAlerts(ctx, scope, ids);
  const removals = gone.map(({ customer }) => ({ customer, item: CUSTOMER_ITEM }));
  await reportRemovals(ctx, scope, removals);
  const absent = ids.map((customerId) => ({ customerId }));
  await notifyFollowers(ctx, scope, absent);
  return transitions;
}

async function closeAlerts(ctx: TransactionContext, scope: Scope, customerIds: readonly string[]): Promise<void> {
  const last = await readLastAlerts(ctx.tx, { scope, customerIds, since: ctx.now });
  const closed = [...last.values()]
    .filter(({ state, flapping }) => state !== "closed" || flapping !== undefined)
    .map((alert) => closeAlert(alert, "customer removed", ctx.now));
  await writeAlerts(ctx.tx, closed, ctx.now);
  await reconcileAlerts(ctx, closed);
}

/**
 * Reports the items that were already missing before this complete sweep and that it did not find either, so that two sweeps
 * have missed them (ALERTS 14, 17).
 */
export async function reportRemovedItems(ctx: TransactionContext, { scope, startedAt, id }: Sweep): Promise<void> {
  const { last } = await ctx.tx
    .selectFrom("sweeps")
    .select(({ fn }) => fn.max("startedAt").as("last"))
    .where("scope", "=", scope)
    .where("state", "=", "complete")
    .where("id", "<", id)
    .executeTakeFirstOrThrow();
  if (last === null) return;
  await reportRemovals(ctx, scope, await readRemovedItems(ctx, scope, { from: last, to: startedAt }));
}

async function readRemovedItems(
  { tx }: TransactionContext,
  scope: Scope,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly Removal[]> {
  const rows = await tx
    .selectFrom("transitions")
    .innerJoin("customers", (join) =>
      join.onRef("customers.scope", "=", "transitions.scope").onRef("customers.id", "=", "transitions.customerId"),
    )
    .select(["transitions.customerId", "transitions.item", "transitions.fromStatus"])
    .where("transitions.scope", "=", scope)
    .where("transitions.at", ">=", from)
    .where("transitions.at", "<", to)
    .where("transitions.item", "!=", CUSTOMER_ITEM)
    .where("transitions.toStatus", "is", null)
    .where("customers.absentSweeps", "=", 0)
    .orderBy("transitions.at")
    .orderBy("transitions.id")
    .execute();
  const records = await readRecordsById(tx, scope, [...new Set(rows.map(({ customerId }) => customerId))]);
  // An item that went missing twice in this time is reported once.
  const byItem = new Map(rows.map((row) => [JSON.stringify([row.customerId, row.item]), row]));
  return [...byItem.values()].flatMap(({ customerId, item, fromStatus }) => {
    const customer = records.get(customerId)?.customer;
    if (customer === undefined || statusesOf(customer).has(item)) return [];
    return { customer: withItem(customer, item, fromStatus ?? ""), item };
  });
}

/** A customer as it was before, and the item of it that was removed; `*` for the customer itself. */
interface Removal {
  readonly customer: Customer;
  readonly item: string;
}

/**
 * Enqueues a report for each room with a watch that requests removals (ALERTS 17). If the removed
 * item had an alert of which the room was told, the notice of that alert tells of the removal, and the report leaves it out.
 */
async function reportRemovals(ctx: TransactionContext, scope: Scope, removals: readonly Removal[]): Promise<void> {
  if (removals.length === 0 || (await findVisibility(ctx.tx, scope)).baselineAt === null) return;
  for (const roomId of await watchingRooms(ctx.tx, scope)) {
    const room = await readRoom(ctx.tx, roomId);
    const watched = removals.filter((removal) => isRemovalWatched(removal, room, ctx.now));
    if (watched.length === 0) continue;
    const isNotified = await readNotifiedCheck(ctx, room, watched);
    const lines = watched.filter((removal) => !isNotified(removal)).map(removalLine);
    if (lines.length > 0) await enqueueReportLines(ctx, roomId, lines);
  }
}

function isRemovalWatched({ customer, item }: Removal, { watches, mutes }: WatchingRoom, now: number): boolean {
  const subject = item === CUSTOMER_ITEM ? customer : narrowToItem(customer, item);
  const removed = { subject, openedAt: now };
  const isWatched = watches.some(({ filter, options }) => options.removed && matchesFilter(filter, removed, now));
  return isWatched && activeMute(removed, mutes, now) === undefined;
}

/** Returns a predicate: true if the removal ends an alert of this item, or of any of the customer, that the room knows. */
async function readNotifiedCheck(
  { tx, now }: TransactionContext,
  { roomId, scope }: WatchingRoom,
  removals: readonly Removal[],
): Promise<(removal: Removal) => boolean> {
  const notified: Alert[] = [];
  const customerIds = [...new Set(removals.map(({ customer }) => customer.id))];
  for (const chunk of chunksOf(customerIds, IDS_PER_STATEMENT)) {
    const rows = await tx
      .selectFrom("notifiedStates")
      .innerJoin("alerts", "alerts.id", "notifiedStates.alertId")
      .select("alerts.alert")
      .where("notifiedStates.roomId", "=", roomId)
      .where("alerts.scope", "=", scope)
      .where("alerts.customerId", "in", chunk)
      .execute();
    notified.push(...parseAlerts(rows));
  }
  const ending = notified.filter((alert) => isActive(alert) || alert.closedAt === now);
  return ({ customer, item }) =>
    ending.some(({ key }) => key.customerId === customer.id && (item === CUSTOMER_ITEM || key.item === item));
}

const removalLine = ({ customer, item }: Removal): string => alertTitle({ subject: customer, key: { item } });

/** The report of a mass removal is cut to this many lines. */
const MAX_LINES = 20;

const REPORT_TITLE = "Removed from Webex";

/** Enqueues a report, or adds the lines to the report that waits. */
async function enqueueReportLines(ctx: TransactionContext, roomId: string, lines: readonly string[]): Promise<void> {
  const { tx, now } = ctx;
  const queue = await lockQueue(ctx, roomId);
  if (queue.suspendedAt !== null) return;
  const waiting = await tx
    .selectFrom("outbox")
    .select(["id", "details"])
    .where("recipient", "=", roomId)
    .where("kind", "=", "report")
    .where("state", "=", "pending")
    .where("urgent", "=", 0)
    .where("possiblySent", "=", 0)
    .executeTakeFirst();
  const before: readonly string[] = waiting === undefined ? [REPORT_TITLE] : JSON.parse(waiting.details).lines;
  const details = JSON.stringify({ lines: shortened([...before, ...lines]), namesCustomers: true });
  if (waiting !== undefined) await tx.updateTable("outbox").set({ details }).where("id", "=", waiting.id).execute();
  else {
    const generation = await nextGeneration(ctx, roomId, "report");
    const row = newOutboxRow({ recipient: roomId, kind: "report", generation, urgent: 0, queuedAt: now, details });
    await tx.insertInto("outbox").values(row).execute();
  }
  await updateDueAt(ctx, roomId);
}

function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= MAX_LINES ? lines : [...lines.slice(0, MAX_LINES), "and more: see “changes”."];
}
