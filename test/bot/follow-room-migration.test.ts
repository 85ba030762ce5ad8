import { expect, test } from "vitest";
import { createFollowRoomMigration } from "../../src/bot/follow-room-migration.ts";

/** What becomes of the spaces that watch something, of which Webex knows only some. */
async function moved(watching: readonly string[], known: readonly string[]) {
  const done: string[] = [];
  const follow = createFollowRoomMigration({
    outbox: {
      reachableRooms: async () => watching,
      migrate: async (from, to) => void done.push(`${from} is ${to}`),
    },
    exists: async (roomId) => known.includes(roomId),
    log: { info() {}, warn: (event, fields) => void done.push(`${event} ${fields?.candidates}`), error() {} },
  });
  await follow("new");
  return done;
}

test("the one space that Webex knows no more is the one that got the new id (ALERTS 29)", async () => {
  expect(await moved(["a", "b", "c"], ["a", "c"])).toEqual(["b is new"]);
});

test("where none is lost, or several are, nothing is guessed", async () => {
  expect(await moved(["a"], ["a"])).toEqual(["room.migration_ambiguous 0"]);
  expect(await moved(["a", "b"], [])).toEqual(["room.migration_ambiguous 2"]);
});

test("an event that comes twice changes nothing the second time", async () => {
  expect(await moved(["new", "b"], ["new"])).toEqual([]);
});
