import { expect, test } from "vitest";
import type { CrawlPage, WholesaleCrawler } from "../../src/domain/ports/wholesale.ts";
import { batchesOf, pagesOf } from "../../src/monitor/pages.ts";
import { bareCustomer } from "../support/customer.ts";
import { received } from "../support/received.ts";

type Answer = (call: number, offset: number) => Partial<CrawlPage> & { readonly ids?: readonly string[] };

/** Reads the list to its end; the API answers the n-th call like this, and says that there is more. */
async function readAll(answer: Answer): Promise<{ readonly pages: number; readonly customers: number }> {
  let calls = 0;
  const page: WholesaleCrawler["page"] = async (_scope, { offset, max }) => {
    const { ids = [], ...rest } = answer(calls, offset);
    calls += 1;
    const customers = received(ids.map((id) => bareCustomer({ id })));
    return { customers, unreadable: 0, hasMore: true, nextOffset: offset + max, max, calls: 1, ...rest };
  };
  const crawl = { page } as WholesaleCrawler;
  const found = new Set<string>();
  const signal = new AbortController().signal;
  for await (const { customers } of pagesOf({ crawl, scope: "", signal }, { offset: 0 })) {
    for (const { id } of customers) found.add(id);
  }
  return { pages: calls, customers: found.size };
}

const ENDLESS: readonly (readonly [string, Answer, number])[] = [
  ["repeats one page", () => ({ ids: ["a"] }), 10],
  ["alternates two pages", (call) => ({ ids: [`${call % 2}`] }), 10],
  ["goes round three pages", (call) => ({ ids: [`${call % 3}`, `${(call + 1) % 3}`] }), 10],
  ["is empty for ever", () => ({}), 10],
  ["stays where it is", (call, offset) => ({ ids: [`${call}`], nextOffset: offset }), 2],
  ["leads back", (call) => ({ ids: [`${call}`], nextOffset: 0 }), 2],
  ["stays at an empty page", (_, offset) => ({ nextOffset: offset }), 2],
  ["has rows for ever that nobody can read", () => ({ unreadable: 1 }), 110],
];

test.each(ENDLESS)("ALERTS 7: a list that %s ends with a failure", async (_, answer, most) => {
  let calls = 0;
  const counted: Answer = (...call) => {
    calls += 1;
    return answer(...call);
  };
  await expect(readAll(counted)).rejects.toMatchObject({
    code: "wholesale.unexpected",
    message: "The list of customers goes on, but brings nothing new.",
  });
  expect(calls).toBeLessThan(most);
});

test("a page with more rows than were asked for comes in pieces, so that no transaction is long", async () => {
  const ids = Array.from({ length: 250 }, (_, at) => `${at}`);
  const page = { customers: received(ids.map((id) => bareCustomer({ id }))), unreadable: 3, calls: 2 };
  const crawl = { page: async () => ({ ...page, hasMore: false, nextOffset: 253, max: 100 }) } as never;
  const pieces: CrawlPage[] = [];
  for await (const piece of pagesOf({ crawl, scope: "", signal: new AbortController().signal }, { offset: 0 }))
    pieces.push(piece);
  expect(pieces.map(({ customers, unreadable, calls }) => [customers.length, unreadable, calls])).toEqual([
    [100, 3, 2],
    [100, 0, 0],
    [50, 0, 0],
  ]);
  expect(pieces.flatMap(({ customers }) => customers)).toEqual(page.customers);
});

test("ALERTS 4: customers that moved while the list was read do not end it", async () => {
  const answer: Answer = (call) => ({ ids: call === 3 ? ["0", "1"] : [`${call}`], hasMore: call < 8 });
  expect(await readAll(answer)).toEqual({ pages: 9, customers: 8 });
});

/** The ids of each batch; a page of these ids comes after so many milliseconds. */
async function batched(pages: readonly (readonly [afterMs: number, ids: readonly string[]])[], failsAtEnd = false) {
  let now = 0;
  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    const until = now + ms;
    while (now < until) {
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
      now += 100;
    }
  };
  async function* read(): AsyncGenerator<CrawlPage> {
    for (const [afterMs, ids] of pages) {
      await sleep(afterMs);
      const customers = received(ids.map((id) => bareCustomer({ id })));
      yield { customers, unreadable: 0, hasMore: true, nextOffset: 0, max: 100, calls: 1 };
    }
    if (failsAtEnd) throw new Error("no more");
  }
  const batches: string[] = [];
  try {
    for await (const batch of batchesOf(read(), sleep))
      batches.push(batch.map(({ customers }) => customers.map(({ id }) => id).join("")).join(" "));
  } catch (error) {
    batches.push(String(error));
  }
  return batches;
}

const PAGE = Array.from({ length: 200 }, () => "x");

test("pages that come soon after one another are written together, up to 500 customers", async () => {
  expect(await batched([])).toEqual([]);
  expect(
    await batched([
      [100, ["a"]],
      [100, ["b"]],
      [100, ["c"]],
    ]),
  ).toEqual(["a b c"]);
  const full = await batched([
    [0, PAGE],
    [0, PAGE],
    [0, PAGE],
    [0, ["y"]],
  ]);
  expect(full.map((batch) => batch.length)).toEqual([602, 1]);
});

test("pages that were read do not wait for a slow one, and are written before a failure", async () => {
  expect(
    await batched([
      [100, ["a"]],
      [5_000, ["b"]],
      [100, ["c"]],
    ]),
  ).toEqual(["a", "b c"]);
  expect(
    await batched(
      [
        [100, ["a"]],
        [100, ["b"]],
      ],
      true,
    ),
  ).toEqual(["a b", "Error: no more"]);
  expect(await batched([], true)).toEqual(["Error: no more"]);
});
