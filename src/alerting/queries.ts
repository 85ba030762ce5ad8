import type { Kysely } from "kysely";
import { matchesFilter } from "../domain/alerts/mute.ts";
import { narrowToItem } from "../domain/alerts/observation.ts";
import type { Customer, Problem } from "../domain/customers/customer.ts";
import type { Filter } from "../domain/customers/filter.ts";
import { CUSTOMER_ITEM } from "../domain/customers/record.ts";
import type { Alerts, NotifiedAlert, RoomAlertState } from "../domain/ports/alerting.ts";
import { chunksOf, IDS_PER_STATEMENT } from "../store/chunks.ts";
import { readRecordsById } from "../store/records.ts";
import type { Tables } from "../store/schema.ts";
import { createAlertChanges } from "./changes.ts";
import { readAlertCards, reserveEdit } from "./delivered.ts";
import { findQueue, readNotice } from "./queue.ts";
import { readAlert, readAlerts, readNotifiedState, readRoom } from "./room-state.ts";
import type { AlertingDeps } from "./transaction.ts";
import { findVisibility, readVisibility } from "./visibility.ts";

export function createAlerts(deps: AlertingDeps): Alerts {
  const { db } = deps;
  const ofScope = (scope: string) =>
    db.selectFrom("alerts").select("alert").where("scope", "=", scope).where("drill", "=", "").orderBy("id");
  const active = (scope: string) =>
    ofScope(scope)
      .where("active", "=", ({ lit }) => lit(1))
      .where("state", "!=", "closed");
  const read = (rows: readonly { readonly alert: string }[]) => rows.map(({ alert }) => readAlert(alert));
  return {
    async find(scope, id) {
      const row = await db
        .selectFrom("alerts")
        .select("alert")
        .where("scope", "=", scope)
        .where("id", "=", id)
        .executeTakeFirst();
      return row && readAlert(row.alert);
    },
    active: async (scope) => read(await active(scope).execute()),
    activeOfCustomer: async (scope, customerId) =>
      read(await active(scope).where("customerId", "=", customerId).execute()),
    changedSince: async (scope, since) => read(await ofScope(scope).where("changedAt", ">=", since).execute()),
    countErrorEntries: (scope, query) => countErrorEntries(db, scope, query),
    roomState: (roomId) => readRoomAlertState(db, roomId),
    alertsOnCard: (roomId, messageId) => readAlertsOnCard(db, roomId, messageId),
    visibility: async (scope) => readVisibility(await findVisibility(db, scope)),
    change: createAlertChanges(deps),
    cardsOf: (alertIds) => readAlertCards(db, alertIds),
    reserveEdit: (roomId, messageId) => reserveEdit(deps, { roomId, messageId }),
  };
}

type Db = Kysely<Tables>;

/** All that a space has arranged, was told and is owed. */
export async function readRoomAlertState(db: Db, roomId: string): Promise<RoomAlertState> {
  const room = await readRoom(db, roomId);
  const told = await db
    .selectFrom("notifiedStates")
    .selectAll()
    .where("roomId", "=", roomId)
    .orderBy("alertId")
    .execute();
  const waiting = await db
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
  const line = await findQueue(db, roomId);
  return {
    ...room,
    notified: told.map(readNotifiedState),
    queued: waiting.map(readNotice),
    ...(digest !== undefined && { digest }),
    ...(line !== undefined && line.suspendedAt !== null && { suspendedAt: line.suspendedAt }),
  };
}

/** The alerts whose card a message is, but for those of a scope that the space was bound to before and sees no more. */
export async function readAlertsOnCard(db: Db, roomId: string, messageId: string): Promise<readonly NotifiedAlert[]> {
  const rows = await db
    .selectFrom("notifiedStates")
    .selectAll()
    .where("roomId", "=", roomId)
    .where("messageId", "=", messageId)
    .execute();
  const told = new Map(rows.map((row) => [row.alertId, readNotifiedState(row)]));
  const { scope } = await readRoom(db, roomId);
  const alerts = await readAlerts(db, [...told.keys()]);
  return alerts.flatMap((alert) => {
    const one = told.get(alert.id);
    return one === undefined || alert.key.scope !== scope ? [] : [{ alert, notified: one }];
  });
}

interface FiredQuery {
  readonly filter: Filter;
  readonly since: number;
  readonly now: number;
}

/** One entry into error, as the history has it. */
interface ErrorEntry {
  readonly customerId: string;
  readonly item: string;
  readonly at: number;
  readonly codes: string;
}

/**
 * How often something that the filter means has entered error: a customer's own entry counts where no item's says the same.
 * What was in error before everything had been read once would have opened silently (ALERTS 15), so it does not count.
 */
export async function countErrorEntries(
  db: Kysely<Tables>,
  scope: string,
  { filter, since, now }: FiredQuery,
): Promise<number> {
  const { baselineAt } = await findVisibility(db, scope);
  if (baselineAt === null) return 0;
  const entries = errorEntries(db, scope, Math.max(since, baselineAt + 1));
  if (filter.length === 0) {
    const { count } = await entries.select(({ fn }) => fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
    return count;
  }
  let count = 0;
  for (const chunk of chunksOf(
    await entries.select(["customerId", "item", "at", "codes"]).execute(),
    IDS_PER_STATEMENT,
  )) {
    count += await countMatching(db, scope, { filter, now, entries: chunk });
  }
  return count;
}

const errorEntries = (db: Kysely<Tables>, scope: string, since: number) =>
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
  db: Kysely<Tables>,
  scope: string,
  { filter, now, entries }: Pick<FiredQuery, "filter" | "now"> & { readonly entries: readonly ErrorEntry[] },
): Promise<number> {
  const records = await readRecordsById(db, scope, [...new Set(entries.map(({ customerId }) => customerId))]);
  return entries.filter((entry) => {
    const customer = records.get(entry.customerId)?.customer;
    if (customer === undefined) return false;
    return matchesFilter(filter, { subject: customerInError(customer, entry), openedAt: entry.at }, now);
  }).length;
}

/** The customer of today, with this item in the error that it was in then. */
function customerInError(customer: Customer, { item, codes }: ErrorEntry): Customer {
  const known: readonly number[] = JSON.parse(codes);
  const problems = known.map((code): Problem => ({ level: "error", code, text: "" }));
  const broken = narrowToItem(customer, item);
  if (item === CUSTOMER_ITEM) return { ...broken, status: "error", problems };
  const failed = { status: "error", problems };
  return {
    ...broken,
    packages: broken.packages.map((one) => ({ ...one, ...failed })),
    addOns: broken.addOns.map((one) => ({ ...one, ...failed })),
  };
}
