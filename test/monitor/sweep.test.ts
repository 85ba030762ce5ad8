import { expect, test } from "vitest";
import { quickPollOnce } from "../../src/monitor/quick-poll.ts";
import { sweepOnce } from "../../src/monitor/sweep.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { DAY, MINUTE } from "../support/time.ts";
import { customersOf, type ScriptedWorld, startScriptedWorld } from "./scripted-world.ts";

const running = () => ({ scope: "", signal: new AbortController().signal });
const ALL = { filter: [], offset: 0, max: 1_000, now: 0 };

onEveryDatabase((database) => {
  const begin = async (count: number) => {
    const store = await database.open();
    return { store, ...(await startScriptedWorld(store, customersOf(count))) };
  };
  type Begun = Awaited<ReturnType<typeof begin>>;
  const ids = async ({ store }: Begun) =>
    (await store.snapshot.find("", ALL)).records.map(({ customer }) => customer.id).sort();
  const idsOf = ({ world }: Begun) => world.customers.map(({ id }) => id).sort();
  const sweep = async ({ world, deps }: Begun) => {
    world.now += 5 * MINUTE;
    return sweepOnce(deps, running());
  };

  test("ALERTS 4: after a complete sweep the snapshot equals the API", async () => {
    const begun = await begin(250);
    expect(await sweep(begun)).toMatchObject({ state: "complete", customers: 250 });
    expect(begun.calls()).toEqual(["0+100", "100+100", "200+100"]);
    expect(await ids(begun)).toEqual(idsOf(begun));
    expect(await begun.store.snapshot.age("")).toEqual({ completeAt: begun.world.now, listed: 250, customers: 250 });
    const fields = { customers: 250, calls: 3, ms: 0, unreadable: 0 };
    expect(begun.log.lines).toMatchObject([{ event: "sweep.complete", fields }]);
  });

  test("an interrupted sweep is continued, and then decides nothing about absent customers", async () => {
    const begun = await begin(450);
    await sweep(begun);
    begun.calls();
    begun.world.customers = customersOf(440).map((row, at) => (at % 100 === 7 ? { ...row, status: "error" } : row));
    const stopping = new AbortController();
    begun.world.failure = ({ query }) => {
      if (query.get("offset") === "200") stopping.abort(new Error("stopped"));
      return undefined;
    };
    begun.world.now += 5 * MINUTE;
    expect(await sweepOnce(begun.deps, { scope: "", signal: stopping.signal })).toMatchObject({
      state: "interrupted",
    });
    expect(begun.calls()).toEqual(["0+100", "100+100", "200+100"]);
    expect((await begun.store.snapshot.age("")).current).toMatchObject({ state: "running", customers: 200 });
    begun.world.now += MINUTE;
    expect(await sweepOnce(begun.deps, running())).toMatchObject({ state: "complete", customers: 440 });
    expect(begun.calls()).toEqual(["200+100", "300+100", "400+100"]);
    expect(await ids(begun)).toHaveLength(450);
    expect(begun.log.lines.at(-1)?.fields).toMatchObject({ resumed: true, changed: 3 });
  });

  test("ALERTS 7: a 504 halves the page size, which grows again", async () => {
    const begun = await begin(450);
    begun.world.failure = (_, index) => (index === 1 ? { status: 504 } : undefined);
    expect(await sweep(begun)).toMatchObject({ state: "complete", customers: 450 });
    expect(begun.calls()).toEqual(["0+100", "100+100", "100+50", "150+50", "200+50", "250+50", "300+100", "400+100"]);
  });

  test("ALERTS 7: a busy API is waited for, which is not a failure", async () => {
    const begun = await begin(150);
    const busy = { status: 429, headers: { "retry-after": "120" } };
    begun.world.failure = (_, index) => ([1, 2].includes(index) ? busy : undefined);
    expect(await sweep(begun)).toMatchObject({ state: "complete", customers: 150 });
    expect(begun.waits).toEqual([120_000, 120_000]);
  });

  test("ALERTS 7: a malformed page fails the sweep as a whole: what was read stays, and nothing is removed", async () => {
    const begun = await begin(250);
    await sweep(begun);
    begun.world.customers = [{ id: "healthy-0", status: "error" }, ...customersOf(150).slice(1)];
    begun.world.failure = ({ query }) => (query.get("offset") === "0" ? undefined : { body: "<html>" });
    for (let time = 0; time < 3; time += 1) expect(await sweep(begun)).toMatchObject({ state: "failed" });
    expect(await ids(begun)).toHaveLength(250);
    const { current } = await begun.store.snapshot.age("");
    expect(current).toMatchObject({ state: "failed", cause: "wholesale.unexpected", customers: 100 });
    expect((await begun.store.snapshot.get("", "healthy-0"))[0]?.customer.status).toBe("error");
    const fields = { cause: "wholesale.unexpected", customers: 100 };
    expect(begun.log.lines.at(-1)).toMatchObject({ event: "sweep.failed", fields });
  });

  test.each([0, 100])(
    "ALERTS 6: of 250 customers %i are left: the sweep is suspect, and nothing is removed",
    async (left) => {
      const begun = await begin(250);
      await sweep(begun);
      begun.calls();
      begun.world.customers = customersOf(left);
      for (const _ of [1, 2, 3, 4]) expect(await sweep(begun)).toMatchObject({ state: "suspect", customers: left });
      expect(begun.calls().filter((call) => call.startsWith("healthy"))).toHaveLength(4 * 10);
      expect(await begun.store.alerts.visibility("")).toMatchObject({
        outage: { list: { known: 250, present: left } },
      });
      begun.world.customers = customersOf(250);
      expect(await sweep(begun)).toMatchObject({ state: "complete" });
      expect(await ids(begun)).toHaveLength(250);
    },
  );

  test.each([0, 125])(
    "ALERTS 6: a list of %i of 250 customers that all exist is suspect, however often it comes",
    async (left) => {
      const begun = await begin(250);
      await sweep(begun);
      const all = customersOf(250).map((row, at) => (at === 249 ? { ...row, status: "error" } : row));
      begun.world.customers = customersOf(left);
      begun.world.failure = ({ path }) => {
        const row = all.find(({ id }) => path.endsWith(`/${id}`));
        return row && { json: row };
      };
      const swept = [];
      for (let time = 0; time < 30; time += 1) swept.push((await sweep(begun))?.state);
      expect(new Set(swept)).toEqual(new Set(["suspect"]));
      expect(await begun.store.snapshot.age("")).toMatchObject({ customers: 250, current: { state: "suspect" } });
    },
  );

  test("ALERTS 6: BAD in a sample counts", async () => {
    const begun = await begin(4);
    await sweep(begun);
    begun.world.customers = [];
    begun.world.failure = ({ path }) => {
      const [, id] = /(healthy-.*)$/.exec(path) ?? [];
      return id === undefined ? undefined : { json: { id, status: "error" } };
    };
    expect(await sweep(begun)).toMatchObject({ state: "suspect", customers: 0 });
    expect(await begun.store.alerts.active("")).toHaveLength(4);
  });

  test("ALERTS 6: a 403 proves nothing: the empty list of a token without rights is never believed", async () => {
    const begun = await begin(4);
    await sweep(begun);
    begun.world.customers = [];
    begun.world.failure = ({ path }) => (path.includes("healthy") ? { status: 403 } : undefined);
    begun.world.now += 2 * DAY;
    for (const _ of [1, 2, 3, 4]) expect(await sweep(begun)).toMatchObject({ state: "suspect" });
    expect(await ids(begun)).toHaveLength(4);
  });

  test("ALERTS 6: a first list may be empty", async () => {
    expect(await sweep(await begin(0))).toMatchObject({ state: "complete", customers: 0 });
  });

  test("ALERTS 5: a quick poll between the pages does not make a customer absent, nor end the lease of the sweep", async () => {
    const begun = await begin(250);
    await sweep(begun);
    let polled: Promise<void> | undefined;
    begun.world.failure = ({ query }) => {
      if (query.get("offset") !== "100" || polled !== undefined) return undefined;
      begun.world.customers = [...customersOf(250), ...customersOf(1, "error", "new")];
      polled = quickPollOnce(begun.deps, running());
      return undefined;
    };
    begun.world.now += 5 * MINUTE;
    const swept = sweepOnce(begun.deps, running());
    expect(await swept).toMatchObject({ state: "complete" });
    await polled;
    expect(await begun.store.alerts.active("")).toHaveLength(1);
    expect(begun.log.lines.map(({ event }) => event)).toContain("quick_poll.complete");
  });

  test("ALERTS 14: a customer that is absent from two complete sweeps and not found by id is removed", async () => {
    const begun = await begin(250);
    await sweep(begun);
    begun.world.customers = customersOf(248);
    await sweep(begun);
    expect(await ids(begun)).toHaveLength(250);
    begun.calls();
    await sweep(begun);
    expect(begun.calls()).toEqual(["0+100", "100+100", "200+100", "healthy-248", "healthy-249"]);
    expect(await ids(begun)).toEqual(idsOf(begun));
    const [newest] = await begun.store.snapshot.history("", { customerId: "healthy-249", max: 1 });
    expect(newest).toMatchObject({ from: "provisioned" });
    expect(newest?.to).toBeUndefined();
  });

  test("ALERTS 14: a customer that is absent from the list but found by id stays", async () => {
    const begun = await begin(250);
    await sweep(begun);
    const hidden = { id: "healthy-249", status: "error" };
    begun.world.customers = customersOf(247);
    begun.world.failure = ({ path }) => (path.endsWith("healthy-249") ? { json: hidden } : undefined);
    await sweep(begun);
    await sweep(begun);
    expect((await begun.store.snapshot.get("", "healthy-249"))[0]?.customer.status).toBe("error");
  });

  test("when absent customers cannot be looked up, they stay, and the sweep is complete", async () => {
    const begun = await begin(250);
    await sweep(begun);
    begun.world.customers = customersOf(249);
    begun.world.failure = ({ path }) => (path.endsWith("healthy-249") ? { status: 500 } : undefined);
    await sweep(begun);
    expect(await sweep(begun)).toMatchObject({ state: "complete" });
    expect(await ids(begun)).toHaveLength(250);
    expect(begun.log.lines.map(({ event }) => event)).toContain("lookup.failed");
  });

  test("ALERTS 4: a customer that moves while the list is read counts once, as it was read last", async () => {
    const begun = await begin(150);
    begun.world.failure = (_, index) => {
      if (index === 1) begun.world.customers = [...customersOf(1, "error", "new"), ...customersOf(150)];
      return undefined;
    };
    expect(await sweep(begun)).toMatchObject({ state: "complete", customers: 150 });
  });

  test("a list that repeats itself fails the sweep", async () => {
    const begun = await begin(0);
    const link = (host: unknown, at: number) => `<http://${host}/v1/wholesale/customers?offset=${at}>; rel="next"`;
    begun.world.failure = ({ headers }, index) => ({
      json: { items: customersOf(3) },
      headers: { link: link(headers.host, index + 1) },
    });
    expect(await sweep(begun)).toMatchObject({ state: "failed", customers: 3 });
  });

  /** Pages of customers that nobody has seen before, for ever. */
  const everNew: ScriptedWorld["failure"] = ({ headers, query }) => {
    const offset = Number(query.get("offset"));
    const link = `<http://${headers.host}/v1/wholesale/customers?offset=${offset + 100}>; rel="next"`;
    return { json: { items: customersOf(100, "error", `new-${offset}`) }, headers: { link } };
  };

  test("ALERTS 7: a list that goes on with new customers ends, as often as it comes, and the next sane list is believed", async () => {
    const begun = await begin(4);
    await sweep(begun);
    const deps = { ...begun.deps, maxNewCustomers: 250 };
    begun.world.failure = everNew;
    expect(await sweep({ ...begun, deps })).toMatchObject({ state: "failed", customers: 500 });
    begun.world.failure = (call, index) =>
      everNew({ ...call, query: new URLSearchParams({ offset: `${index}` }) }, index);
    expect(await sweep({ ...begun, deps })).toMatchObject({ state: "failed", customers: 500 });
    await quickPollOnce(deps, running());
    expect(await begun.store.snapshot.age("")).toMatchObject({ customers: 4 + 500 + 500 + 200, listed: 4 });
    begun.world.failure = undefined;
    begun.world.customers = customersOf(5);
    expect(await sweep({ ...begun, deps })).toMatchObject({ state: "complete", customers: 5 });
    begun.world.failure = (call) => (call.query.has("max") ? everNew(call, 0) : undefined);
    expect(await sweep({ ...begun, deps })).toMatchObject({ state: "failed" });
    begun.world.failure = undefined;
    for (const _ of [1, 2, 3, 4, 5, 6]) expect(await sweep({ ...begun, deps })).toMatchObject({ state: "complete" });
    expect(await ids(begun)).toHaveLength(5);
  });

  test("of two processes that sweep the same scope at once, one does", async () => {
    const begun = await begin(250);
    const other = await database.open();
    const deps = { ...begun.deps, ...other, holder: "other" };
    const swept = await Promise.all([sweepOnce(begun.deps, running()), sweepOnce(deps, running())]);
    expect(swept.filter((one) => one !== undefined)).toMatchObject([{ state: "complete" }]);
    expect(begun.calls()).toHaveLength(3);
  });

  test("a process that lost the lease stops without an error, and the other one continues", async () => {
    const begun = await begin(450);
    const other = { ...begun.deps, holder: "other" };
    let taken: Promise<unknown> | undefined;
    begun.world.failure = ({ query }) => {
      if (query.get("offset") !== "200" || taken !== undefined) return undefined;
      begun.world.now += MINUTE;
      taken = sweepOnce(other, running());
      return undefined;
    };
    expect(await sweepOnce(begun.deps, running())).toMatchObject({ state: "interrupted" });
    expect(await taken).toMatchObject({ state: "complete", customers: 450 });
    expect(begun.log.lines.map(({ event }) => event)).toEqual(["sweep.complete"]);
  });
});
