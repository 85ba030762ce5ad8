import assert from "node:assert/strict";
import { EXAMPLE_CUSTOMER } from "../../../src/sandbox/world/wire-customer.ts";
import { until } from "../../support/until.ts";
import type { Arena } from "../arena.ts";
import { type Area, type Attack, forEach } from "../attack.ts";
import { assertAnswers } from "../judge.ts";
import { json, matches, type ProxiedAnswer, type ProxiedCall } from "../proxy.ts";

const row = (at: number, change: object = {}) => ({
  ...EXAMPLE_CUSTOMER,
  id: `row-${at}`,
  externalId: `row-${at}`,
  ...change,
});
const rows = (count: number, change: object = {}, from = 0) =>
  Array.from({ length: count }, (_, at) => row(from + at, change));
const errors = (count: number, description = "It failed.") =>
  Array.from({ length: count }, (_, at) => ({ errorCode: at, description }));
const named = (count: number, errorsOfEach = 1, description = "It failed.") =>
  Array.from({ length: count }, (_, at) => ({
    name: `package ${at}`,
    status: "error",
    errors: errors(errorsOfEach, description),
  }));
const next = (offset: unknown, base: string) => ({
  link: `<${base}/v1/wholesale/customers?offset=${offset}>; rel="next"`,
});

type Page = (call: ProxiedCall, base: string) => ProxiedAnswer;
const offsetOf = ({ query }: ProxiedCall) => Number(query.get("offset") ?? 0);

const PAGES: Readonly<Record<string, Page>> = {
  "the same page for ever": (_, base) => json({ items: rows(100) }, 200, next(100, base)),
  "two pages in turn": (call, base) =>
    json({ items: rows(10, {}, (offsetOf(call) / 10) % 2) }, 200, next(offsetOf(call) + 10, base)),
  "three pages in turn": (call, base) =>
    json({ items: rows(10, {}, (offsetOf(call) % 30) * 10) }, 200, next(offsetOf(call) + 10, base)),
  "empty pages for ever": (call, base) => json({ items: [] }, 200, next(offsetOf(call) + 100, base)),
  "an offset that stays": (call, base) => json({ items: rows(100) }, 200, next(offsetOf(call), base)),
  "an offset that goes back": (call, base) => json({ items: rows(100) }, 200, next(offsetOf(call) - 100, base)),
  "an offset beyond all numbers": (_, base) => json({ items: rows(100) }, 200, next("9".repeat(100), base)),
  "an offset that is no number": (_, base) => json({ items: rows(100) }, 200, next("NaN", base)),
  "unreadable rows for ever": (call, base) =>
    json({ items: Array(100).fill({ id: 1 }) }, 200, next(offsetOf(call) + 100, base)),
  "a customer with 10,000 packages": () => json({ items: [row(0, { resourceDetails: { packages: named(10_000) } })] }),
  "a customer with 10,000 add-ons": () => json({ items: [row(0, { resourceDetails: { addOns: named(10_000) } })] }),
  "a package with 10,000 errors": () => json({ items: [row(0, { resourceDetails: { packages: named(1, 10_000) } })] }),
  "a customer with 10,000 errors": () => json({ items: [row(0, { errors: errors(10_000) })] }),
  "a customer with as much as is read": () =>
    json({ items: [row(0, { resourceDetails: { packages: named(200, 20, "x".repeat(500)) } })] }),
  "an error of a megabyte": () => json({ items: [row(0, { errors: errors(1, "x".repeat(1_000_000)) })] }),
  "a status of a megabyte": () => json({ items: [row(0, { status: "x".repeat(1_000_000) })] }),
  "a city of a megabyte": () => json({ items: [row(0, { address: { city: "x".repeat(1_000_000) } })] }),
  "a package whose name is a megabyte": () => json({ items: [row(0, { packages: ["x".repeat(1_000_000)] })] }),
  null: () => json(null),
  "no items": () => json({}),
  "items that are an object": () => json({ items: { 0: row(0) } }),
  "items that are null": () => json({ items: [null, null, 1, "x", []] }),
  "a row without an id": () => json({ items: [row(0, { id: undefined })] }),
  "a row whose id is __proto__": () => json({ items: [row(0, { id: "__proto__", externalId: "constructor" })] }),
  "a row whose id is empty": () => json({ items: [row(0, { id: "" })] }),
  "a row whose id is a megabyte": () => json({ items: [row(0, { id: "x".repeat(1_000_000) })] }),
  "a code beyond all numbers": () =>
    json({
      items: [row(0, { errors: [{ errorCode: 1e308, description: "x" }, { errorCode: -1 }, { errorCode: 1.5 }] })],
    }),
  "a status that is an object": () => json({ items: [row(0, { status: { toString: 1 } })] }),
  "dates as packages": () => json({ items: [row(0, { packages: [Date.now(), true, null, { name: {} }] })] }),
  "5,000 rows where 100 were asked for": () => json({ items: rows(5_000) }),
  "the same id a hundred times": () => json({ items: Array(100).fill(row(1)) }),
  "a body of 30 MB": () => ({ status: 200, body: `{"items":[${" ".repeat(30_000_000)}]}` }),
  "JSON nested 100,000 times": () => ({ status: 200, body: `{"items":${"[".repeat(100_000)}${"]".repeat(100_000)}}` }),
  "a body with two keys of one name": () => ({
    status: 200,
    body: `{"items":[],"items":[${JSON.stringify(row(0))}],"__proto__":{"items":[]}}`,
  }),
  "a body that claims to be compressed": () => ({
    status: 200,
    headers: { "content-encoding": "gzip" },
    body: '{"items":[]}',
  }),
  "halves of characters": () => ({
    status: 200,
    body: `{"items":[${JSON.stringify(row(0)).replace("Milpitas", "\\ud800")}]}`,
  }),
};

const everNew: Page = (call, base) =>
  json({ items: rows(100, {}, offsetOf(call)) }, 200, next(offsetOf(call) + 100, base));

/**
 * Questions are answered while such a list is read, and the next sane one is believed. It would end after 200,000 customers, which
 * takes minutes: test/monitor/sweep.test.ts shows the end.
 */
async function readEverNewCustomers(arena: Arena): Promise<void> {
  arena.proxy.intercept((call) =>
    matches(call, "GET", "/wholesale/customers") ? everNew(call, arena.proxy.url) : undefined,
  );
  for (let time = 0; time < 20; time += 1) {
    await assertAnswers(arena);
    await arena.advanceClock("1s");
  }
  arena.proxy.clear();
  const complete = arena.logged("sweep.complete").length;
  await until(async () => {
    await arena.advanceClock("1s");
    assert.ok(arena.logged("sweep.complete").length > complete, "No sweep was believed.");
  });
}

/** Quick polls ask for a status. */
const isOfSweep = ({ path, query }: ProxiedCall) => path === "/wholesale/customers" && !query.has("status");

/** A list of a few pages is read in fewer calls than this. */
const MOST_CALLS = 150;

async function attacksOf(arena: Arena): Promise<readonly Attack[]> {
  // A first list is believed, whatever it has.
  await arena.waitForSweeps();
  return [
    ...forEach(PAGES, async (page) => {
      const from = arena.proxy.calls.length;
      const before = await arena.endedSweeps();
      arena.proxy.intercept((call) =>
        matches(call, "GET", "/wholesale/customers") ? page(call, arena.proxy.url) : undefined,
      );
      for (const question of ["customers fresh=yes", "customer row-0"]) {
        const { text = "" } = await arena.person("viewer").ask(question);
        assert.doesNotMatch(text, /Something went wrong/, text);
      }
      assert.deepEqual(arena.logged("card.invalid"), [], "A card is too large.");
      await until(async () => {
        if ((await arena.endedSweeps()) >= before + 2) return;
        await arena.advanceClock("10s");
        throw new Error("The sweep has no end.");
      });
      const calls = arena.proxy.calls.slice(from).filter(isOfSweep).length;
      const sweeps = (await arena.endedSweeps()) - before;
      assert.ok(calls / sweeps <= MOST_CALLS, `${calls} calls for ${sweeps} sweeps`);
      arena.proxy.clear();
      await assertAnswers(arena);
      assert.equal(
        (await arena.person("viewer").fromBot(arena.groupRoom)).filter(({ text: said = "" }) => /removed/i.test(said))
          .length,
        0,
      );
    }),
    // The last one, because it leaves many customers behind.
    { name: "ever new customers", run: readEverNewCustomers },
  ];
}

export const lists: Area = {
  name: "hostile lists",
  judged: "the sweep ends after a bounded number of calls, nobody is taken for removed, and questions are answered",
  attacks: attacksOf,
};
