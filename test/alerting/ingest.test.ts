import { expect, test } from "vitest";
import { customer, DAY, MINUTE } from "../store/sweep-fixtures.ts";
import { customerOf, problemWithCode } from "../support/alert-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { openEngineHarness } from "./engine-harness.ts";

/** What readings make of alerts. `acme` and its packages; how an alert lives is the domain's business, and tested there. */

const well = customerOf("acme", { calling: "provisioned", suite: "provisioned" });
const ill = customerOf("acme", { calling: "error", suite: "provisioned" }, [problemWithCode(2560)]);
const tried = customerOf("acme", { calling: "updating", suite: "provisioned" });
const globex = customerOf("globex", { calling: "provisioned" });

onEveryDatabase((database) => {
  /** Everything was read once, and all was well. */
  async function seen(customers = [well, globex]) {
    const stage = openEngineHarness(await database.open());
    await stage.sweep(customers);
    stage.clock.now += MINUTE;
    return stage;
  }

  test("ALERTS 9: a page opens what is bad in it, with what it was before and since when it was seen", async () => {
    const stage = await seen();
    await stage.page([ill]);
    const { now } = stage.clock;
    expect(await stage.all()).toMatchObject([
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

  test("ALERTS 9: numbers count up over all scopes, and a page that fails gives none away", async () => {
    const stage = await seen();
    await stage.sweep([globex], { scope: "partner" });
    await stage.page([ill]);
    const broken = customerOf("globex", { calling: "error" });
    const nameless = JSON.parse('{"name":null,"status":"error","problems":[]}');
    await expect(stage.page([broken, customer("bad", { packages: [nameless] })])).rejects.toThrow();
    await stage.page([broken], { scope: "partner" });
    expect((await stage.all("partner")).map(({ id }) => id)).toEqual([2]);
  });

  test("ALERTS 1: the same customer in two scopes is two alerts, and each heals by its own scope's readings", async () => {
    const stage = await seen();
    await stage.sweep([well], { scope: "partner" });
    await stage.page([ill]);
    await stage.page([ill], { scope: "partner" });
    for (const _ of [1, 2]) await stage.sweep([well, globex]);
    expect(await stage.all()).toMatchObject([{ state: "closed" }]);
    expect(await stage.all("partner")).toMatchObject([{ state: "open" }]);
  });

  test("an alert names the organisation as people know it", async () => {
    const stage = await seen([customer("acme")]);
    await stage.store.writer.saveName("org-acme", "Acme GmbH", stage.clock.now);
    await stage.page([customer("acme", { packages: [{ name: "webex_calling", status: "error", problems: [] }] })]);
    expect(await stage.all()).toMatchObject([{ subject: { name: "Acme GmbH" } }]);
  });

  test("ALERTS 5, 10: pages only open; the end of a look tells that it is tried again, and of its failure", async () => {
    const stage = await seen();
    await stage.page([ill]);
    await stage.page([tried]);
    expect(await stage.all()).toMatchObject([{ state: "open", retrying: false, attempt: 1 }]);
    await stage.look([tried]);
    expect(await stage.all()).toMatchObject([{ state: "open", retrying: true, attempt: 2 }]);
    stage.clock.now += MINUTE;
    await stage.look([ill]);
    expect(await stage.all()).toMatchObject([{ state: "open", retrying: false, failures: 1, generation: 2 }]);
  });

  test("ALERTS 11: two readings that see it good close it, and not two pages, nor one reading twice", async () => {
    const stage = await seen();
    await stage.page([ill]);
    await stage.page([well]);
    await stage.page([well]);
    expect(await stage.all()).toMatchObject([{ state: "open" }]);
    await stage.look([well]);
    expect(await stage.all()).toMatchObject([{ state: "healing" }]);
    await stage.sweep([well, globex]);
    expect(await stage.all()).toMatchObject([{ state: "closed", reason: "recovered" }]);
  });

  test("ALERTS 5: a look asks for what is unwell, and for what heals or is tried again", async () => {
    const stage = await seen();
    await stage.look([ill]);
    expect(await stage.store.snapshot.unhealthy("")).toEqual(["acme"]);
    await stage.look([tried]);
    expect(await stage.store.snapshot.unhealthy("")).toEqual(["acme"]);
    await stage.look([well]);
    expect(await stage.store.snapshot.unhealthy("")).toEqual(["acme"]);
    await stage.look([well]);
    expect(await stage.store.snapshot.unhealthy("")).toEqual([]);
  });

  test("ALERTS 5: a look says nothing of whom it did not see", async () => {
    const stage = await seen();
    await stage.page([ill]);
    await stage.page([well]);
    await stage.look([globex]);
    expect(await stage.all()).toMatchObject([{ state: "open" }]);
  });

  test.each([{ state: "failed", cause: "http.500" }, { state: "suspect" }, { resumed: true }] as const)(
    "ALERTS 6, c: a sweep that is %j opens and changes nothing else",
    async (end) => {
      const stage = await seen();
      await stage.page([ill]);
      await stage.sweep([well, customerOf("globex", { calling: "error" })], { end });
      expect(await stage.all()).toMatchObject([
        { state: "open", generation: 1 },
        { state: "open", key: { customerId: "globex" } },
      ]);
    },
  );

  test("ALERTS 12: a re-open within the window is the same alert, nobody's any more; a later one is another", async () => {
    const stage = await seen();
    await stage.page([ill]);
    const ack = { personId: "olga", name: "Olga", at: stage.clock.now };
    await stage.change("hq", { kind: "ack", alerts: [1], ack });
    for (const _ of [1, 2]) await stage.look([well]);
    stage.clock.now += 29 * MINUTE;
    await stage.page([ill]);
    const [again, ...others] = await stage.all();
    expect(again).toMatchObject({ id: 1, state: "open", reopenedAt: [stage.clock.now], generation: 3 });
    expect(again?.ack).toBeUndefined();
    expect(others).toEqual([]);
    for (const _ of [1, 2]) await stage.look([well]);
    stage.clock.now += 31 * MINUTE;
    await stage.page([ill]);
    expect(await stage.all()).toMatchObject([{ state: "closed" }, { id: 2, state: "open", reopenedAt: [] }]);
  });

  test("ALERTS 14: a package that two sweeps and a look-up do not find is removed, and has not recovered", async () => {
    const stage = await seen();
    const without = customerOf("acme", { suite: "provisioned" });
    await stage.page([ill]);
    expect(await stage.sweep([without, globex])).toEqual({ absentTwice: [], itemsAbsentTwice: [] });
    stage.clock.now += MINUTE;
    expect(await stage.sweep([without, globex])).toMatchObject({ itemsAbsentTwice: ["acme"] });
    expect(await stage.all()).toMatchObject([{ state: "open" }]);
    await stage.lookUp([without]);
    expect(await stage.all()).toMatchObject([{ state: "closed", reason: "package removed" }]);
    expect(await stage.sweep([without, globex])).toMatchObject({ itemsAbsentTwice: [] });
  });

  test("ALERTS 14: a package that the look-up finds was never gone", async () => {
    const stage = await seen();
    const without = customerOf("acme", { suite: "provisioned" });
    await stage.page([ill]);
    for (const _ of [1, 2]) await stage.sweep([without, globex]);
    await stage.lookUp([ill]);
    expect(await stage.all()).toMatchObject([{ state: "open", absentSweeps: 0 }]);
  });

  test("ALERTS 14: the alerts of a customer that is removed end with it, and what flapped flaps no more", async () => {
    const stage = await seen();
    for (const _ of [1, 2, 3]) {
      await stage.page([ill]);
      await stage.look([well]);
      await stage.look([well]);
    }
    await stage.page([ill]);
    await stage.look([well]);
    await stage.look([well]);
    expect(await stage.all()).toMatchObject([{ state: "closed", flapping: {} }]);
    await stage.lookUp([], ["acme"]);
    const [gone] = await stage.all();
    expect(gone).toMatchObject({ state: "closed", reason: "customer removed" });
    expect(gone?.flapping).toBeUndefined();
  });

  test("ALERTS 13: flapping ends by readings that find nothing new", async () => {
    const stage = await seen();
    for (const _ of [1, 2, 3]) {
      await stage.page([ill]);
      await stage.look([well]);
      await stage.look([well]);
    }
    await stage.page([ill]);
    expect(await stage.all()).toMatchObject([{ state: "open", flapping: {} }]);
    for (const _ of [1, 2, 3, 4, 5, 6]) {
      stage.clock.now += 6 * MINUTE;
      await stage.sweep([ill, globex]);
    }
    expect((await stage.all())[0]?.flapping).toBeUndefined();
  });

  test("ALERTS 16: what is found after a time away says how long it was", async () => {
    const stage = await seen();
    await stage.page([ill], { awayMs: 12 * MINUTE });
    expect(await stage.all()).toMatchObject([{ lateMs: 12 * MINUTE, baseline: false }]);
  });

  test("a reading long after is as good as one soon after", async () => {
    const stage = await seen();
    await stage.page([ill]);
    stage.clock.now += 50 * DAY;
    for (const _ of [1, 2]) await stage.sweep([well, globex]);
    expect(await stage.all()).toMatchObject([{ state: "closed" }]);
  });
});
