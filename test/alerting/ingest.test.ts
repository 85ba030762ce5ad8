import { expect, test } from "vitest";
import { customer } from "../store/sweep-fixtures.ts";
import { customerOf, problemWithCode } from "../support/alert-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { DAY, MINUTE } from "../support/time.ts";
import { type EngineHarness, openEngineHarness } from "./engine-harness.ts";

/** Readings through the store. The states of an alert are tested in the domain. */

const healthy = customerOf("acme", { calling: "provisioned", suite: "provisioned" });
const failed = customerOf("acme", { calling: "error", suite: "provisioned" }, [problemWithCode(2560)]);
const retried = customerOf("acme", { calling: "updating", suite: "provisioned" });
const globex = customerOf("globex", { calling: "provisioned" });

onEveryDatabase((database) => {
  /** The first sweep is complete. */
  async function swept(customers = [healthy, globex]) {
    const harness = openEngineHarness(await database.open());
    await harness.sweep(customers);
    harness.clock.now += MINUTE;
    return harness;
  }

  async function reopenThreeTimes({ recordPage, quickPoll }: EngineHarness): Promise<void> {
    for (const _ of [1, 2, 3]) {
      await recordPage([failed]);
      for (const __ of [1, 2]) await quickPoll([healthy]);
    }
    await recordPage([failed]);
  }

  test("ALERTS 9: a page opens alerts for its BAD items, with the previous status and the time", async () => {
    const harness = await swept();
    await harness.recordPage([failed]);
    const { now } = harness.clock;
    expect(await harness.all()).toMatchObject([
      {
        id: 1,
        state: "open",
        generation: 1,
        openedAt: now,
        previousStatus: "provisioned",
        status: "error",
        key: { scope: "", customerId: "acme", item: "calling", kind: "error" },
        baseline: false,
        subject: { packages: [{ name: "calling", problems: [{ code: 2560 }] }] },
      },
    ]);
  });

  test("ALERTS 9: numbers count up over all scopes, and a page that fails uses none", async () => {
    const harness = await swept();
    await harness.sweep([globex], { scope: "partner" });
    await harness.recordPage([failed]);
    const broken = customerOf("globex", { calling: "error" });
    const nameless = JSON.parse('{"name":null,"status":"error","problems":[]}');
    await expect(harness.recordPage([broken, customer("bad", { packages: [nameless] })])).rejects.toThrow();
    await harness.recordPage([broken], { scope: "partner" });
    expect((await harness.all("partner")).map(({ id }) => id)).toEqual([2]);
  });

  test("ALERTS 1: the same customer in two scopes has two alerts, and each heals by the readings of its scope", async () => {
    const harness = await swept();
    await harness.sweep([healthy], { scope: "partner" });
    await harness.recordPage([failed]);
    await harness.recordPage([failed], { scope: "partner" });
    for (const _ of [1, 2]) await harness.sweep([healthy, globex]);
    expect(await harness.all()).toMatchObject([{ state: "closed" }]);
    expect(await harness.all("partner")).toMatchObject([{ state: "open" }]);
  });

  test("an alert has the saved name of the organisation", async () => {
    const harness = await swept([customer("acme")]);
    await harness.store.writer.saveNames([{ orgId: "org-acme", name: "Acme GmbH" }], harness.clock.now);
    await harness.recordPage([
      customer("acme", { packages: [{ name: "webex_calling", status: "error", problems: [] }] }),
    ]);
    expect(await harness.all()).toMatchObject([{ subject: { name: "Acme GmbH" } }]);
  });

  test("ALERTS 5, 10: pages only open; the end of a quick poll finds a retry and its failure", async () => {
    const harness = await swept();
    await harness.recordPage([failed]);
    await harness.recordPage([retried]);
    expect(await harness.all()).toMatchObject([{ state: "open", retrying: false, attempt: 1 }]);
    await harness.quickPoll([retried]);
    expect(await harness.all()).toMatchObject([{ state: "open", retrying: true, attempt: 2 }]);
    harness.clock.now += MINUTE;
    await harness.quickPoll([failed]);
    expect(await harness.all()).toMatchObject([{ state: "open", retrying: false, failures: 1, generation: 2 }]);
  });

  test("ALERTS 11: two readings that find GOOD close an alert; two pages, or one reading twice, do not", async () => {
    const harness = await swept();
    await harness.recordPage([failed]);
    await harness.recordPage([healthy]);
    await harness.recordPage([healthy]);
    expect(await harness.all()).toMatchObject([{ state: "open" }]);
    await harness.quickPoll([healthy]);
    expect(await harness.all()).toMatchObject([{ state: "healing" }]);
    await harness.sweep([healthy, globex]);
    expect(await harness.all()).toMatchObject([{ state: "closed", reason: "recovered" }]);
  });

  test("ALERTS 5: the customers of a quick poll are the unhealthy ones and those with an active alert", async () => {
    const harness = await swept();
    await harness.quickPoll([failed]);
    expect(await harness.store.snapshot.unhealthy("")).toEqual(["acme"]);
    await harness.quickPoll([retried]);
    expect(await harness.store.snapshot.unhealthy("")).toEqual(["acme"]);
    await harness.quickPoll([healthy]);
    expect(await harness.store.snapshot.unhealthy("")).toEqual(["acme"]);
    await harness.quickPoll([healthy]);
    expect(await harness.store.snapshot.unhealthy("")).toEqual([]);
  });

  test("ALERTS 5: a quick poll does not resolve alerts of customers that it did not read", async () => {
    const harness = await swept();
    await harness.recordPage([failed]);
    await harness.recordPage([healthy]);
    await harness.quickPoll([globex]);
    expect(await harness.all()).toMatchObject([{ state: "open" }]);
  });

  test.each([{ state: "failed", cause: "http.500" }, { state: "suspect" }, { resumed: true }] as const)(
    "ALERTS 6, c: a sweep that is %j opens and changes nothing else",
    async (end) => {
      const harness = await swept();
      await harness.recordPage([failed]);
      await harness.sweep([healthy, customerOf("globex", { calling: "error" })], { end });
      expect(await harness.all()).toMatchObject([
        { state: "open", generation: 1 },
        { state: "open", key: { customerId: "globex" } },
      ]);
    },
  );

  test("ALERTS 12: a re-open within the window is the same alert, not acknowledged; a later one is a new alert", async () => {
    const harness = await swept();
    await harness.recordPage([failed]);
    const ack = { personId: "olga", name: "Olga", at: harness.clock.now };
    await harness.change("hq", { kind: "ack", alerts: [1], ack });
    for (const _ of [1, 2]) await harness.quickPoll([healthy]);
    harness.clock.now += 29 * MINUTE;
    await harness.recordPage([failed]);
    const [again, ...others] = await harness.all();
    expect(again).toMatchObject({ id: 1, state: "open", reopenedAt: [harness.clock.now], generation: 3 });
    expect(again?.ack).toBeUndefined();
    expect(others).toEqual([]);
    for (const _ of [1, 2]) await harness.quickPoll([healthy]);
    harness.clock.now += 31 * MINUTE;
    await harness.recordPage([failed]);
    expect(await harness.all()).toMatchObject([{ state: "closed" }, { id: 2, state: "open", reopenedAt: [] }]);
  });

  test("ALERTS 14: a package that two sweeps and a look-up do not find is closed as removed", async () => {
    const harness = await swept();
    const without = customerOf("acme", { suite: "provisioned" });
    await harness.recordPage([failed]);
    expect(await harness.sweep([without, globex])).toMatchObject({ absentTwice: [], itemsAbsentTwice: [] });
    harness.clock.now += MINUTE;
    expect(await harness.sweep([without, globex])).toMatchObject({ itemsAbsentTwice: ["acme"] });
    expect(await harness.all()).toMatchObject([{ state: "open" }]);
    await harness.lookup([without]);
    expect(await harness.all()).toMatchObject([{ state: "closed", reason: "package removed" }]);
    expect(await harness.sweep([without, globex])).toMatchObject({ itemsAbsentTwice: [] });
  });

  test("ALERTS 14: a package that the look-up finds stays open", async () => {
    const harness = await swept();
    const without = customerOf("acme", { suite: "provisioned" });
    await harness.recordPage([failed]);
    for (const _ of [1, 2]) await harness.sweep([without, globex]);
    await harness.lookup([failed]);
    expect(await harness.all()).toMatchObject([{ state: "open", absentSweeps: 0 }]);
  });

  test("ALERTS 14: a package that is gone while its flapping ends is closed as removed", async () => {
    const harness = await swept();
    const without = customerOf("acme", { suite: "provisioned" });
    await reopenThreeTimes(harness);
    for (const _ of [1, 2, 3, 4, 5, 6]) {
      harness.clock.now += 6 * MINUTE;
      await harness.quickPoll([without]);
    }
    expect(await harness.all()).toMatchObject([{ state: "open", absentSweeps: 0 }]);
    expect((await harness.all())[0]?.flapping).toBeUndefined();
    for (const _ of [1, 2]) {
      harness.clock.now += MINUTE;
      await harness.sweep([without, globex]);
    }
    expect(await harness.all()).toMatchObject([{ absentSweeps: 2 }]);
    await harness.lookup([without]);
    expect(await harness.all()).toMatchObject([{ state: "closed", reason: "package removed" }]);
  });

  test("ALERTS 14: the alerts of a removed customer close, and flapping ends", async () => {
    const harness = await swept();
    await reopenThreeTimes(harness);
    await harness.quickPoll([healthy]);
    await harness.quickPoll([healthy]);
    expect(await harness.all()).toMatchObject([{ state: "closed", flapping: {} }]);
    await harness.lookup([], ["acme"]);
    const [gone] = await harness.all();
    expect(gone).toMatchObject({ state: "closed", reason: "customer removed" });
    expect(gone?.flapping).toBeUndefined();
  });

  test("ALERTS 13: readings without a change end flapping", async () => {
    const harness = await swept();
    await reopenThreeTimes(harness);
    expect(await harness.all()).toMatchObject([{ state: "open", flapping: {} }]);
    for (const _ of [1, 2, 3, 4, 5, 6]) {
      harness.clock.now += 6 * MINUTE;
      await harness.sweep([failed, globex]);
    }
    expect((await harness.all())[0]?.flapping).toBeUndefined();
  });

  test("ALERTS 16: an alert that is noticed late has the time away", async () => {
    const harness = await swept();
    await harness.recordPage([failed], { awayMs: 12 * MINUTE });
    expect(await harness.all()).toMatchObject([{ lateMs: 12 * MINUTE, baseline: false }]);
  });

  test("the time between two readings does not matter", async () => {
    const harness = await swept();
    await harness.recordPage([failed]);
    harness.clock.now += 50 * DAY;
    for (const _ of [1, 2]) await harness.sweep([healthy, globex]);
    expect(await harness.all()).toMatchObject([{ state: "closed" }]);
  });
});
