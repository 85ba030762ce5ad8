import type { Kysely } from "kysely";
import type { Alerts, Desk, Shown } from "../domain/alerting.ts";
import { isMeant } from "../domain/alerts/mute.ts";
import { narrowed } from "../domain/alerts/sighting.ts";
import type { Customer, Problem } from "../domain/customers/customer.ts";
import type { Filter } from "../domain/customers/filter.ts";
import { WHOLE } from "../domain/customers/record.ts";
import { chunksOf, IDS } from "../store/chunks.ts";
import { recordsById } from "../store/records.ts";
import type { Tables } from "../store/schema.ts";
import { createAlertChanges } from "./changes.ts";
import { countEdit, readCards } from "./delivered.ts";
import { findLine, readNotice } from "./queue.ts";
import { readAlert, readAlerts, readAnnounced, readRoom } from "./room-state.ts";
import type { OutboxDeps } from "./transaction.ts";
import { findSight, readSight } from "./visibility.ts";

export function createAlerts(deps: OutboxDeps): Alerts {
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
    ofCustomer: async (scope, customerId) =>
      read(await active(scope).where("customerId", "=", customerId).execute()),
    since: async (scope, since) => read(await ofScope(scope).where("changedAt", ">=", since).execute()),
    fired: (scope, query) => countFired(db, scope, query),
    desk: (roomId) => readDesk(db, roomId),
    shownOn: (roomId, messageId) => readShown(db, roomId, messageId),
    sight: async (scope) => readSight(await findSight(db, scope)),
    change: createAlertChanges(deps),
    cardsOf: (alertIds) => readCards(db, alertIds),
    mayEdit: (roomId, messageId) => countEdit(deps, { roomId, messageId }),
  };
}

type Db = Kysely<Tables>;

/** All that a space has arranged, was told and is owed. */
export async function readDesk(db: Db, roomId: string): Promise<Desk> {
  const room = await readRoom(db, roomId);
  const told = await db
    .selectFrom("announced")
    .selectAll()
    .where("roomId", "=", roomId)
    .orderBy("alertId")
    .execute();
  const waiting = await db
    .selectFrom("outbox")
    .selectAll()
    .where("target", "=", roomId)
    .where("state", "in", ["held", "pending", "claimed"])
    .orderBy("id")
    .execute();
  const digest = await db
    .selectFrom("digests")
    .select(["time", "zone"])
    .where("roomId", "=", roomId)
    .executeTakeFirst();
  const line = await findLine(db, roomId);
  return {
    ...room,
    told: told.map(readAnnounced),
    waiting: waiting.map(readNotice),
    ...(digest !== undefined && { digest }),
    ...(line !== undefined && line.suspendedAt !== null && { suspendedAt: line.suspendedAt }),
  };
}

/** The alerts whose card a message is, but for those of a scope that the space was bound to before and sees no more. */
export async function readShown(db: Db, roomId: string, messageId: string): Promise<readonly Shown[]> {
  const rows = await db
    .selectFrom("announced")
    .selectAll()
    .where("roomId", "=", roomId)
    .where("messageId", "=", messageId)
    .execute();
  const told = new Map(rows.map((row) => [row.alertId, readAnnounced(row)]));
  const { scope } = await readRoom(db, roomId);
  const alerts = await readAlerts(db, [...told.keys()]);
  return alerts.flatMap((alert) => {
    const one = told.get(alert.id);
    return one === undefined || alert.key.scope !== scope ? [] : [{ alert, told: one }];
  });
}

interface Asked {
  readonly filter: Filter;
  readonly since: number;
  readonly now: number;
}

/** One entry into error, as the history has it. */
interface Entry {
  readonly customerId: string;
  readonly item: string;
  readonly at: number;
  readonly codes: string;
}

/**
 * How often something that the filter means has entered error: a customer's own entry counts where no item's says the same.
 * What was in error before everything had been read once would have opened silently (ALERTS 15), so it does not count.
 */
export async function countFired(
  db: Kysely<Tables>,
  scope: string,
  { filter, since, now }: Asked,
): Promise<number> {
  const { baselineAt } = await findSight(db, scope);
  if (baselineAt === null) return 0;
  const entries = entriesOf(db, scope, Math.max(since, baselineAt + 1));
  if (filter.length === 0) {
    const { count } = await entries
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    return count;
  }
  let count = 0;
  for (const chunk of chunksOf(await entries.select(["customerId", "item", "at", "codes"]).execute(), IDS)) {
    count += await countMeant(db, scope, { filter, now, entries: chunk });
  }
  return count;
}

const entriesOf = (db: Kysely<Tables>, scope: string, since: number) =>
  db
    .selectFrom("transitions")
    .where("scope", "=", scope)
    .where("at", ">=", since)
    .where("toStatus", "=", "error")
    .where(({ or, eb, not, exists, selectFrom }) =>
      or([
        eb("item", "!=", WHOLE),
        not(
          exists(
            selectFrom("transitions as same")
              .select("same.id")
              .where("same.scope", "=", scope)
              .whereRef("same.customerId", "=", "transitions.customerId")
              .whereRef("same.at", "=", "transitions.at")
              .where("same.toStatus", "=", "error")
              .where("same.item", "!=", WHOLE),
          ),
        ),
      ]),
    );

async function countMeant(
  db: Kysely<Tables>,
  scope: string,
  { filter, now, entries }: Pick<Asked, "filter" | "now"> & { readonly entries: readonly Entry[] },
): Promise<number> {
  const records = await recordsById(db, scope, [...new Set(entries.map(({ customerId }) => customerId))]);
  return entries.filter((entry) => {
    const customer = records.get(entry.customerId)?.customer;
    if (customer === undefined) return false;
    return isMeant(filter, { subject: asItWas(customer, entry), openedAt: entry.at }, now);
  }).length;
}

/** The customer of today, with this item in the error that it was in then. */
function asItWas(customer: Customer, { item, codes }: Entry): Customer {
  const known: readonly number[] = JSON.parse(codes);
  const problems = known.map((code): Problem => ({ level: "error", code, text: "" }));
  const broken = narrowed(customer, item);
  if (item === WHOLE) return { ...broken, status: "error", problems };
  const failed = { status: "error", problems };
  return {
    ...broken,
    packages: broken.packages.map((one) => ({ ...one, ...failed })),
    addOns: broken.addOns.map((one) => ({ ...one, ...failed })),
  };
}
