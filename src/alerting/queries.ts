import { matchesFilter } from "../domain/alerts/mute.ts";
import { narrowToItem } from "../domain/alerts/observation.ts";
import type { Customer, Problem } from "../domain/customers/customer.ts";
import type { Filter } from "../domain/customers/filter.ts";
import { CUSTOMER_ITEM } from "../domain/customers/record.ts";
import type { Alerts, NotifiedAlert, RoomAlertState } from "../domain/ports/alerting.ts";
import { chunksOf, IDS_PER_STATEMENT } from "../store/chunks.ts";
import { readRecordsById } from "../store/records.ts";
import { parseAlert, parseAlerts, readAlerts } from "./alert-rows.ts";
import { applyChange } from "./changes.ts";
import { findQueue, parseNotice } from "./queue.ts";
import { parseNotifiedState, readRoom } from "./room-state.ts";
import { type AlertingDeps, type Db, inTransaction } from "./transaction.ts";
import { findVisibility, parseVisibility } from "./visibility.ts";

export function createAlerts(deps: AlertingDeps): Alerts {
  const { db } = deps;
  const ofScope = (scope: string) =>
    db.selectFrom("alerts").select("alert").where("scope", "=", scope).where("drill", "=", "").orderBy("id");
  const active = (scope: string) =>
    ofScope(scope)
      .where("tracked", "=", ({ lit }) => lit(1))
      .where("state", "!=", "closed");
  return {
    async find(scope, id) {
      const row = await db
        .selectFrom("alerts")
        .select("alert")
        .where("scope", "=", scope)
        .where("id", "=", id)
        .executeTakeFirst();
      return row && parseAlert(row.alert);
    },
    active: async (scope) => parseAlerts(await active(scope).execute()),
    activeOfCustomer: async (scope, customerId) =>
      parseAlerts(await active(scope).where("customerId", "=", customerId).execute()),
    changedSince: async (scope, since) => parseAlerts(await ofScope(scope).where("changedAt", ">=", since).execute()),
    countErrorEntries: (scope, query) => countErrorEntries(db, scope, query),
    roomState: (roomId) => readRoomAlertState(db, roomId),
    alertsOnCard: (roomId, messageId) => readAlertsOnCard(db, roomId, messageId),
    visibility: async (scope) => parseVisibility(await findVisibility(db, scope)),
    change: (roomId, change, now) => inTransaction(deps, now, (ctx) => applyChange(ctx, roomId, change)),
    cardsOf: (alertIds) => readAlertCards(db, alertIds),
    reserveEdit: (roomId, messageId) => reserveEdit(deps, { roomId, messageId }),
  };
}

async function readRoomAlertState(db: Db, roomId: string): Promise<RoomAlertState> {
  const room = await readRoom(db, roomId);
  const notified = await db
    .selectFrom("notifiedStates")
    .selectAll()
    .where("roomId", "=", roomId)
    .orderBy("alertId")
    .execute();
  const queued = await db
    .selectFrom("outbox")
    .selectAll()
    .where("recipient", "=", roomId)
    .where("state", "in", ["held", "pending", "claimed"])
    .orderBy("id")
    .execute();
  const digest = await db
    .selectFrom("digests")
    .select(["time", "zone"])
    .where("roomId", "=", roomId)
    .executeTakeFirst();
  const queue = await findQueue(db, roomId);
  return {
    ...room,
    notified: notified.map(parseNotifiedState),
    queued: queued.map(parseNotice),
    ...(digest !== undefined && { digest }),
    ...(queue !== undefined && queue.suspendedAt !== null && { suspendedAt: queue.suspendedAt }),
  };
}

/** Leaves out alerts of a scope that the room was bound to before. */
async function readAlertsOnCard(db: Db, roomId: string, messageId: string): Promise<readonly NotifiedAlert[]> {
  const rows = await db
    .selectFrom("notifiedStates")
    .selectAll()
    .where("roomId", "=", roomId)
    .where("messageId", "=", messageId)
    .execute();
  const states = new Map(rows.map((row) => [row.alertId, parseNotifiedState(row)]));
  const { scope } = await readRoom(db, roomId);
  const alerts = await readAlerts(db, [...states.keys()]);
  return alerts.flatMap((alert) => {
    const notified = states.get(alert.id);
    return notified === undefined || alert.key.scope !== scope ? [] : [{ alert, notified }];
  });
}

interface AlertCard {
  readonly roomId: string;
  readonly messageId: string;
}

/** The cards that show these alerts, each once. */
async function readAlertCards(db: Db, alertIds: readonly number[]): Promise<readonly AlertCard[]> {
  const cards = new Map<string, AlertCard>();
  for (const ids of chunksOf(alertIds, IDS_PER_STATEMENT)) {
    const rows = await db
      .selectFrom("notifiedStates")
      .select(["roomId", "messageId"])
      .distinct()
      .where("alertId", "in", ids)
      .orderBy("roomId")
      .orderBy("messageId")
      .execute();
    for (const card of rows) cards.set(card.messageId, card);
  }
  return [...cards.values()];
}

/** Webex allows ten edits of a message; two are left for the buttons of the card (ALERTS 30). */
const MAX_EDITS = 8;

/** Adds an edit to the count of the card; false after `MAX_EDITS`. The count is the highest among the alerts of the card. */
function reserveEdit({ db, isSingleInstance }: AlertingDeps, { roomId, messageId }: AlertCard): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const rows = await tx
      .selectFrom("notifiedStates")
      .select("edits")
      .where("roomId", "=", roomId)
      .where("messageId", "=", messageId)
      .orderBy("alertId")
      .$if(!isSingleInstance, (query) => query.forUpdate())
      .execute();
    const edits = Math.max(0, ...rows.map((row) => row.edits));
    if (rows.length === 0 || edits >= MAX_EDITS) return false;
    await tx
      .updateTable("notifiedStates")
      .set({ edits: edits + 1 })
      .where("roomId", "=", roomId)
      .where("messageId", "=", messageId)
      .execute();
    return true;
  });
}

interface ErrorEntryQuery {
  readonly filter: Filter;
  readonly since: number;
  readonly now: number;
}

/** A transition into `error`. */
interface ErrorEntry {
  readonly customerId: string;
  readonly item: string;
  readonly at: number;
  readonly codes: string;
}

/**
 * Counts the transitions into `error` that match the filter. One of the customer itself counts only if no item has one at the
 * same time. Those before the baseline do not count, because their alerts would have opened silently (ALERTS 15).
 */
async function countErrorEntries(db: Db, scope: string, { filter, since, now }: ErrorEntryQuery): Promise<number> {
  const { baselineAt } = await findVisibility(db, scope);
  if (baselineAt === null) return 0;
  const entries = errorEntries(db, scope, Math.max(since, baselineAt + 1));
  if (filter.length === 0) {
    const { count } = await entries.select(({ fn }) => fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
    return count;
  }
  let count = 0;
  const rows = await entries.select(["customerId", "item", "at", "codes"]).execute();
  for (const chunk of chunksOf(rows, IDS_PER_STATEMENT)) {
    count += await countMatching(db, scope, { filter, now, entries: chunk });
  }
  return count;
}

const errorEntries = (db: Db, scope: string, since: number) =>
  db
    .selectFrom("transitions")
    .where("scope", "=", scope)
    .where("at", ">=", since)
    .where("toStatus", "=", "error")
    .where(({ or, eb, not, exists, selectFrom }) =>
      or([
        eb("item", "!=", CUSTOMER_ITEM),
        not(
          exists(
            selectFrom("transitions as same")
              .select("same.id")
              .where("same.scope", "=", scope)
              .whereRef("same.customerId", "=", "transitions.customerId")
              .whereRef("same.at", "=", "transitions.at")
              .where("same.toStatus", "=", "error")
              .where("same.item", "!=", CUSTOMER_ITEM),
          ),
        ),
      ]),
    );

async function countMatching(
  db: Db,
  scope: string,
  { filter, now, entries }: Pick<ErrorEntryQuery, "filter" | "now"> & { readonly entries: readonly ErrorEntry[] },
): Promise<number> {
  const records = await readRecordsById(db, scope, [...new Set(entries.map(({ customerId }) => customerId))]);
  return entries.filter((entry) => {
    const customer = records.get(entry.customerId)?.customer;
    if (customer === undefined) return false;
    return matchesFilter(filter, { subject: customerInError(customer, entry), openedAt: entry.at }, now);
  }).length;
}

/** The present customer, with the item in the error of that time. */
function customerInError(customer: Customer, { item, codes }: ErrorEntry): Customer {
  const codeNumbers: readonly number[] = JSON.parse(codes);
  const problems = codeNumbers.map((code): Problem => ({ level: "error", code, text: "" }));
  const narrowed = narrowToItem(customer, item);
  if (item === CUSTOMER_ITEM) return { ...narrowed, status: "error", problems };
  const failed = { status: "error", problems };
  return {
    ...narrowed,
    packages: narrowed.packages.map((one) => ({ ...one, ...failed })),
    addOns: narrowed.addOns.map((one) => ({ ...one, ...failed })),
  };
}
