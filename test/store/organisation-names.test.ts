import { expect, test } from "vitest";
import { onEveryDatabase } from "../support/databases.ts";
import { acquireFence, customer, NOON, recordPage, runSweep } from "./sweep-fixtures.ts";

const everyone = { filter: [], offset: 0, max: 100, now: NOON } as const;
const [acme, globex] = [customer("acme"), customer("globex", { orgId: "org-acme" })];

onEveryDatabase((database) => {
  test("a name is given to the customers of its organisation, those to come included, and changes nothing", async () => {
    const store = await database.open();
    const fence = await acquireFence(store);
    await runSweep(store, fence, { customers: [acme] });
    await store.writer.saveName("org-acme", "Zorn & Söhne", NOON + 1);
    await recordPage(store, fence, [acme, globex], NOON + 2);
    const { records } = await store.snapshot.find("", everyone);
    expect(records.map((record) => record.customer)).toEqual([
      { ...acme, name: "Zorn & Söhne" },
      { ...globex, name: "Zorn & Söhne" },
    ]);
    expect(records[0]).toMatchObject({ changedAt: NOON });
    expect(await store.snapshot.history("", { customerId: "acme", max: 9 })).toEqual([]);
  });

  test("a customer is found and sorted by its name, in every scope", async () => {
    const store = await database.open();
    for (const scope of ["", "partner"]) {
      const fence = await acquireFence(store, { scope });
      await recordPage(store, fence, [acme, customer("globex")]);
    }
    await store.writer.saveName("org-acme", "Zorn", NOON);
    for (const scope of ["", "partner"]) {
      for (const [field, prefix] of [
        ["name", true],
        ["text", false],
      ] as const) {
        const filter = [{ field, negated: false, values: [{ text: "ZOR", prefix }] }];
        const found = await store.snapshot.find(scope, { ...everyone, filter });
        expect(found).toMatchObject({ total: 1, records: [{ customer: { id: "acme" } }] });
      }
      const { records } = await store.snapshot.find(scope, everyone);
      expect(records.map((record) => record.customer.id)).toEqual(["globex", "acme"]);
    }
  });

  test("a name that is gone is gone", async () => {
    const store = await database.open();
    const fence = await acquireFence(store);
    await store.writer.saveName("org-acme", "Zorn", NOON);
    await recordPage(store, fence, [acme]);
    await store.writer.saveName("org-acme", undefined, NOON + 1);
    expect(await store.snapshot.get("", "acme")).toMatchObject([{ customer: acme }]);
    expect((await store.snapshot.get("", "acme"))[0]?.customer.name).toBeUndefined();
  });

  test("a name is due when it was not read lately, and where there is an organisation", async () => {
    const store = await database.open();
    const { orgId: _orgId, ...homeless } = customer("homeless");
    const customers = [acme, globex, customer("initech"), homeless];
    await recordPage(store, await acquireFence(store), customers);
    expect([...(await store.snapshot.namesDue("", NOON, 10))].sort()).toEqual(["org-acme", "org-initech"]);
    expect(await store.snapshot.namesDue("", NOON, 1)).toHaveLength(1);
    await store.writer.saveName("org-acme", undefined, NOON);
    expect(await store.snapshot.namesDue("", NOON, 10)).toEqual(["org-initech"]);
    expect([...(await store.snapshot.namesDue("", NOON + 1, 10))].sort()).toEqual(["org-acme", "org-initech"]);
    expect(await store.snapshot.namesDue("partner", NOON + 1, 10)).toEqual([]);
  });

  test("a customer is got by its id, else by its external id, else by its organisation", async () => {
    const store = await database.open();
    const confusing = customer("x", { externalId: "acme", orgId: "ext-acme" });
    await recordPage(store, await acquireFence(store), [acme, globex, confusing]);
    const idsOf = async (anyId: string) => (await store.snapshot.get("", anyId)).map((record) => record.customer.id);
    expect(await idsOf("acme")).toEqual(["acme"]);
    expect(await idsOf("ext-acme")).toEqual(["acme"]);
    expect(await idsOf("org-acme")).toEqual(["acme", "globex"]);
    expect(await idsOf("ORG-ACME")).toEqual([]);
    expect(await idsOf("")).toEqual([]);
  });
});
