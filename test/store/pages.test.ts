import Libsql from "libsql";
import { Client } from "pg";
import { expect, test } from "vitest";
import type { Store } from "../../src/domain/ports/store.ts";
import { type DatabaseLocation, onEveryDatabase, onFile, onPostgres } from "../support/databases.ts";
import { received } from "../support/received.ts";
import { MINUTE } from "../support/time.ts";
import { acquireFence, broken, customer, NOON, PAGE_READING, recordPage, runSweep } from "./sweep-fixtures.ts";

const everyone = { filter: [], offset: 0, max: 100, now: NOON } as const;
const acme = customer("acme");

const recordsOf = async ({ snapshot }: Store) => (await snapshot.find("", everyone)).records;

onEveryDatabase((database) => {
  test("a customer is kept as it came, with since when each of its items is as it is", async () => {
    const store = await database.open();
    await recordPage(store, await acquireFence(store), [acme]);
    expect(await recordsOf(store)).toEqual([
      { customer: acme, firstSeenAt: NOON, changedAt: NOON, since: { "*": NOON, webex_calling: NOON } },
    ]);
  });

  test("a change is kept, with its time, and returned as a step of the history", async () => {
    const store = await database.open();
    const fence = await acquireFence(store);
    await recordPage(store, fence, [acme]);
    const later = NOON + MINUTE;
    const steps = await recordPage(store, fence, [broken("acme")], later);
    const step = { customerId: "acme", title: "ext-acme", at: later, from: "provisioned" };
    expect(steps).toEqual([
      { ...step, item: "*", to: "provisioned_with_errors", codes: [] },
      { ...step, item: "webex_calling", to: "error", codes: [2560] },
    ]);
    // The customer changed because its package did: that is one event.
    expect(await store.snapshot.history("", { max: 10 })).toEqual(steps.slice(1));
    expect(await recordsOf(store)).toMatchObject([
      { firstSeenAt: NOON, changedAt: later, since: { "*": later, webex_calling: later } },
    ]);
  });

  test("packages that come and go are steps, and a step keeps its item's time", async () => {
    const store = await database.open();
    const fence = await acquireFence(store);
    await recordPage(store, fence, [acme]);
    const suite = { name: "webex_suite", status: "provisioning", problems: [] };
    const moved = customer("acme", { packages: [suite] });
    const steps = await recordPage(store, fence, [moved], NOON + 1);
    expect(steps).toMatchObject([
      { item: "webex_suite", to: "provisioning" },
      { item: "webex_calling", from: "provisioned" },
    ]);
    const [record] = await recordsOf(store);
    expect(record?.since).toEqual({ "*": NOON, webex_suite: NOON + 1 });
  });

  test("who is new before the first complete sweep is no news, and who is new after it is", async () => {
    const store = await database.open();
    const fence = await acquireFence(store);
    await runSweep(store, fence, { customers: [acme] });
    expect(await store.snapshot.history("", { max: 10 })).toEqual([]);
    const steps = await recordPage(store, fence, [broken("globex")], NOON + 1);
    expect(steps.map(({ item, from, to }) => ({ item, from, to }))).toEqual([
      { item: "*", from: undefined, to: "provisioned_with_errors" },
      { item: "webex_calling", from: undefined, to: "error" },
    ]);
  });

  test("of a customer that a page holds twice, the last one counts", async () => {
    const store = await database.open();
    await recordPage(store, await acquireFence(store), [acme, broken("acme")]);
    expect(await recordsOf(store)).toMatchObject([{ customer: { status: "provisioned_with_errors" } }]);
  });

  test("a page that fails leaves nothing of itself behind", async () => {
    const store = await database.open();
    const fence = await acquireFence(store);
    await runSweep(store, fence, { customers: [acme] });
    const before = await recordsOf(store);
    const nameless = JSON.parse('{"name":null,"status":"error","problems":[]}');
    const page = [broken("acme"), customer("bad", { packages: [nameless] })];
    await expect(recordPage(store, fence, page, NOON + 1)).rejects.toThrow();
    expect(await recordsOf(store)).toEqual(before);
    expect(await store.snapshot.history("", { max: 10 })).toEqual([]);
    expect((await store.snapshot.summary("", [], NOON)).byCode).toEqual([]);
  });

  test("the same customer in two scopes is two records", async () => {
    const store = await database.open();
    await recordPage(store, await acquireFence(store), [acme]);
    const partner = await acquireFence(store, { scope: "partner" });
    await recordPage(store, partner, [broken("acme")]);
    expect(await recordsOf(store)).toMatchObject([{ customer: { status: "provisioned" } }]);
    expect(await store.snapshot.unhealthy("")).toEqual([]);
    expect(await store.snapshot.unhealthy("partner")).toEqual(["acme"]);
  });

  test("a quick poll and a sweep that see the same change keep it once", async () => {
    const store = await database.open();
    const fence = await acquireFence(store);
    await recordPage(store, fence, [acme]);
    await Promise.all([1, 2, 3, 4].map(() => recordPage(store, fence, [broken("acme")], NOON + 1)));
    expect(await store.snapshot.history("", { max: 10 })).toMatchObject([{ item: "webex_calling" }]);
  });

  test("customers that are gone leave their last steps", async () => {
    const store = await database.open();
    const fence = await acquireFence(store);
    await runSweep(store, fence, { customers: [broken("acme"), customer("globex")] });
    const steps = await store.writer.remove(["acme", "nobody"], NOON + 1, fence);
    const step = { customerId: "acme", title: "ext-acme", at: NOON + 1, codes: [] };
    expect(steps).toEqual([
      { ...step, item: "*", from: "provisioned_with_errors" },
      { ...step, item: "webex_calling", from: "error" },
    ]);
    // A customer that is gone has no packages any more: that is one event as well.
    expect(await store.snapshot.history("", { max: 10, customerId: "acme" })).toEqual(steps.slice(0, 1));
    expect(await recordsOf(store)).toMatchObject([{ customer: { id: "globex" } }]);
    expect((await store.snapshot.summary("", [], NOON)).byCode).toEqual([]);
  });
});

/** Reads a page, then the same page again in other words, and says whether the database is the same after it as before. */
async function isUntouchedByRepetition(store: Store, stateOf: () => Promise<unknown>): Promise<boolean> {
  const fence = await acquireFence(store);
  const { sweep } = await store.writer.beginSweep(fence, NOON);
  const problems = [{ level: "error", text: "b" } as const, { level: "warning", text: "a" } as const];
  const said = customer("globex", { problems, addOns: [{ name: "x", status: "error", problems: [] }] });
  await store.writer.recordPage({ reading: PAGE_READING, customers: received([acme, said]), at: NOON, sweep }, fence);
  const before = await stateOf();
  const otherWords = { ...said, problems: [...problems].reverse() };
  const counted = { ...sweep, customers: 4, calls: 2 };
  const page = { reading: PAGE_READING, customers: received([otherWords, acme]), at: NOON + 1, sweep: counted };
  expect(await store.writer.recordPage(page, fence)).toEqual({ transitions: [], added: 0 });
  const after = await stateOf();
  expect(before).toBeDefined();
  return JSON.stringify(before) === JSON.stringify(after);
}

onFile((database) => {
  test("a page that says nothing new writes nothing", async () => {
    const store = await database.open();
    const reader = new Libsql(`${database.location().dataDir}/bot.db`);
    // Changes with every commit of another connection that wrote something.
    const stateOf = async () => reader.prepare("pragma data_version").raw().get();
    expect(await isUntouchedByRepetition(store, stateOf)).toBe(true);
    reader.close();
  });
});

onPostgres((database) => {
  test("a page that says nothing new writes nothing", async () => {
    const store = await database.open();
    expect(await isUntouchedByRepetition(store, () => versionsOf(database.location()))).toBe(true);
  });
});

/** Which transaction wrote each row last. */
async function versionsOf({ databaseUrl }: DatabaseLocation): Promise<unknown> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const tables = ["customers", "customer_data", "items", "codes", "transitions", "sweeps", "leases"];
  const versions = [];
  for (const table of tables) versions.push((await client.query(`select xmin, ctid from ${table}`)).rows);
  await client.end();
  return versions;
}
