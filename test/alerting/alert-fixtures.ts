import { onTestFinished } from "vitest";
import { NO_WATCH_OPTIONS } from "../../src/domain/alerts/watch.ts";
import type { Filter } from "../../src/domain/customers/filter.ts";
import type { Store } from "../../src/domain/ports/store.ts";
import { openDatabase } from "../../src/store/database.ts";
import { acquireFence, broken, customer, NOON, runSweep } from "../store/sweep-fixtures.ts";
import type { TestDatabase } from "../support/databases.ts";
import { DAY, MINUTE } from "../support/time.ts";

/** A scope that was swept once, the changes that people make, and the tables. */

export const ROOM = "war room";
export const AFTER = NOON + MINUTE;

/** A scope whose first sweep at NOON found every customer healthy; `sweep` makes the next ones. */
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

export async function openTables(database: TestDatabase) {
  const { db, close } = await openDatabase(database.location());
  onTestFinished(close);
  return {
    db,
    /** Marks all pending notices as sent. */
    postAll: () => db.updateTable("outbox").set({ state: "sent" }).where("state", "=", "pending").execute(),
    /** Records that a room was told of these alerts, on one card. */
    async markNotified(roomId: string, alertIds: readonly number[], messageId: string): Promise<void> {
      const state = {
        state: "open",
        generation: 1,
        failures: 0,
        badSince: 0,
        codes: "",
        reminded: 0,
        remindAt: NOON + DAY,
      } as const;
      const rows = alertIds.map((alertId) => ({ roomId, alertId, messageId, notifiedAt: AFTER, ...state }));
      await db.insertInto("notifiedStates").values(rows).execute();
    },
  };
}

/** The notices that wait for a room: `kind #alert`. */
export async function queuedNotices({ alerts }: Store, roomId = ROOM): Promise<readonly string[]> {
  const { queued } = await alerts.roomState(roomId);
  return queued.map(({ kind, alertId }) => (alertId === 0 ? kind : `${kind} #${alertId}`));
}
