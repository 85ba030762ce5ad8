import fc from "fast-check";
import { expect, test } from "vitest";
import type { Inbox, Store } from "../../src/domain/ports/store.ts";
import { onEveryDatabase, type TestDatabase } from "../support/databases.ts";
import { propertyRuns } from "../support/property-runs.ts";
import { event, LEASE, NOON } from "./inbox-fixtures.ts";

const ROOMS = ["war room", "quiet room", "night shift"];

const STEPS = ["add", "claim", "answer", "postpone", "lose the lease"] as const;
type Step = (typeof STEPS)[number];

/** Sees who works where, over all claimers, and remembers the order of the answers. */
function createWorkObserver() {
  const busy = new Set<string>();
  const answered: string[] = [];
  const clashes: string[] = [];
  return {
    answered,
    clashes,
    async observe(roomId: string, key: string, work: () => Promise<void>) {
      if (busy.has(roomId)) clashes.push(key);
      busy.add(roomId);
      await work();
      answered.push(key);
      busy.delete(roomId);
    },
  };
}

/** Takes up and answers events until `isOver`. */
async function claimUntil(isOver: () => boolean, inbox: Inbox, holder: string, observer: WorkObserver): Promise<void> {
  while (!isOver()) {
    const taken = await inbox.claim(holder, NOON, LEASE);
    if (taken === undefined) continue;
    await observer.observe(taken.roomId, taken.body, async () => {
      await inbox.renew(taken.id, holder, NOON, LEASE);
    });
    await inbox.done(taken.id, NOON);
  }
}

type WorkObserver = ReturnType<typeof createWorkObserver>;

async function openMany(database: TestDatabase, count: number): Promise<readonly Store[]> {
  const stores: Store[] = [];
  while (stores.length < count) stores.push(await database.open());
  return stores;
}

onEveryDatabase((database) => {
  test("several claimers answer every event once, each room in order and one at a time", async () => {
    const stores = await openMany(database, 3);
    const keys = Array.from({ length: 60 }, (_, n) => `${ROOMS[n % ROOMS.length]}:${n}`);
    for (const key of keys) await stores[0]?.inbox.add(event(key.split(":")[0] ?? "", key), NOON);
    const observer = createWorkObserver();
    const isOver = () => observer.answered.length === keys.length;
    await Promise.all(stores.map(({ inbox }, n) => claimUntil(isOver, inbox, `instance ${n}`, observer)));
    expect(observer.clashes).toEqual([]);
    for (const room of ROOMS) {
      const ofRoom = (list: readonly string[]) => list.filter((key) => key.startsWith(room));
      expect(ofRoom(observer.answered)).toEqual(ofRoom(keys));
    }
  });

  test("claimers keep out of each other's rooms while more events pour in from all instances", async () => {
    const stores = await openMany(database, 3);
    const observer = createWorkObserver();
    const isOver = () => observer.answered.length === 90;
    const pour = async (inbox: Inbox, instance: number) => {
      for (let n = 0; n < 30; n++) await inbox.add(event(ROOMS[n % 2] ?? "", `${instance}:${n}`), NOON);
    };
    await Promise.all(
      stores.flatMap(({ inbox }, n) => [
        pour(inbox, n),
        claimUntil(isOver, inbox, `${n}a`, observer),
        claimUntil(isOver, inbox, `${n}b`, observer),
      ]),
    );
    expect(observer.clashes).toEqual([]);
    expect(new Set(observer.answered).size).toBe(90);
  });

  test("whatever is done to the events of a room, they leave in order and none twice", async () => {
    const { inbox } = await database.open();
    let round = 0;
    const steps = fc.array(fc.constantFrom(...STEPS), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(steps, async (story) => {
        const room = `room of story ${round++}`;
        await expectOrder(inbox, room, story);
      }),
      propertyRuns(25),
    );
  });
});

/** Plays a story in a room of its own, then answers what is left, so that the next story begins with an empty inbox. */
async function expectOrder(inbox: Inbox, room: string, story: readonly Step[]): Promise<void> {
  let now = NOON;
  let [added, answered] = [0, 0];
  let held: number | undefined;
  const play: Record<Step, () => Promise<unknown>> = {
    add: () => inbox.add(event(room, `${room}:${added++}`), now),
    async claim() {
      const taken = await inbox.claim("ada", now, LEASE);
      if (held !== undefined) return expect(taken).toBeUndefined();
      if (taken !== undefined) expect(taken.body).toBe(`${room}:${answered}`);
      held = taken?.id;
    },
    async answer() {
      if (held === undefined) return;
      await inbox.done(held, now);
      answered++;
      held = undefined;
    },
    async postpone() {
      if (held !== undefined) await inbox.postpone(held, "ada", now + 1000);
      held = undefined;
    },
    async "lose the lease"() {
      now += LEASE;
      held = undefined;
    },
  };
  for (const step of story) await play[step]();
  await play["lose the lease"]();
  while (answered < added) {
    await play.claim();
    await play.answer();
  }
  expect(await inbox.waiting()).toBe(0);
}
