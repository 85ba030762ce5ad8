import { expect, test } from "vitest";
import { Failure } from "../../src/errors.ts";
import { createCrawl } from "../../src/wholesale/crawl.ts";
import { createAuthorizedRequest } from "../../src/wholesale/token.ts";
import { type Script, startLoopback } from "../support/loopback.ts";
import { connectHttp, createTestLog, fixedToken, rows, scriptedApi } from "./scripted-api.ts";

/** A crawler of a scripted server. It does not really wait, and records the waits. */
async function connect(script: Script) {
  const { url, requests } = await startLoopback(script);
  const waits: number[] = [];
  const sleep = async (ms: number, signal?: AbortSignal) => {
    signal?.throwIfAborted();
    waits.push(ms);
  };
  const request = createAuthorizedRequest(connectHttp(url, 1, sleep), fixedToken);
  const outcomes: unknown[] = [];
  const onOutcome = (failure: unknown) => void outcomes.push(failure instanceof Failure ? failure.code : failure);
  const crawl = createCrawl({ request, requestNow: request, onOutcome, sleep, log: createTestLog() });
  const asked = () => requests.map(({ query }) => `${query.get("offset")}+${query.get("max")}`);
  return { crawl, requests, waits, outcomes, asked };
}

const PAGE = { offset: 0, max: 100 };

/** Reads a whole list as a sweep does, and returns how many rows it had. */
async function count({ crawl }: Awaited<ReturnType<typeof connect>>): Promise<number> {
  let total = 0;
  for (let offset = 0, more = true; more; ) {
    const page = await crawl.page("", { offset, max: 100 });
    total += page.customers.length;
    offset = page.nextOffset;
    more = page.hasMore;
  }
  return total;
}

test("a page says where the next one begins and what it cost", async () => {
  const { crawl, requests } = await connect(scriptedApi(rows(250, "error"), { links: true }));
  const page = await crawl.page("", PAGE);
  expect(page).toMatchObject({ unreadable: 0, hasMore: true, nextOffset: 100, max: 100, calls: 1 });
  expect(page.customers).toHaveLength(100);
  expect(requests[0]?.query.has("status")).toBe(false);
});

test("a link that goes on somewhere else is followed there", async () => {
  const link = (host: string) => `<http://${host}/v1/wholesale/customers?offset=70&max=100>; rel="next"`;
  const { crawl } = await connect(({ headers }) => ({
    json: { items: rows(100, "error") },
    headers: { link: link(String(headers.host)) },
  }));
  expect(await crawl.page("", PAGE)).toMatchObject({ hasMore: true, nextOffset: 70 });
  expect(await crawl.page("", { ...PAGE, offset: 70 })).toMatchObject({ nextOffset: 170 });
});

test("rows that cannot be read are counted, and take their place", async () => {
  const { crawl } = await connect([{ json: { items: [...rows(2, "error"), { id: 7 }, null] } }]);
  expect(await crawl.page("", PAGE)).toMatchObject({ unreadable: 2, nextOffset: 4 });
});

test.each([
  [1_000, { rows: 1_000 }],
  [
    1_001,
    { code: "wholesale.unexpected", message: "Webex sent 1001 customers on one page, where 100 were asked for." },
  ],
])("a page with %i rows where 100 were asked for", async (sent, expected) => {
  const { crawl } = await connect([{ json: { items: rows(sent, "error") } }]);
  const outcome = await crawl.page("", PAGE).then(
    ({ customers }) => ({ rows: customers.length }),
    (error: unknown) => error,
  );
  expect(outcome).toMatchObject(expected);
});

test("a scope and a status go into the question", async () => {
  const { crawl, requests } = await connect([{ json: { items: [] } }]);
  await crawl.page("north", { ...PAGE, status: "error" });
  expect(Object.fromEntries(requests[0]?.query ?? [])).toEqual({
    status: "error",
    offset: "0",
    max: "100",
    onBehalfOfSubPartnerOrgId: "north",
  });
});

test("an ignored status filter is detected on the first page", async () => {
  const { crawl } = await connect([{ json: { items: [...rows(1, "error"), ...rows(1, "provisioned")] } }]);
  const asked = crawl.page("", { ...PAGE, status: "error" });
  await expect(asked).rejects.toMatchObject({ code: "wholesale.filter_ignored" });
});

test("a 504 halves the page size until the API answers", async () => {
  const connected = await connect(scriptedApi(rows(60, "error"), { timeoutAbove: 30 }));
  const page = await connected.crawl.page("", PAGE);
  expect(page).toMatchObject({ max: 25, nextOffset: 25, calls: 3, hasMore: true });
  expect(connected.asked()).toEqual(["0+100", "0+50", "0+25"]);
  expect(connected.waits).toEqual([]);
});

test("a 504 for a single row is a failure in the end", async () => {
  const { crawl } = await connect([{ status: 504 }]);
  await expect(crawl.page("", { ...PAGE, max: 4 })).rejects.toMatchObject({ code: "wholesale.slow" });
});

test.each([423, 429])("%i is waited for, 5 minutes at most, as often as it comes", async (status) => {
  const busy = { status, headers: { "retry-after": "3600" } };
  const connected = await connect([{ status }, busy, { json: { items: [] } }]);
  await connected.crawl.page("", PAGE);
  expect(connected.waits).toEqual([10_000, 300_000]);
  const code = status === 423 ? "wholesale.locked" : "wholesale.busy";
  expect(connected.outcomes).toEqual([code, code, undefined]);
});

test.each(["86400", "0.0001", "99999999999"])(
  "ALERTS 7: a page that is refused for ever (%s) fails",
  async (seconds) => {
    const connected = await connect([{ status: 429, headers: { "retry-after": seconds } }]);
    await expect(connected.crawl.page("", PAGE)).rejects.toMatchObject({ code: "wholesale.busy" });
    expect(Math.max(...connected.waits)).toBeLessThanOrEqual(300_000);
    expect(Math.min(...connected.waits)).toBeGreaterThanOrEqual(1_000);
    expect(connected.waits.reduce((sum, wait) => sum + wait, 0)).toBe(600_000);
  },
);

test("ALERTS 5: one customer that is locked keeps nobody waiting", async () => {
  const { crawl, waits } = await connect([{ status: 423, headers: { "retry-after": "60" } }]);
  await expect(crawl.customer("a", "")).rejects.toMatchObject({ code: "wholesale.locked" });
  expect(waits).toEqual([]);
});

test("the wait ends when the crawl is stopped", async () => {
  const stopping = new AbortController();
  const { crawl } = await connect(() => {
    stopping.abort(new Error("stopped"));
    return { status: 429, headers: { "retry-after": "3600" } };
  });
  await expect(crawl.page("", PAGE, stopping.signal)).rejects.toThrow("stopped");
});

test.each([
  ["HTML", { body: "<html>" }],
  ["no list", { json: { rows: [] } }],
  ["half a page", { body: '{"items":[{"id":"1","status":"er' }],
])("%s is no page", async (_, answer) => {
  const { crawl } = await connect([answer]);
  await expect(crawl.page("", PAGE)).rejects.toMatchObject({ code: "wholesale.unexpected" });
});

test("without links, a full page has a successor and a short one is the end", async () => {
  const connected = await connect(scriptedApi(rows(250, "error")));
  expect(await count(connected)).toBe(250);
  expect(await count(connected)).toBe(250);
  // The first time it makes one call after the short page, to learn whether this API returns short pages.
  expect(connected.asked()).toEqual(["0+100", "100+100", "200+100", "250+100", "0+100", "100+100", "200+100"]);
});

test("a list with short pages and no links is read to its end", async () => {
  const connected = await connect(scriptedApi(rows(130, "error"), { maxPageSize: 50 }));
  expect(await count(connected)).toBe(130);
  expect(await count(connected)).toBe(130);
});

test("an API with links needs no such call", async () => {
  const connected = await connect(scriptedApi(rows(130, "error"), { links: true, maxPageSize: 50 }));
  expect(await count(connected)).toBe(130);
  expect(connected.asked()).toEqual(["0+100", "50+100", "100+100"]);
});

test("one customer is read by id, within its scope", async () => {
  const { crawl, requests } = await connect([{ json: { id: "a/b", status: "error" } }, { status: 404 }]);
  expect(await crawl.customer("a/b", "north")).toMatchObject({ id: "a/b", status: "error" });
  expect(await crawl.customer("nobody", "")).toBeUndefined();
  expect(requests.map(({ path, query }) => `${path}?${query}`)).toEqual([
    "/v1/wholesale/customers/a%2Fb?onBehalfOfSubPartnerOrgId=north",
    "/v1/wholesale/customers/nobody?",
  ]);
});

test.each(["items", "subPartners"])("sub-partners are read from %s, with their names", async (key) => {
  const row = { orgId: "north", provisioningState: "active" };
  const { crawl } = await connect(({ path }) =>
    path.endsWith("/organizations/north")
      ? { json: { displayName: "Northlight" } }
      : { json: { [key]: [row, { orgId: "south" }, { nothing: true }] } },
  );
  expect(await crawl.subpartners()).toEqual([
    { orgId: "north", state: "active", name: "Northlight" },
    { orgId: "south", state: "unreported" },
  ]);
});

test("sub-partners come without names where the token may not read organisations", async () => {
  const { crawl, requests } = await connect(({ path }) =>
    path.includes("/organizations/")
      ? { status: 403 }
      : { json: { items: [{ orgId: "north", provisioningState: "active" }] } },
  );
  const plain = [{ orgId: "north", state: "active" }];
  expect([await crawl.subpartners(), await crawl.subpartners()]).toEqual([plain, plain]);
  expect(requests.filter(({ path }) => path.includes("/organizations/"))).toHaveLength(1);
});

test("an organisation has a name, or none, or is not for this token", async () => {
  const { crawl } = await connect([{ json: { displayName: "Acme" } }, { status: 404 }, { status: 403 }]);
  expect(await crawl.organisationName("1")).toBe("Acme");
  expect(await crawl.organisationName("2")).toBeUndefined();
  await expect(crawl.organisationName("3")).rejects.toMatchObject({ code: "wholesale.forbidden" });
});
