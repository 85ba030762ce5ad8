import fc from "fast-check";
import { expect, test } from "vitest";
import { propertyRuns } from "../support/property-runs.ts";
import { type ApiCustomer, type ApiOptions, connectClient, rows, scriptedApi } from "./scripted-api.ts";

const UNHEALTHY = ["error", "provisioned_with_errors"];
const MIXED: readonly ApiCustomer[] = [
  ...rows(2, "error"),
  ...rows(2, "provisioned_with_errors"),
  ...rows(3, "provisioned"),
  { id: "late", status: "error" },
];

const statusesOf = (requests: readonly { readonly query: URLSearchParams }[]) =>
  requests.map(({ query }) => query.getAll("status"));

test("a repeated key that proves to work is used from then on", async () => {
  const { list, requests } = await connectClient(scriptedApi(MIXED, { multipleStatuses: "any" }));
  const page = await list({ statuses: UNHEALTHY });
  expect(page.customers).toHaveLength(5);
  await list({ statuses: UNHEALTHY, offset: 2 });
  expect(statusesOf(requests)).toEqual([UNHEALTHY, [], UNHEALTHY]);
});

test.each(["last", "ignored", "rejected"] as const)(
  "where a repeated key is %s, each status is asked for by itself from then on",
  async (multipleStatuses) => {
    const { list, requests } = await connectClient(scriptedApi(MIXED, { multipleStatuses }));
    const page = await list({ statuses: UNHEALTHY });
    expect(page.customers.map(({ id }) => id)).toEqual([
      "error-0",
      "error-1",
      "late",
      "provisioned_with_errors-0",
      "provisioned_with_errors-1",
    ]);
    await list({ statuses: UNHEALTHY });
    expect(statusesOf(requests).filter((one) => one.length > 1)).toEqual([UNHEALTHY]);
  },
);

test("rows of a single status prove nothing", async () => {
  const { list, requests } = await connectClient(scriptedApi(rows(3, "error"), { multipleStatuses: "any" }));
  expect((await list({ statuses: UNHEALTHY })).customers).toHaveLength(3);
  expect(statusesOf(requests)).toEqual([UNHEALTHY, ["error"], ["provisioned_with_errors"]]);
});

test("rows that would have come anyway prove nothing", async () => {
  const all = [...rows(1, "error"), ...rows(3, "updating"), ...rows(1, "deleting")];
  const { list } = await connectClient(scriptedApi(all, { multipleStatuses: "ignored" }));
  const ask = async (offset: number) => (await list({ statuses: ["updating", "error"], offset, max: 3 })).customers;
  const pages = [...(await ask(0)), ...(await ask(3))];
  expect(pages.map(({ id }) => id)).toEqual(["updating-0", "updating-1", "updating-2", "error-0"]);
});

test("after a busy answer the trial is repeated with the next query", async () => {
  let busy = true;
  const answer = scriptedApi(MIXED);
  const { list, requests } = await connectClient((one) =>
    busy ? { status: 429, headers: { "retry-after": "3600" } } : answer(one),
  );
  await expect(list({ statuses: UNHEALTHY })).rejects.toMatchObject({ code: "wholesale.busy" });
  busy = false;
  await list({ statuses: UNHEALTHY });
  expect(statusesOf(requests)).toEqual([UNHEALTHY, UNHEALTHY, []]);
});

test("an encoding that stops working is given up", async () => {
  let multipleStatuses: "any" | "ignored" = "any";
  const { list, log } = await connectClient((one) => scriptedApi(MIXED, { multipleStatuses })(one));
  await list({ statuses: UNHEALTHY });
  multipleStatuses = "ignored";
  expect((await list({ statuses: UNHEALTHY })).customers).toHaveLength(5);
  expect(log.lines.map(({ event }) => event)).toContain("wholesale.filter_ignored");
});

test("simultaneous queries wait for the one trial", async () => {
  const { list, requests } = await connectClient(scriptedApi(MIXED, { multipleStatuses: "rejected" }));
  await Promise.all([list({ statuses: UNHEALTHY }), list({ statuses: UNHEALTHY, offset: 2 })]);
  expect(statusesOf(requests).filter((one) => one.length > 1)).toHaveLength(1);
});

test("the other filters are kept here too, when the API ignores them beside several statuses", async () => {
  const named = MIXED.map((row, index) => ({ ...row, externalId: index === 0 ? "mine" : "theirs" }));
  const { list, log } = await connectClient(scriptedApi(named));
  const page = await list({ statuses: UNHEALTHY, externalId: "mine" });
  expect(page.customers.map(({ id }) => id)).toEqual(["error-0"]);
  expect(log.lines.map(({ event }) => event)).toContain("wholesale.filter_ignored");
});

test("a status named twice is one", async () => {
  const { list, requests } = await connectClient(scriptedApi(MIXED));
  await list({ statuses: ["error", "error"] });
  expect(statusesOf(requests)).toEqual([["error"]]);
});

test.each([
  [1, true],
  [0, false],
])("behind a list that just filled the page, %i more in a later one means a next page: %s", async (count, hasMore) => {
  const all = [...rows(10, "error"), ...rows(count, "deleting")];
  const { list } = await connectClient(scriptedApi(all, { multipleStatuses: "rejected", links: true }));
  const page = await list({ statuses: ["error", "updating", "deleting"], max: 10 });
  expect(page.customers).toHaveLength(10);
  expect(page.hasMore).toBe(hasMore);
});

test("a page far behind the end of a list is found with few calls", async () => {
  const { list, requests } = await connectClient(
    scriptedApi([...rows(137, "error"), ...rows(1_000, "updating")], { multipleStatuses: "rejected" }),
  );
  const page = await list({ statuses: ["error", "updating"], offset: 900, max: 3 });
  expect(page.customers.map(({ id }) => id)).toEqual(["updating-763", "updating-764", "updating-765"]);
  expect(requests.length).toBeLessThan(16);
  const before = requests.length;
  await list({ statuses: ["error", "updating"], offset: 903, max: 3 });
  expect(requests.slice(before).map(({ query }) => query.get("offset"))).toEqual(["766"]);
});

const NAMES = ["error", "updating", "deleting"];

const world = fc.record({
  counts: fc.tuple(fc.nat(7), fc.nat(7), fc.nat(7)),
  asked: fc.shuffledSubarray(NAMES, { minLength: 2 }),
  max: fc.integer({ min: 1, max: 6 }),
  several: fc.constantFrom("any", "last", "ignored", "rejected"),
  links: fc.boolean(),
  most: fc.constantFrom(2, 1_000),
  bears: fc.constantFrom(2, 1_000),
});

test("page by page, every customer asked for comes exactly once, whatever the API makes of it", async () => {
  await fc.assert(
    fc.asyncProperty(world, async ({ counts, asked, max, ...how }) => {
      const all = NAMES.flatMap((name, index) => rows(counts[index] ?? 0, name));
      const wanted = all.filter(({ status }) => asked.includes(status)).map(({ id }) => id);
      // A server that cuts pages short and gives no link cannot be told from one that has come to its end.
      const options: ApiOptions = how.links ? how : { ...how, maxPageSize: 1_000 };
      const { list, loopback } = await connectClient(scriptedApi(all, options));
      const seen: string[] = [];
      let hasMore = true;
      for (let offset = 0; hasMore; offset += max) {
        const page = await list({ statuses: asked, offset, max });
        seen.push(...page.customers.map(({ id }) => id));
        hasMore = page.hasMore;
      }
      await loopback.stop();
      expect(seen.toSorted()).toEqual(wanted.toSorted());
    }),
    propertyRuns(40),
  );
});

test("pages in any order are the same pages", async () => {
  const all = [...rows(7, "error"), ...rows(5, "updating"), ...rows(9, "deleting")];
  const offsets = [0, 4, 8, 12, 16, 20];
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(offsets, { minLength: 6 }), fc.boolean(), async (order, links) => {
      const { list, loopback } = await connectClient(scriptedApi(all, { multipleStatuses: "rejected", links }));
      const pages = new Map<number, readonly string[]>();
      for (const offset of order) {
        const { customers } = await list({ statuses: ["error", "updating", "deleting"], offset, max: 4 });
        pages.set(
          offset,
          customers.map(({ id }) => id),
        );
      }
      await loopback.stop();
      expect(offsets.flatMap((offset) => pages.get(offset) ?? [])).toEqual(all.map(({ id }) => id));
    }),
    propertyRuns(20),
  );
});
