import { expect, test } from "vitest";
import { connectClient, NOW, rows, scriptedApi } from "./scripted-api.ts";

const ids = (page: { readonly customers: readonly { readonly id: string }[] }) => page.customers.map(({ id }) => id);

test("all six parameters of the API page are asked with", async () => {
  const { list, requests } = await connectClient([{ json: { items: [] } }]);
  await list({ externalId: "e&1", orgId: "o/1", statuses: ["error"], subpartner: "s=", offset: 20, max: 5 });
  expect(requests[0]).toMatchObject({ method: "GET", path: "/v1/wholesale/customers" });
  expect(requests[0]?.headers.authorization).toBe("Bearer t0ken");
  expect(Object.fromEntries(requests[0]?.query ?? [])).toEqual({
    externalId: "e&1",
    orgId: "o/1",
    status: "error",
    offset: "20",
    max: "5",
    onBehalfOfSubPartnerOrgId: "s=",
  });
});

test("what was not asked is not sent", async () => {
  const { list, requests } = await connectClient([{ json: { items: [] } }]);
  await list();
  expect([...(requests[0]?.query.keys() ?? [])]).toEqual(["offset", "max"]);
});

test("a page says when it was read, and what it could not read", async () => {
  const { list } = await connectClient([{ json: { items: [{ id: "a", status: "x" }, {}] } }]);
  expect(await list()).toMatchObject({
    customers: [{ id: "a" }],
    unreadable: 1,
    hasMore: false,
    readAt: NOW,
  });
});

test("without a Link, a full page has a successor and a short one has none", async () => {
  const { list } = await connectClient(scriptedApi(rows(25, "error")));
  expect((await list({ max: 10 })).hasMore).toBe(true);
  expect((await list({ max: 10, offset: 20 })).hasMore).toBe(false);
});

test("with a Link, a full last page has no successor", async () => {
  const link = '<https://x.example/>; rel="prev"';
  const { list } = await connectClient([{ json: { items: rows(10, "error") }, headers: { link } }]);
  expect((await list({ max: 10 })).hasMore).toBe(false);
});

test("a page that the API cut short is filled by its links", async () => {
  const { list, requests } = await connectClient(scriptedApi(rows(25, "error"), { links: true, maxPageSize: 4 }));
  const page = await list({ max: 10, offset: 5 });
  expect(ids(page)).toEqual(
    rows(25, "error")
      .slice(5, 15)
      .map(({ id }) => id),
  );
  expect(page.hasMore).toBe(true);
  expect(requests.map(({ query }) => query.get("offset"))).toEqual(["5", "9", "13"]);
  expect(requests[2]?.headers.authorization).toBe("Bearer t0ken");
});

test("an empty next page is the end", async () => {
  const { list } = await connectClient(({ query, headers }) =>
    query.get("offset") === "0"
      ? {
          json: { items: rows(3, "error") },
          headers: { link: `<http://${headers.host}/v1/wholesale/customers?offset=3>; rel="next"` },
        }
      : { json: { items: [] } },
  );
  expect(await list()).toMatchObject({ customers: [{}, {}, {}], hasMore: false });
});

test("a link that leads to itself comes to an end, and no customer stands there twice", async () => {
  const { list, requests } = await connectClient(({ headers }) => ({
    json: { items: rows(3, "error") },
    headers: { link: `<http://${headers.host}/v1/wholesale/customers>; rel="next"` },
  }));
  expect(ids(await list())).toEqual(["error-0", "error-1", "error-2"]);
  expect(requests.length).toBeLessThan(10);
});

test("a next page on another host is asked for on our own", async () => {
  const { list, requests } = await connectClient(({ query }) => ({
    json: { items: [{ id: `at-${query.get("offset")}`, status: "x" }] },
    headers: { link: '<https://elsewhere.example/v1/wholesale/customers?offset=1>; rel="next"' },
  }));
  expect(ids(await list({ max: 3 }))).toEqual(["at-0", "at-1", "at-2"]);
  expect(requests).toHaveLength(3);
});

test("more rows than asked for are cut off", async () => {
  const { list } = await connectClient([{ json: { items: rows(12, "error") } }]);
  const page = await list({ max: 10 });
  expect(page.customers).toHaveLength(10);
  expect(page.hasMore).toBe(true);
});

test("a 504 is asked again with half as many rows until the page is full", async () => {
  const { list, requests } = await connectClient(scriptedApi(rows(30, "error"), { timeoutAbove: 3 }));
  const page = await list({ max: 10, offset: 2 });
  expect(ids(page)).toEqual(
    rows(30, "error")
      .slice(2, 12)
      .map(({ id }) => id),
  );
  expect(page.hasMore).toBe(true);
  expect(requests.map(({ query }) => query.get("max"))).toEqual(["10", "5", "2", "2", "2", "2", "2"]);
});

test("a filter that the API ignored is kept here, and noted", async () => {
  const { list, log } = await connectClient([{ json: { items: [...rows(3, "provisioned"), ...rows(2, "error")] } }]);
  const page = await list({ statuses: ["error"] });
  expect(ids(page)).toEqual(["error-0", "error-1"]);
  expect(log.lines).toEqual([{ event: "wholesale.filter_ignored", fields: { filter: ["status"], dropped: 3 } }]);
});

test("ids are compared letter by letter", async () => {
  const items = [
    { id: "a", status: "x", externalId: "AbC" },
    { id: "b", status: "x", externalId: "abc" },
  ];
  const { list } = await connectClient([{ json: { items } }]);
  expect(ids(await list({ externalId: "abc" }))).toEqual(["b"]);
});

test("one customer is read by its id, whatever stands in it", async () => {
  const { get, requests } = await connectClient([{ json: { id: "a/b?c", status: "error" } }]);
  expect(await get("a/b?c")).toMatchObject({ customer: { id: "a/b?c" }, readAt: NOW });
  expect(requests[0]?.path).toBe("/v1/wholesale/customers/a%2Fb%3Fc");
});

test("no customer of that id is no failure", async () => {
  const { get } = await connectClient([{ status: 404, json: { message: "no" } }]);
  expect(await get("nobody")).toBeUndefined();
});

test.each(["", ".", "..", "\ud800", "x\udc00"])(
  "the id %j cannot be one, and would ask for something else",
  async (id) => {
    const { get, requests } = await connectClient([{ json: { id: "a", status: "x" } }]);
    expect(await get(id)).toBeUndefined();
    expect(requests).toHaveLength(0);
  },
);

test.each([
  [403, "wholesale.forbidden"],
  [200, "wholesale.unexpected"],
])("a customer that comes with %i and no customer in it is a failure", async (status, code) => {
  const { get } = await connectClient([{ status, json: {} }]);
  await expect(get("a")).rejects.toMatchObject({ code });
});

test("a refused token is renewed once, and the question asked once more", async () => {
  const renewable = { current: async () => "old", afterRejection: async () => "new" };
  const { list, requests } = await connectClient([{ status: 401 }, { json: { items: [] } }], renewable);
  await list();
  expect(requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer old", "Bearer new"]);
});

test("a renewed token that is refused as well is a failure", async () => {
  const renewable = { current: async () => "old", afterRejection: async () => "new" };
  const { list, requests } = await connectClient([{ status: 401 }], renewable);
  await expect(list()).rejects.toMatchObject({ code: "wholesale.unauthorized" });
  expect(requests).toHaveLength(2);
});

test("PRODUCT 5: a bound space’s next page is asked for with its sub-partner, whatever the link keeps", async () => {
  const api = scriptedApi(rows(25, "error"), { maxPageSize: 4 });
  const { list, requests } = await connectClient((request) => {
    const offset = Number(request.query.get("offset")) + 4;
    const link = `<http://${request.headers.host}/v1/wholesale/customers?offset=${offset}>; rel="next"`;
    return { ...api(request), headers: { link } };
  });
  const asked = { subpartner: "north", statuses: ["error"], externalId: "e", orgId: "o", max: 10 };
  await list(asked);
  expect(requests).toHaveLength(3);
  for (const { query } of requests) {
    expect(query.get("onBehalfOfSubPartnerOrgId")).toBe("north");
    expect([query.get("status"), query.get("externalId"), query.get("orgId")]).toEqual(["error", "e", "o"]);
  }
});

test("PRODUCT 5: one customer of a bound space is asked for on behalf of its sub-partner", async () => {
  const { client, requests } = await connectClient([{ status: 404 }]);
  expect(await client.get("a", { fresh: true, scope: "north" })).toBeUndefined();
  expect(requests[0]?.query.get("onBehalfOfSubPartnerOrgId")).toBe("north");
});
