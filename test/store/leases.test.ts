import { expect, test } from "vitest";
import type { Fence } from "../../src/domain/ports/snapshot.ts";
import { onEveryDatabase, onPostgres } from "../support/databases.ts";
import { received } from "../support/received.ts";
import { acquireFence, broken, customer, NOON, PAGE_READING, recordPage } from "./sweep-fixtures.ts";

const LEASE = 60_000;

onEveryDatabase((database) => {
  test("a lease is for one holder at a time, until it runs out or is given back", async () => {
    const { leases } = await database.open();
    const ada = await leases.acquire("", "ada", NOON, LEASE);
    expect(ada).toEqual({ scope: "", holder: "ada", epoch: 1 });
    expect(await leases.acquire("", "ada", NOON + 1, LEASE)).toEqual(ada);
    expect(await leases.acquire("", "bob", NOON + LEASE, LEASE)).toBeUndefined();
    expect(await leases.acquire("", "bob", NOON + LEASE + 1, LEASE)).toMatchObject({ epoch: 2 });
    const other = await leases.acquire("partner", "cyd", NOON, LEASE);
    if (other === undefined) throw new Error("Scopes do not wait for each other.");
    await leases.release(other);
    expect(await leases.acquire("partner", "bob", NOON, LEASE)).toMatchObject({ epoch: 2 });
  });

  test("a lease is renewed as long as nobody else has it", async () => {
    const { leases, ...store } = await database.open();
    const ada = await acquireFence({ leases, ...store }, { leaseMs: LEASE });
    expect(await leases.renew(ada, NOON + LEASE, LEASE)).toBe(true);
    expect(await leases.acquire("", "bob", NOON + LEASE + 1, LEASE)).toBeUndefined();
    const bob = await leases.acquire("", "bob", NOON + 2 * LEASE, LEASE);
    expect(await leases.renew(ada, NOON + 2 * LEASE, LEASE)).toBe(false);
    await leases.release(ada);
    expect(bob && (await leases.renew(bob, NOON + 2 * LEASE, LEASE))).toBe(true);
  });

  test("nothing is written under a fence that was lost", async () => {
    const store = await database.open();
    const { writer, snapshot } = store;
    const lost = await acquireFence(store, { leaseMs: LEASE });
    const begun = await writer.beginSweep(lost, NOON);
    await recordPage({ writer }, lost, [customer("acme")]);
    await acquireFence(store, { holder: "bob", now: NOON + LEASE });
    const page = { reading: PAGE_READING, customers: received([broken("acme")]), at: NOON + 1 };
    const tries: readonly ((fence: Fence) => Promise<unknown>)[] = [
      (fence) => writer.recordPage(page, fence),
      (fence) => writer.endSweep({ ...begun.sweep, state: "complete", endedAt: NOON }, { seen: new Set() }, fence),
      (fence) => writer.remove(["acme"], NOON, fence),
      (fence) => writer.beginSweep(fence, NOON),
    ];
    for (const attempt of tries) {
      for (const fence of [lost, { ...lost, epoch: 2 }, { ...lost, scope: "elsewhere" }]) {
        await expect(attempt(fence)).rejects.toMatchObject({ code: "store.fenced" });
      }
    }
    expect(await snapshot.get("", "acme")).toMatchObject([{ customer: { status: "provisioned" } }]);
    expect(await snapshot.age("")).toMatchObject({ current: { state: "running" } });
    expect(await snapshot.trend("", 9, NOON)).toEqual([]);
  });
});

onPostgres((database) => {
  test("of instances that reach for a lease together, one gets it", async () => {
    const instances = await Promise.all([database.open(), database.open(), database.open()]);
    for (const [round, now] of [NOON, NOON + LEASE, NOON + 2 * LEASE].entries()) {
      const reaching = instances.flatMap(({ leases }, index) =>
        [1, 2].map((n) => leases.acquire("", `holder ${round} ${index} ${n}`, now, LEASE)),
      );
      const fences = (await Promise.all(reaching)).filter((fence) => fence !== undefined);
      expect(fences).toMatchObject([{ epoch: round + 1 }]);
    }
  });

  test("however leases and pages race, history goes step by step", async () => {
    const instances = await Promise.all([database.open(), database.open(), database.open()]);
    const [first] = instances;
    await first?.writer.recordPage(
      { reading: PAGE_READING, customers: received([customer("acme")]), at: NOON },
      await acquireFence(first),
    );
    const statuses = ["error", "updating", "provisioned"];
    const steal = async (index: number, round: number) => {
      const store = instances[index];
      const fence = await store?.leases.acquire("", `${index}`, NOON + 1e9 * round, 0);
      if (!store || !fence) return;
      const page = {
        reading: PAGE_READING,
        customers: received([customer("acme", { status: statuses[(index + round) % 3] ?? "" })]),
        at: round,
      };
      await store.writer.recordPage(page, fence).catch((error) => {
        expect(error).toMatchObject({ code: "store.fenced" });
      });
    };
    for (let round = 1; round <= 20; round++) await Promise.all([0, 1, 2].map((index) => steal(index, round)));
    const steps = [...((await first?.snapshot.history("", { max: 1000 })) ?? [])].reverse();
    expect(steps.length).toBeGreaterThan(5);
    const path = ["provisioned", ...steps.map(({ to }) => to)];
    expect(steps.map(({ from }) => from)).toEqual(path.slice(0, -1));
  });
});
