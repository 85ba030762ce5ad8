import { expect, test } from "vitest";
import { createRoomMigrationHandler } from "../../src/bot/handle-room-migration.ts";
import { NOON } from "../store/sweep-fixtures.ts";
import { HOUR } from "../support/time.ts";

/** Handles a migration while Webex has only some of the watching spaces; returns what was done. */
async function migrated(watching: readonly string[], existing: readonly string[]) {
  const done: string[] = [];
  const handle = createRoomMigrationHandler({
    outbox: {
      migrationCandidates: async (since) => (since === NOON - HOUR ? watching : []),
      migrate: async (from, to, now) => void (now === NOON && done.push(`${from} is ${to}`)),
    },
    exists: async (roomId) => existing.includes(roomId),
    clock: () => NOON,
    log: { info() {}, warn: (event, fields) => void done.push(`${event} ${fields?.candidates}`), error() {} },
  });
  await handle("new");
  return done;
}

test("the one watching space that no longer exists is the one with the new id (ALERTS 29)", async () => {
  expect(await migrated(["a", "b", "c"], ["a", "c"])).toEqual(["b is new"]);
});

test("when no space is missing, or several are, nothing is migrated", async () => {
  expect(await migrated(["a"], ["a"])).toEqual(["room.migration_ambiguous 0"]);
  expect(await migrated(["a", "b"], [])).toEqual(["room.migration_ambiguous 2"]);
});

test("a repeated event changes nothing", async () => {
  expect(await migrated(["new", "b"], ["new"])).toEqual([]);
});
