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
    await store.writer.saveNames([{ orgId: "org-acme", name: "Zorn & Söhne" }], NOON + 1);
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
    await store.writer.saveNames([{ orgId: "org-acme", name: "Zorn" }], NOON);
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
    await store.writer.saveNames([{ orgId: "org-acme", name: "Zorn" }], NOON);
    await recordPage(store, fence, [acme]);
    await store.writer.saveNames([{ orgId: "org-acme", name: undefined }], NOON + 1);
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
    await store.writer.saveNames([{ orgId: "org-acme", name: undefined }], NOON);
    expect(await store.snapshot.namesDue("", NOON, 10)).toEqual(["org-initech"]);
    expect([...(await store.snapshot.namesDue("", NOON + 1, 10))].sort()).toEqual(["org-acme", "org-initech"]);
    expect(await store.snapshot.namesDue("partner", NOON + 1, 10)).toEqual([]);
  });

  test("the names of unhealthy customers are due first", async () => {
    const store = await database.open();
    const ill = customer("zeta", { status: "error" });
    await recordPage(store, await acquireFence(store), [acme, customer("initech"), ill]);
    expect(await store.snapshot.namesDue("", NOON, 1)).toEqual(["org-zeta"]);
    expect(await store.snapshot.namesDue("", NOON, 3)).toHaveLength(3);
    await store.writer.saveNames([{ orgId: "org-zeta", name: "Zeta" }], NOON);
    expect([...(await store.snapshot.namesDue("", NOON, 3))].sort()).toEqual(["org-acme", "org-initech"]);
  });

  test("many names are saved at once, of known customers and of others, the last of each", async () => {
    const store = await database.open();
    const fence = await acquireFence(store);
    await recordPage(store, fence, [acme, customer("initech")]);
    const others = Array.from({ length: 250 }, (_, at) => ({ orgId: `org-other-${at}`, name: `Other ${at}` }));
    const names = [{ orgId: "org-acme", name: "Old" }, ...others, { orgId: "org-acme", name: 'Zürn \\ "Söhne"' }];
    await store.writer.saveNames(names, NOON);
    await recordPage(store, fence, [customer("other-249")], NOON + 1);
    const { records } = await store.snapshot.find("", everyone);
    expect(records.map((record) => record.customer.name)).toEqual([undefined, "Other 249", 'Zürn \\ "Söhne"']);
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
