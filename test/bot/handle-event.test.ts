import { expect, test } from "vitest";
import { createEventHandler } from "../../src/bot/process-event.ts";
import type { InboundEvent } from "../../src/domain/inbound-event.ts";
import { HOUR } from "../support/time.ts";

/** The work for this event. */
async function after(inbound: InboundEvent, now = 0, isMember?: boolean): Promise<readonly string[]> {
  const done: string[] = [];
  const handle = createEventHandler({
    readEvent: async () => inbound,
    answers: {
      async answer() {
        done.push("answer");
        return {};
      },
      async greet() {
        done.push("greet");
        return {};
      },
      tellToWait: async () => undefined,
    },
    allow: async (_roomId, allowed) => void done.push(`allow ${allowed}`),
    outbox: {
      suspend: async (_roomId, why) => void done.push(`suspend, ${why}`),
      resume: async () => void done.push("resume"),
    },
    isMember: async () => isMember,
    handleRoomMigration: async (newRoomId) => void done.push(`follow to ${newRoomId}`),
    clock: () => now,
    log: { info() {}, warn: (event) => void done.push(event), error() {} },
  });
  const event = { id: 1, roomId: "r1", resource: "", event: "", body: "", receivedAt: 0, attempts: 0 };
  await handle(event);
  return done;
}

test("the watches of a space are suspended while the bot is not in it (ALERTS 29)", async () => {
  expect(await after({ kind: "removed", roomId: "r1" })).toEqual(["allow false", "suspend, removed"]);
  const added = { kind: "added", roomId: "r1", isDirect: false, byPersonId: "ana" } as const;
  expect(await after(added)).toEqual(["resume", "greet"]);
});

test("a removal that Webex contradicts is forged or old, and changes nothing (ALERTS 29)", async () => {
  const removed = { kind: "removed", roomId: "r1" } as const;
  expect(await after(removed, 0, true)).toEqual(["event.untrue"]);
  expect(await after(removed, 0, false)).toEqual(["allow false", "suspend, removed"]);
});

test("after a migration the bot follows to the new id (ALERTS 29)", async () => {
  expect(await after({ kind: "migrated", roomId: "r2" })).toEqual(["follow to r2"]);
});

test("ALERTS 29: a space that is heard can be reached again", async () => {
  const request = { id: "m1", roomId: "r1", text: "help", senderId: "ana", isDirect: false, space: "War room", at: 0 };
  expect(await after({ kind: "request", ...request })).toEqual(["resume", "answer"]);
});

test("a message that is older than the memory of the inbox is not answered: its webhook may be a replay", async () => {
  const request = { id: "m1", roomId: "r1", text: "help", senderId: "ana", isDirect: false, space: "War room" };
  expect(await after({ kind: "request", ...request, at: 0 }, 22 * HOUR)).toEqual(["resume", "answer"]);
  expect(await after({ kind: "request", ...request, at: 0 }, 23 * HOUR)).toEqual(["event.too_old"]);
  expect(await after({ kind: "request", ...request, at: Number.NaN })).toEqual(["event.too_old"]);
});
