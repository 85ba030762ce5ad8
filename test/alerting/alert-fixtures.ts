import { onTestFinished } from "vitest";
import { NO_WATCH_OPTIONS } from "../../src/domain/alerts/watch.ts";
import type { Filter } from "../../src/domain/customers/filter.ts";
import type { Store } from "../../src/domain/ports/store.ts";
import { openDatabase } from "../../src/store/database.ts";
import { acquireFence, broken, customer, DAY, MINUTE, NOON, runSweep } from "../store/sweep-fixtures.ts";
import type { TestDatabase } from "../support/databases.ts";

/** The cast of the alerts' tests: a scope that was read once, whose customers can be broken and healed. */

export const ROOM = "war room";
export const AFTER = NOON + MINUTE;

/** A scope that was seen healthy at NOON, one sweep a call from then on. */
export async function sweptScope(store: Store, ids: readonly string[], scope = "") {
  const fence = await acquireFence(store, { scope, leaseMs: 1000 * DAY });
  const sweep = (bad: readonly string[], at: number) =>
    runSweep(store, fence, {
      customers: ids.map((id) => (bad.includes(id) ? broken(id) : customer(id))),
      at,
    });
  await sweep([], NOON);
  return { fence, sweep };
}

export const watchChange = (filter: Filter = [], ownerId = "ada") =>
  ({ kind: "watch", filter, options: NO_WATCH_OPTIONS, ownerId }) as const;

export const muteChange = (from: number, until: number, filter: Filter = []) =>
  ({
    kind: "mute",
    mute: { filter, from, until, because: "a rollout", personId: "ada", by: "Ada" },
  }) as const;

export const codeFilter = (text: string): Filter => [
  { field: "code", negated: false, values: [{ text, prefix: false }] },
];

export const ackChange = (name: string, alerts: readonly number[], at = AFTER) =>
  ({ kind: "ack", alerts, ack: { personId: name, name, at } }) as const;

/** The tables themselves, for what the outbox writes there. */
export async function openTables(database: TestDatabase) {
  const { db, close } = await openDatabase(database.location());
  onTestFinished(close);
  return {
    db,
    /** As if all that waits had been posted. */
    postAll: () => db.updateTable("outbox").set({ state: "sent" }).where("state", "=", "pending").execute(),
    /** As if a space had been told of these alerts, on one card. */
    async tell(roomId: string, alertIds: readonly number[], messageId: string): Promise<void> {
      const told = { state: "open", generation: 1, failures: 0, reminded: 0, remindAt: NOON + DAY } as const;
      const rows = alertIds.map((alertId) => ({ roomId, alertId, messageId, notifiedAt: AFTER, ...told }));
      await db.insertInto("notifiedStates").values(rows).execute();
    },
  };
}

/** What waits for a space, in words. */
export async function queuedNotices({ alerts }: Store, roomId = ROOM): Promise<readonly string[]> {
  const desk = await alerts.roomState(roomId);
  return desk.queued.map(({ kind, alertId }) => (alertId === 0 ? kind : `${kind} ${alertId}`));
}
