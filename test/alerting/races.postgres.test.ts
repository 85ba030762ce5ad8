import { expect, test } from "vitest";
import { createRandom } from "../../src/sandbox/world/random.ts";
import { MINUTE } from "../store/sweep-fixtures.ts";
import { customerOf } from "../support/alert-fixtures.ts";
import { onPostgres } from "../support/databases.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { type EngineHarness, openEngineHarness } from "./engine-harness.ts";
import { findMissingNotices } from "./missing-notices.ts";

/** Several instances at once: whatever meets whatever, nobody waits for ever, and nothing is lost (ALERTS a). */

const ROUNDS = propertyRuns(8).numRuns;
const ROOMS = ["hq", "lab", "noc"];
const STATUSES = ["provisioned", "error", "error", "updating"];

onPostgres((database) => {
  test("a: readings, people, clocks and postmen that meet leave nothing unsaid", async () => {
    const dice = createRandom(4, 2);
    const some = <T>(all: readonly T[]): T => all[Math.floor(dice() * all.length)] ?? all[0] ?? fail();
    const stages: EngineHarness[] = [];
    const first = openEngineHarness(await database.open({ opsRoomId: "ops" }));
    stages.push(first, openEngineHarness(await database.open({ opsRoomId: "ops" }), first.clock));
    const world = () =>
      Array.from({ length: 6 }, (_, at) =>
        customerOf(`c${at}`, { calling: some(STATUSES), suite: some(STATUSES), "*": some(STATUSES) }),
      );
    await first.sweep(world());
    for (const room of ROOMS) await first.watch(room);
    const happen: readonly ((stage: EngineHarness, room: string) => Promise<unknown>)[] = [
      (stage, room) => stage.mute(room),
      async (stage, room) => stage.unmute(room, (await stage.desk(room)).mutes.at(-1)?.number ?? 0),
      (stage, room) => stage.watch(room, [], { stuck: dice() < 0.5, removed: true }),
      async (stage, room) => stage.unwatch(room, (await stage.desk(room)).watches.at(-1)?.number ?? 0),
      (stage, room) => stage.change(room, { kind: "drill" }),
      (stage, room) => stage.change(room, follow(room)),
      (stage, room) => stage.change(room, { kind: "ack", alerts: [1, 2, 3, 4, 5], ack: ACK }),
      (stage, room) => stage.bind(room, some(["", "", "partner"])),
      (stage) => stage.tick(),
      (stage) => stage.deliver(),
      (stage) => stage.deliver(),
    ];
    for (let round = 0; round < ROUNDS; round += 1) {
      first.clock.now += MINUTE;
      const reading = async () => {
        await first.page(world());
        await (dice() < 0.5 ? first.sweep(world()) : first.look(world()));
      };
      const others = Array.from({ length: 8 }, () => some(happen)(some(stages), some(ROOMS)));
      await Promise.all([reading(), first.sweep(world(), { scope: "partner" }), ...others]);
      for (const room of ROOMS) {
        const { scope } = await first.desk(room);
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
