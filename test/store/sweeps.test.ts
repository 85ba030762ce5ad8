import { expect, test } from "vitest";
import { onEveryDatabase } from "../support/databases.ts";
import { received } from "../support/received.ts";
import { DAY, MINUTE } from "../support/time.ts";
import { acquireFence, broken, customer, NOON, PAGE_READING, recordPage, runSweep } from "./sweep-fixtures.ts";

const [acme, globex] = [customer("acme"), customer("globex")];

onEveryDatabase((database) => {
  test("a sweep is under way until it ends, and reports its progress", async () => {
    const { writer, snapshot, ...store } = await database.open();
    const fence = await acquireFence({ writer, snapshot, ...store });
    expect(await snapshot.age("")).toEqual({ customers: 0 });
    const { sweep, resumeAt } = await writer.beginSweep(fence, NOON);
    expect(resumeAt).toBe(0);
    const counted = { ...sweep, customers: 1, calls: 1 };
    await writer.recordPage(
      { reading: PAGE_READING, customers: received([acme]), at: NOON + 1, sweep: counted },
      fence,
    );
    expect(await snapshot.age("")).toEqual({ customers: 1, current: counted });
    await writer.endSweep({ ...counted, state: "complete", endedAt: NOON + 2 }, { seen: new Set(["acme"]) }, fence);
    expect(await snapshot.age("")).toEqual({ customers: 1, listed: 1, completeAt: NOON + 2 });
  });

  test("a sweep that failed says why, until the next one is complete", async () => {
    const store = await database.open();
    const fence = await acquireFence(store);
    await runSweep(store, fence, { customers: [acme] });
    const { sweep } = await store.writer.beginSweep(fence, NOON + MINUTE);
    const failed = {
      ...sweep,
      state: "failed",
      cause: "wholesale.forbidden",
      endedAt: NOON + MINUTE,
    } as const;
    await store.writer.endSweep(failed, {}, fence);
    expect(await store.snapshot.age("")).toEqual({ customers: 1, listed: 1, completeAt: NOON, current: failed });
    await runSweep(store, fence, { customers: [acme], at: NOON + 2 * MINUTE });
    expect(await store.snapshot.age("")).toEqual({ customers: 1, listed: 1, completeAt: NOON + 2 * MINUTE });
  });

  test("a sweep that was left running goes on behind the pages it has read", async () => {
    const store = await database.open();
    const { sweep } = await store.writer.beginSweep(await acquireFence(store), NOON);
    const counted = { ...sweep, customers: 1, unreadable: 2, calls: 1 };
    const page = { reading: PAGE_READING, customers: received([acme]), at: NOON + 1, sweep: counted };
    await store.writer.recordPage(page, await acquireFence(store));
    const taken = await acquireFence(store, { holder: "bob", now: NOON + 30 * MINUTE });
    const resumed = await store.writer.beginSweep(taken, NOON + 30 * MINUTE);
    expect(resumed).toEqual({ sweep: { ...counted, resumed: true }, resumeAt: 3 });
  });

  test("a sweep that was left running long ago is begun anew", async () => {
    const store = await database.open();
    const { sweep } = await store.writer.beginSweep(await acquireFence(store), NOON);
    const taken = await acquireFence(store, { holder: "bob", now: NOON + DAY });
    const begun = await store.writer.beginSweep(taken, NOON + DAY);
    expect(begun).toMatchObject({ sweep: { resumed: false, startedAt: NOON + DAY }, resumeAt: 0 });
    expect(begun.sweep.id).toBeGreaterThan(sweep.id);
  });

  test("customers absent from two complete sweeps in a row are returned", async () => {
    const store = await database.open();
    const fence = await acquireFence(store);
    await runSweep(store, fence, { customers: [acme, globex] });
    const later = { customers: [globex], at: NOON + MINUTE };
    expect(await runSweep(store, fence, later)).toMatchObject({ absentTwice: [] });
    expect(await runSweep(store, fence, later)).toMatchObject({ absentTwice: ["acme"] });
    expect(await runSweep(store, fence, later)).toMatchObject({ absentTwice: ["acme"] });
  });

  test("a customer that a complete sweep has listed in between, or that was looked up, was not absent twice in a row", async () => {
    const store = await database.open();
    const fence = await acquireFence(store);
    const [both, one] = [
      { customers: [acme, globex], at: NOON + MINUTE },
      { customers: [globex], at: NOON + MINUTE },
    ];
    await runSweep(store, fence, { ...both, at: NOON });
    await runSweep(store, fence, one);
    await recordPage(store, fence, [acme]);
    expect(await runSweep(store, fence, one)).toMatchObject({ absentTwice: ["acme"] });
    await store.writer.recordPage(
      { customers: received([acme]), at: NOON, reading: { id: NOON, kind: "lookup" } },
      fence,
    );
    expect(await runSweep(store, fence, one)).toMatchObject({ absentTwice: [] });
    await runSweep(store, fence, both);
    expect(await runSweep(store, fence, one)).toMatchObject({ absentTwice: [] });
  });

  test.each([{ state: "suspect" }, { state: "failed" }, { resumed: true }] as const)(
    "absence from a sweep that is %j means nothing",
    async (kind) => {
      const store = await database.open();
      const fence = await acquireFence(store);
      await runSweep(store, fence, { customers: [acme, globex] });
      for (const _ of [1, 2, 3]) {
        expect(await runSweep(store, fence, { customers: [globex], ...kind })).toMatchObject({
          absentTwice: [],
        });
      }
    },
  );

  test("the trend has the last complete sweep of each day, and leaves out days without one", async () => {
    const store = await database.open();
    const fence = await acquireFence(store);
    await runSweep(store, fence, { customers: [acme, globex], at: NOON - 2 * DAY });
    await runSweep(store, fence, { customers: [acme, broken("globex")], at: NOON });
    await runSweep(store, fence, { customers: [broken("acme"), broken("globex")], at: NOON + MINUTE });
    await runSweep(store, fence, { customers: [], at: NOON + 2 * MINUTE, state: "suspect" });
    expect(await store.snapshot.trend("", 30, NOON)).toEqual([
      { day: "2026-11-21", byStatus: [{ value: "provisioned", customers: 2 }] },
      { day: "2026-11-23", byStatus: [{ value: "provisioned_with_errors", customers: 2 }] },
    ]);
    expect(await store.snapshot.trend("", 2, NOON)).toMatchObject([{ day: "2026-11-23" }]);
  });

  test("tidying forgets history of 400 days ago and sweeps of 30, but not that there was one", async () => {
    const store = await database.open();
    const fence = await acquireFence(store);
    await runSweep(store, fence, { customers: [acme], at: NOON - DAY });
    await runSweep(store, fence, { customers: [acme], at: NOON });
    await recordPage(store, fence, [broken("acme")]);
    expect(await store.writer.tidy(NOON + 29 * DAY)).toBe(0);
    expect(await store.writer.tidy(NOON + 31 * DAY)).toBe(1);
    expect(await store.snapshot.age("")).toEqual({ customers: 1, listed: 1, completeAt: NOON });
    expect(await store.snapshot.history("", { max: 10 })).toHaveLength(1);
    await store.tidy(NOON + 401 * DAY);
    expect(await store.snapshot.history("", { max: 10 })).toEqual([]);
    expect(await store.snapshot.trend("", 500, NOON)).toEqual([]);
    expect((await store.snapshot.get("", "acme")).length).toBe(1);
  });
});
