import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pausedTime } from "../support/time.ts";
import { readAllPages, startTwins } from "./twins.ts";

interface Listed {
  readonly id: string;
  readonly orgId?: string;
  readonly externalId: string;
  readonly status: string;
}

test("the first customer is the one that the API page prints", async () => {
  const { wholesale } = await startTwins();
  const { body } = await wholesale("GET", "/wholesale/customers?max=1");
  expect(body).toEqual(JSON.parse(readFileSync(new URL("../fixtures/seed-example.json", import.meta.url), "utf8")));
});

test("no token is 401, and a token without administrative access 403", async () => {
  const { ask, bot, viewer } = await startTwins();
  expect((await ask("GET", "/v1/wholesale/customers")).status).toBe(401);
  expect((await ask("GET", "/v1/wholesale/customers", { token: "expired" })).status).toBe(401);
  expect((await bot("GET", "/wholesale/customers")).status).toBe(403);
  expect((await viewer("GET", "/wholesale/customers")).status).toBe(403);
});

test("the Wholesale token may read its own person, and nothing in a space", async () => {
  const { wholesale, noc, people } = await startTwins();
  expect((await wholesale("GET", "/people/me")).body.id).toBe(people.admin.id);
  expect((await wholesale("POST", "/messages", { roomId: noc, text: "hello" })).status).toBe(403);
});

test("following the links reads every customer once", async () => {
  const { wholesale } = await startTwins({ customers: 250 });
  const items = await readAllPages<Listed>(wholesale, "/wholesale/customers?max=33");
  expect(items).toHaveLength(250);
  expect(new Set(items.map(({ id }) => id)).size).toBe(250);
  expect(new Set(items.map(({ externalId }) => externalId)).size).toBe(250);
});

test("a page has 50 customers by default, and never more than 100", async () => {
  const { wholesale } = await startTwins();
  const sizeOf = async (query: string) => (await wholesale("GET", `/wholesale/customers${query}`)).body.items.length;
  expect(await sizeOf("")).toBe(50);
  expect(await sizeOf("?max=5000")).toBe(100);
  expect(await sizeOf("?offset=245")).toBe(5);
  expect(await sizeOf("?offset=250")).toBe(0);
});

test.each(["max=0", "max=-1", "max=ten", "offset=-1", "offset=1.5"])("%s is refused", async (query) => {
  const { wholesale } = await startTwins();
  expect((await wholesale("GET", `/wholesale/customers?${query}`)).status).toBe(400);
});

test("the customers of all statuses are all customers, and a page of one status has no other", async () => {
  const { wholesale, control } = await startTwins();
  const { byStatus, customers } = (await control("GET", "/world")).body;
  let total = 0;
  for (const [status, count] of Object.entries(byStatus)) {
    const items = await readAllPages<Listed>(wholesale, `/wholesale/customers?max=20&status=${status}`);
    expect(items.every((item) => item.status === status)).toBe(true);
    expect(items).toHaveLength(Number(count));
    total += items.length;
  }
  expect(total).toBe(customers);
});

test.each([
  ["any", 200, ["error", "provisioned_with_errors"]],
  ["last", 200, ["error"]],
  ["reject", 400, []],
] as const)("several statuses, where the API takes them as %s", async (multipleStatuses, status, statuses) => {
  const { wholesale } = await startTwins({ behaviour: { multipleStatuses } });
  const answer = await wholesale("GET", "/wholesale/customers?max=100&status=provisioned_with_errors&status=error");
  expect(answer.status).toBe(status);
  expect([...new Set((answer.body.items ?? []).map((item: Listed) => item.status))].sort()).toEqual(statuses);
});

test("the API can ignore several statuses, and omit links", async () => {
  const { wholesale } = await startTwins({ behaviour: { multipleStatuses: "ignore", nextLinks: false } });
  const all = await wholesale("GET", "/wholesale/customers?status=error&status=deleting");
  expect(all.body.items).toHaveLength(50);
  expect(all.headers.has("link")).toBe(false);
});

test("one customer has its licences when they are asked for", async () => {
  const { wholesale } = await startTwins();
  const [{ id }] = (await wholesale("GET", "/wholesale/customers?max=1&status=provisioned")).body.items;
  const { body } = await wholesale("GET", `/wholesale/customers/${id}?includePackageLicenseInfo=true`);
  for (const item of body.resourceDetails.packages) expect(item.licenseIds).toHaveLength(1);
});

test("one customer is there on behalf of its own sub-partner, and of no other", async () => {
  const { wholesale } = await startTwins();
  const [north, south] = (await wholesale("GET", "/wholesale/subPartners")).body.items;
  const onBehalfOf = ({ orgId }: Listed) => `onBehalfOfSubPartnerOrgId=${orgId}`;
  const [{ id }] = (await wholesale("GET", `/wholesale/customers?max=1&${onBehalfOf(north)}`)).body.items;
  expect((await wholesale("GET", `/wholesale/customers/${id}?${onBehalfOf(north)}`)).body.id).toBe(id);
  expect((await wholesale("GET", `/wholesale/customers/${id}?${onBehalfOf(south)}`)).status).toBe(404);
  expect((await wholesale("GET", `/wholesale/customers/${id}?onBehalfOfSubPartnerOrgId=nobody`)).status).toBe(404);
});

test("a customer is found by id, externalId and orgId, all case sensitive", async () => {
  const { wholesale } = await startTwins();
  const { body: page } = await wholesale("GET", "/wholesale/customers?max=100&status=provisioned");
  for (const item of page.items as Required<Listed>[]) {
    expect((await wholesale("GET", `/wholesale/customers/${item.id}`)).body).toEqual(item);
    const byOrg = await wholesale("GET", `/wholesale/customers?orgId=${item.orgId}`);
    const byExternal = await wholesale("GET", `/wholesale/customers?externalId=${encodeURIComponent(item.externalId)}`);
    expect([byOrg.body.items, byExternal.body.items]).toEqual([[item], [item]]);
  }
  expect((await wholesale("GET", `/wholesale/customers/${page.items[0].id.toLowerCase()}`)).status).toBe(404);
  expect((await wholesale("GET", "/wholesale/customers?externalId=nobody")).body.items).toEqual([]);
});

test("an orgId is shown only where the organisation is provisioned", async () => {
  const { wholesale } = await startTwins({ customers: 1000 });
  const items = await readAllPages<Listed>(wholesale, "/wholesale/customers?max=100");
  for (const { orgId, status } of items) {
    expect(orgId !== undefined).toBe(status === "provisioned" || status === "provisioned_with_errors");
  }
});

test("on behalf of a sub-partner only its own customers are listed", async () => {
  const { wholesale } = await startTwins();
  const { body } = await wholesale("GET", "/wholesale/subPartners");
  expect(body.items.length).toBeGreaterThanOrEqual(3);
  const lists = await Promise.all(
    body.items.map(({ orgId }: { orgId: string }) =>
      readAllPages<Listed>(wholesale, `/wholesale/customers?max=100&onBehalfOfSubPartnerOrgId=${orgId}`),
    ),
  );
  const ids = lists.flat().map(({ id }) => id);
  expect(lists.every((list) => list.length > 0)).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeLessThan(250);
  const unknown = await wholesale("GET", "/wholesale/customers?onBehalfOfSubPartnerOrgId=nobody");
  expect(unknown.status).toBe(404);
  const suspended = await wholesale("GET", "/wholesale/subPartners?provisioningState=suspended");
  expect(suspended.body.items).toHaveLength(1);
});

test("names are read from the organisations, with a scope of their own", async () => {
  const { wholesale, control } = await startTwins();
  const [shown] = (await control("GET", "/customers?status=provisioned&max=1")).body.items;
  expect((await wholesale("GET", `/organizations/${shown.orgId}`)).body.displayName).toBe(shown.name);
  expect((await wholesale("GET", "/organizations")).body.items).toContainEqual(
    expect.objectContaining({ id: shown.orgId, displayName: shown.name }),
  );
  expect((await wholesale("GET", "/organizations/nobody")).status).toBe(404);
  const narrow = await startTwins({ behaviour: { organizations: false } });
  expect((await narrow.wholesale("GET", `/organizations/${shown.orgId}`)).status).toBe(403);
});

test("organisations are read at once or in pages, with the same result", async () => {
  const { wholesale, control } = await startTwins();
  await control("POST", "/customers", { externalId: "New-1", name: "New Ltd" });
  const { body: all } = await wholesale("GET", "/organizations");
  expect(all.items).toContainEqual(expect.objectContaining({ displayName: "New Ltd" }));
  expect(await readAllPages<Listed>(wholesale, "/organizations?max=7")).toEqual(all.items);
});

test("every customer with an orgId has an organisation, with the name that the console shows", async () => {
  const { wholesale, control } = await startTwins();
  const { items } = (await control("GET", "/customers?max=1000")).body;
  for (const { orgId, name } of items.filter((item: { orgId?: string }) => item.orgId !== undefined)) {
    expect((await wholesale("GET", `/organizations/${orgId}`)).body).toMatchObject({ displayName: name });
  }
});

test("the last pages of 100,000 customers are found, with every filter", async () => {
  const { wholesale, control } = await startTwins({ customers: 100_000 });
  const { byStatus } = (await control("GET", "/world")).body;
  const { body: partners } = await wholesale("GET", "/wholesale/subPartners");
  const partner = `onBehalfOfSubPartnerOrgId=${partners.items[0].orgId}`;
  const last = async (query: string, offset: number) =>
    (await wholesale("GET", `/wholesale/customers?max=100&${query}&offset=${offset}`)).body.items;
  expect(await last("", 99_990)).toHaveLength(10);
  expect(await last("status=error", byStatus.error - 3)).toHaveLength(3);
  expect(await last("status=error&status=deleting", byStatus.error + byStatus.deleting - 2)).toHaveLength(2);
  const [someone] = await last(`${partner}&status=error`, 500);
  expect(someone.status).toBe("error");
});

const refresh = (refreshToken: string, client: Record<string, string> = {}) =>
  new URLSearchParams({
    grant_type: "refresh_token",
    client_id: "sandbox-client-id",
    client_secret: "sandbox-client-secret",
    refresh_token: refreshToken,
    ...client,
  });

test("a refresh token is valid once, and its access token until it expires", async () => {
  const time = pausedTime();
  const { ask } = await startTwins({ time, tokenLifeSeconds: 3600 });
  const first = await ask("POST", "/v1/access_token", { body: refresh("sandbox-refresh-token") });
  expect(first.body).toMatchObject({ expires_in: 3600, token_type: "Bearer" });
  const again = await ask("POST", "/v1/access_token", { body: refresh("sandbox-refresh-token") });
  expect(again.status).toBe(400);
  const second = await ask("POST", "/v1/access_token", { body: refresh(first.body.refresh_token) });
  expect(second.status).toBe(200);
  const list = (token: string) => ask("GET", "/v1/wholesale/customers?max=1", { token });
  time.advance(3_599_000);
  expect((await list(first.body.access_token)).status).toBe(200);
  time.advance(2_000);
  expect((await list(first.body.access_token)).status).toBe(401);
});

test("a wrong client gets no token", async () => {
  const { ask } = await startTwins();
  const wrong = await ask("POST", "/v1/access_token", {
    body: refresh("sandbox-refresh-token", { client_secret: "guess" }),
  });
  expect(wrong.status).toBe(401);
  const json = await ask("POST", "/v1/access_token", { body: { grant_type: "refresh_token" } });
  expect(json.status).toBe(415);
});
