import { matchesFilter } from "../domain/alerts/mute.ts";
import { narrowToItem } from "../domain/alerts/observation.ts";
import type { ToldMessage } from "../domain/alerts/story.ts";
import type { Customer, Problem } from "../domain/customers/customer.ts";
import type { Filter } from "../domain/customers/filter.ts";
import { CUSTOMER_ITEM } from "../domain/customers/record.ts";
import type { Alerts, AlertsOnCard, RoomAlertState, VerifyState } from "../domain/ports/alerting.ts";
import { chunksOf, IDS_PER_STATEMENT } from "../store/chunks.ts";
import { readRecordsById } from "../store/records.ts";
import { parseAlert, parseAlerts, readAlerts, readTrackedAlerts } from "./alert-rows.ts";
import { parseAsides } from "./card-asides.ts";
import { readAlertsOnCard, recordPressEdit, reservePressEdit } from "./card-edits.ts";
import { applyChange } from "./changes.ts";
import { readAlertMemory, readCodeMemory } from "./code-memory.ts";
import { readFollows } from "./follows.ts";
import { readTraces } from "./forget.ts";
import { findQueue, parseNotice, parseQueue } from "./queue.ts";
import { parseNotifiedState, readRoom, readWatchedSpaces } from "./room-state.ts";
import { type AlertingDeps, type Db, inAuditedTransaction } from "./transaction.ts";
import { findVisibility, parseVisibility } from "./visibility.ts";

export function createAlerts(deps: AlertingDeps): Alerts {
  const { db } = deps;
  const ofScope = (scope: string) =>
    db.selectFrom("alerts").select("alert").where("scope", "=", scope).where("drill", "=", "").orderBy("id");
  const active = (scope: string) => ofScope(scope).where("tracked", "=", ({ lit }) => lit(1));
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
    async countActive(scope) {
      const { count } = await active(scope)
        .clearSelect()
        .clearOrderBy()
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      return count;
    },
    activeOfCustomer: async (scope, customerId) =>
      parseAlerts(await active(scope).where("customerId", "=", customerId).execute()),
    changedSince: async (scope, since) => parseAlerts(await ofScope(scope).where("changedAt", ">=", since).execute()),
    countErrorEntries: (scope, query) => countErrorEntries(db, scope, query),
    toldMessages: (roomId, alertId) => readToldMessages(db, roomId, alertId),
    watchedSpaces: () => readWatchedSpaces(db),
    codeMemory: (about, now) => readCodeMemory(db, about, now),
    memoryOnCard: (alerts, now) => readAlertMemory(db, alerts, now),
    roomState: (roomId) => readRoomAlertState(db, roomId),
    verifyState: (roomId) => readVerifyState(deps, roomId),
    alertsOnCard: (roomId, messageId) => alertsOnCard(db, roomId, messageId),
    follows: (scope, personId) => readFollows(db, scope, personId),
    visibility: async (scope) => parseVisibility(await findVisibility(db, scope)),
    tracesOf: (person) => readTraces(db, person),
    change: (roomId, change, now, audit) =>
      inAuditedTransaction(deps, { now, audit }, (ctx) => applyChange(ctx, roomId, change)),
    reservePressEdit: (messageId) => reservePressEdit(deps, messageId),
    recordPressEdit: (messageId, now) => recordPressEdit(db, messageId, now),
  };
}

/** In one transaction that sees one state of the database: what is written meanwhile is not taken for a difference. */
function readVerifyState({ db, isSingleInstance }: AlertingDeps, roomId: string): Promise<VerifyState> {
  // A file database has one transaction at a time.
  const reading = isSingleInstance ? db.transaction() : db.transaction().setIsolationLevel("repeatable read");
  return reading.execute(async (tx) => {
    const roomState = await readRoomAlertState(tx, roomId);
    const believed = roomState.notified.filter(({ state }) => state !== "closed").map(({ alertId }) => alertId);
    const notified = (await readAlerts(tx, believed)).filter(({ key }) => key.scope === roomState.scope);
    const tracked = await readTrackedAlerts(tx, roomState);
    const dead = await tx
      .selectFrom("outbox")
      .select("alertId")
      .where("recipient", "=", roomId)
      .where("state", "=", "dead")
      .where("urgent", "=", 0)
      .execute();
    return {
      roomState,
      active: tracked.filter(({ drill }) => drill === undefined),
      notified,
      givenUp: dead.map(({ alertId }) => alertId),
    };
  });
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
  const { storm } = parseQueue(queue);
  return {
    ...room,
    notified: notified.map(parseNotifiedState),
    queued: queued.map(parseNotice),
    ...(digest !== undefined && { digest }),
    ...(storm !== undefined && { stormMessageId: storm.messageId }),
    ...(queue !== undefined && queue.suspendedAt !== null && { suspendedAt: queue.suspendedAt }),
  };
}

async function readToldMessages(db: Db, roomId: string, alertId: number): Promise<readonly ToldMessage[]> {
  const rows = await db
    .selectFrom("outbox")
    .select(["sentAt", "kind"])
    .where("recipient", "=", roomId)
    .where("alertId", "=", alertId)
    .where("state", "=", "sent")
    .orderBy("id")
    .execute();
  return rows.flatMap(({ sentAt, kind }) => (sentAt === null ? [] : [{ at: sentAt, kind }]));
}

/** Leaves out alerts of a scope that the room was bound to before. */
async function alertsOnCard(db: Db, roomId: string, messageId: string): Promise<AlertsOnCard | undefined> {
  const { scope } = await readRoom(db, roomId);
  const card = await db
    .selectFrom("alertCards")
    .select(["postedAt", "kind", "asides"])
    .where("messageId", "=", messageId)
    .executeTakeFirst();
  const known = await readAlertsOnCard(db, { roomId, messageId, kind: card?.kind });
  const shown = known.filter(({ alert }) => alert.key.scope === scope);
  if (shown.length === 0) return undefined;
  const postedAt = card?.postedAt ?? Math.min(...shown.map(({ notified }) => notified.notifiedAt));
  return { shown, postedAt, asides: parseAsides(card?.asides ?? null) };
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
