import { expect, test } from "vitest";
import { createRandom } from "../../src/sandbox/world/random.ts";
import { customerOf } from "../support/alert-fixtures.ts";
import { onPostgres } from "../support/databases.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { MINUTE } from "../support/time.ts";
import { type EngineHarness, openEngineHarness } from "./engine-harness.ts";
import { findMissingNotices } from "./missing-notices.ts";

/** Several instances at the same time: no deadlock remains, and no notice is lost (ALERTS a). */

const ROUNDS = propertyRuns(8).numRuns;
const ROOMS = ["hq", "lab", "noc"];
const STATUSES = ["provisioned", "error", "error", "updating"];

onPostgres((database) => {
  test("a: readings, commands, schedules and deliveries at the same time leave no notice out", async () => {
    const random = createRandom(4, 2);
    const some = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] ?? all[0] ?? fail();
    const harnesses: EngineHarness[] = [];
    const first = openEngineHarness(await database.open({ opsRoomId: "ops" }));
    harnesses.push(first, openEngineHarness(await database.open({ opsRoomId: "ops" }), first.clock));
    const world = () =>
      Array.from({ length: 6 }, (_, at) =>
        customerOf(`c${at}`, { calling: some(STATUSES), suite: some(STATUSES), "*": some(STATUSES) }),
      );
    await first.sweep(world());
    for (const room of ROOMS) await first.watch(room);
    const events: readonly ((harness: EngineHarness, room: string) => Promise<unknown>)[] = [
      (harness, room) => harness.mute(room),
      async (harness, room) => harness.unmute(room, (await harness.roomState(room)).mutes.at(-1)?.number ?? 0),
      (harness, room) => harness.watch(room, [], { stuck: random() < 0.5, removed: true }),
      async (harness, room) => harness.unwatch(room, (await harness.roomState(room)).watches.at(-1)?.number ?? 0),
      (harness, room) => harness.change(room, { kind: "drill" }),
      (harness, room) => harness.change(room, follow(room)),
      (harness, room) => harness.change(room, { kind: "ack", alerts: [1, 2, 3, 4, 5], ack: ACK }),
      (harness, room) => harness.bind(room, some(["", "", "partner"])),
      (harness) => harness.runScheduled(),
      (harness) => harness.deliver(),
      (harness) => harness.deliver(),
    ];
    for (let round = 0; round < ROUNDS; round += 1) {
      first.clock.now += MINUTE;
      const reading = async () => {
        await first.recordPage(world());
        await (random() < 0.5 ? first.sweep(world()) : first.quickPoll(world()));
      };
      const others = Array.from({ length: 8 }, () => some(events)(some(harnesses), some(ROOMS)));
      await Promise.all([reading(), first.sweep(world(), { scope: "partner" }), ...others]);
      for (const room of ROOMS) {
        const { scope } = await first.roomState(room);
        expect(await findMissingNotices(first, room, new Set(), scope)).toEqual([]);
      }
    }
  });
});

const ACK = { personId: "olga", name: "Olga", at: 0 };

const follow = (room: string) =>
  ({
    kind: "follow",
    follow: { personId: room, scope: "", customerId: "c1", title: "c1", class: "moving", since: 0 },
  }) as const;

function fail(): never {
  throw new Error("There is nothing to choose from.");
}
