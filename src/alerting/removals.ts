import { type Alert, isActive } from "../domain/alerts/alert.ts";
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
import { notifyFollowers } from "./follows.ts";
import { closeRemoved } from "./observe.ts";
import { lockQueue, updateDueAt } from "./queue.ts";
import { readAlert, readRoom, watchingRooms } from "./room-state.ts";
import { nextGeneration } from "./summary-notices.ts";
import type { TransactionContext } from "./transaction.ts";
import { findVisibility } from "./visibility.ts";

/** Something that was there and is not any more: a customer as it was, and which of its items; `*` for itself. */
export interface Removal {
  readonly customer: Customer;
  readonly item: string;
}

const REPORT_TITLE = "Removed from Webex";

/**
 * Tells the watches that ask for it what was removed (ALERTS 17). Where a space was told of trouble with it, that alert says so,
 * and the report does not say it again.
 */
export async function reportRemovals(
  step: TransactionContext,
  scope: Scope,
  removed: readonly Removal[],
): Promise<void> {
  if (removed.length === 0 || (await findVisibility(step.tx, scope)).baselineAt === null) return;
  for (const roomId of await watchingRooms(step.tx, scope)) {
    const room = await readRoom(step.tx, roomId);
    const wanted = removed.filter((one) => isRemovalWatched(one, room, step.now));
    if (wanted.length === 0) continue;
    const isTold = await readNotifiedCheck(step, room, wanted);
    const lines = wanted.filter((one) => !isTold(one)).map(removalLine);
    if (lines.length > 0) await enqueueReportLines(step, roomId, { title: REPORT_TITLE, lines });
  }
}

function isRemovalWatched({ customer, item }: Removal, { watches, mutes }: WatchingRoom, now: number): boolean {
  // With a customer all of its packages go.
  const subject = item === CUSTOMER_ITEM ? customer : narrowToItem(customer, item);
  const lost = { subject, openedAt: now };
  const isWatched = watches.some(({ filter, options }) => options.removed && matchesFilter(filter, lost, now));
  return isWatched && activeMute(lost, mutes, now) === undefined;
}

/** Whether the space knows an alert of this item, or of any item of a whole customer, that ends with this removal. */
async function readNotifiedCheck(
  { tx, now }: TransactionContext,
  { roomId, scope }: WatchingRoom,
  removed: readonly Removal[],
): Promise<(one: Removal) => boolean> {
  const told: Alert[] = [];
  for (const chunk of chunksOf([...new Set(removed.map(({ customer }) => customer.id))], IDS_PER_STATEMENT)) {
    const rows = await tx
      .selectFrom("notifiedStates")
      .innerJoin("alerts", "alerts.id", "notifiedStates.alertId")
      .select("alerts.alert")
      .where("notifiedStates.roomId", "=", roomId)
      .where("alerts.scope", "=", scope)
      .where("alerts.customerId", "in", chunk)
      .execute();
    told.push(...rows.map(({ alert }) => readAlert(alert)));
  }
  const ending = told.filter((alert) => isActive(alert) || alert.closedAt === now);
  return ({ customer, item }) =>
    ending.some(({ key }) => key.customerId === customer.id && (item === CUSTOMER_ITEM || key.item === item));
}

const removalLine = ({ customer, item }: Removal): string => alertTitle({ subject: customer, key: { item } });

/**
 * The packages and add-ons that were missed after the last complete sweep began, and before this one did: what this one has
 * not found either is removed (ALERTS 14, 17).
 */
export async function reportRemovedItems(step: TransactionContext, { scope, startedAt, id }: Sweep): Promise<void> {
  const { last } = await step.tx
    .selectFrom("sweeps")
    .select(({ fn }) => fn.max("startedAt").as("last"))
    .where("scope", "=", scope)
    .where("state", "=", "complete")
    .where("id", "<", id)
    .executeTakeFirstOrThrow();
  if (last === null) return;
  await reportRemovals(step, scope, await readRemovedItems(step, scope, { from: last, to: startedAt }));
}

interface TimeRange {
  readonly from: number;
  readonly to: number;
}

async function readRemovedItems(
  { tx }: TransactionContext,
  scope: Scope,
  { from, to }: TimeRange,
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
  // One that came back and went again was missed twice, and is removed once.
  const byItem = new Map(rows.map((row) => [JSON.stringify([row.customerId, row.item]), row]));
  return [...byItem.values()].flatMap(({ customerId, item, fromStatus }) => {
    const customer = records.get(customerId)?.customer;
    if (customer === undefined || statusesOf(customer).has(item)) return [];
    return { customer: withItem(customer, item, fromStatus ?? ""), item };
  });
}

/** Customers that are gone for certain: their history ends, and so do their alerts (ALERTS 14). Not while blind (31). */
export async function removeCustomers(
  step: TransactionContext,
  scope: Scope,
  customerIds: readonly string[],
): Promise<readonly Transition[]> {
  if ((await findVisibility(step.tx, scope)).outage !== null) return [];
  const gone = [...(await readRecordsById(step.tx, scope, [...new Set(customerIds)])).values()];
  const transitions = gone.flatMap(({ customer }) => transitionsBetween(customer, undefined, step.now));
  await writeTransitions(step.tx, scope, transitions);
  const ids = gone.map(({ customer }) => customer.id);
  for (const chunk of chunksOf(ids, IDS_PER_STATEMENT)) {
    await step.tx.deleteFrom("customers").where("scope", "=", scope).where("id", "in", chunk).execute();
  }
  await closeRemoved(step, scope, ids);
  await reportRemovals(
    step,
    scope,
    gone.map(({ customer }) => ({ customer, item: CUSTOMER_ITEM })),
  );
  await notifyFollowers(
    step,
    scope,
    ids.map((customerId) => ({ customerId })),
  );
  return transitions;
}

/** Lines of one message; a mass removal is counted. */
const MAX_LINES = 20;

interface Report {
  readonly title: string;
  /** What it reports of customers. */
  readonly lines: readonly string[];
}

/** Owes a space a report; in one message with what waits of that already. */
export async function enqueueReportLines(
  step: TransactionContext,
  roomId: string,
  { title, lines }: Report,
): Promise<void> {
  const { tx, now } = step;
  const line = await lockQueue(step, roomId);
  if (line.suspendedAt !== null) return;
  const waiting = await tx
    .selectFrom("outbox")
    .select(["id", "details"])
    .where("recipient", "=", roomId)
    .where("kind", "=", "report")
    .where("state", "=", "pending")
    .where("urgent", "=", 0)
    .where("possiblySent", "=", 0)
    .executeTakeFirst();
  const before: readonly string[] = waiting === undefined ? [title] : JSON.parse(waiting.details).lines;
  const details = JSON.stringify({ lines: shortened([...before, ...lines]), namesCustomers: true });
  if (waiting !== undefined) await tx.updateTable("outbox").set({ details }).where("id", "=", waiting.id).execute();
  else {
    const generation = await nextGeneration(step, roomId, "report");
    await tx
      .insertInto("outbox")
      .values({
        recipient: roomId,
        kind: "report",
        alertId: 0,
        generation,
        state: "pending",
        urgent: 0,
        regression: 0,
        queuedAt: now,
        possiblySent: 0,
        details,
      })
      .execute();
  }
  await updateDueAt(step.tx, roomId, step.timings);
}

function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= MAX_LINES ? lines : [...lines.slice(0, MAX_LINES), "and more: see “changes”."];
}
