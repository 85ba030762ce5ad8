import { expect, test } from "vitest";
import { createFaults } from "../../src/sandbox/world/faults.ts";
import { startTwins } from "./twins.ts";

test("a fault hits the given number of calls, then calls succeed again", async () => {
  const { control, bot, noc } = await startTwins();
  const order = {
    api: "webex",
    path: "/messages",
    method: "POST",
    status: 429,
    retryAfter: 2,
    times: 2,
    delayMs: 0,
    probability: 1,
    drop: false,
  };
  const fault = await control("POST", "/faults", order);
  expect(fault.status).toBe(201);
  expect((await control("GET", "/faults")).body).toEqual([fault.body]);
  const say = () => bot("POST", "/messages", { roomId: noc, text: "hello" });
  for (let n = 0; n < 2; n += 1) {
    const { status, headers, body } = await say();
    expect([status, headers.get("retry-after")]).toEqual([429, "2"]);
    expect(body.trackingId).toBe(headers.get("trackingid"));
  }
  expect((await say()).status).toBe(200);
  expect((await control("GET", "/faults")).body).toEqual([]);
});

test("faults hit calls with the bot's two tokens, and those of people only on request", async () => {
  const { control, bot, wholesale, viewer } = await startTwins();
  await control("POST", "/faults", { status: 503 });
  expect((await bot("GET", "/people/me")).status).toBe(503);
  expect((await wholesale("GET", "/wholesale/customers")).status).toBe(503);
  expect((await viewer("GET", "/people/me")).status).toBe(200);
  await control("POST", "/faults", { status: 500, by: "anyone" });
  expect((await viewer("GET", "/people/me")).status).toBe(500);
  await control("DELETE", "/faults");
  expect((await bot("GET", "/people/me")).status).toBe(200);
});

test("delayed calls go on as soon as all faults are cleared", async () => {
  const { control, bot } = await startTwins();
  await control("POST", "/faults", { delayMs: 600_000, times: 1 });
  const answer = bot("GET", "/people/me");
  await expect.poll(async () => (await control("GET", "/faults")).body).toEqual([]);
  await control("DELETE", "/faults");
  expect((await answer).status).toBe(200);
});

test("a fault matches by API, method, path and route", async () => {
  const { control, bot, wholesale, noc } = await startTwins();
  const { body: said } = await bot("POST", "/messages", { roomId: noc, text: "hello" });
  const calls = {
    post: () => bot("POST", "/messages", { roomId: noc, text: "hello" }),
    get: () => bot("GET", `/messages/${said.id}`),
    list: () => bot("GET", `/messages?roomId=${noc}&mentionedPeople=me`),
    me: () => bot("GET", "/people/me"),
    customers: () => wholesale("GET", "/wholesale/customers"),
  };
  const struckBy = async (fault: object) => {
    await control("POST", "/faults", { ...fault, status: 502 });
    const struck: string[] = [];
    for (const [name, call] of Object.entries(calls)) if ((await call()).status === 502) struck.push(name);
    await control("DELETE", "/faults");
    return struck;
  };
  expect(await struckBy({ api: "wholesale" })).toEqual(["customers"]);
  expect(await struckBy({ path: "/messages" })).toEqual(["post", "get", "list"]);
  expect(await struckBy({ path: "/messages", method: "get" })).toEqual(["get", "list"]);
  expect(await struckBy({ path: "/messages/:id" })).toEqual(["get"]);
  expect(await struckBy({ path: `/v1/messages/${said.id}` })).toEqual(["get"]);
  expect(await struckBy({ path: "/customers" })).toEqual(["customers"]);
  expect(await struckBy({ path: "/message" })).toEqual([]);
});

test("a fault may be of a path alone, and of nothing below it", async () => {
  const { wholesale, control } = await startTwins();
  const [shown] = (await control("GET", "/customers?status=provisioned&max=1")).body.items;
  await control("POST", "/faults", { path: "/organizations", exact: true, status: 403 });
  expect((await wholesale("GET", "/organizations")).status).toBe(403);
  expect((await wholesale("GET", `/organizations/${shown.orgId}`)).status).toBe(200);
});

test("a dropped call is carried out, and never answered", async () => {
  const { control, bot, viewer, noc } = await startTwins();
  await control("POST", "/faults", { path: "/messages", drop: true, times: 1 });
  await expect(bot("POST", "/messages", { roomId: noc, text: "did you get this?" })).rejects.toThrow();
  const { body } = await viewer("GET", `/messages?roomId=${noc}`);
  expect(body.items.map(({ text }: { text: string }) => text)).toEqual(["did you get this?"]);
  const { calls } = (await control("GET", "/calls")).body;
  expect(calls).toContainEqual(expect.objectContaining({ method: "POST", path: "/messages", by: "bot", status: 0 }));
});

test("several faults may be active, and refusals take turns", async () => {
  const { control, bot } = await startTwins();
  await control("POST", "/faults", { status: 500, times: 1 });
  await control("POST", "/faults", { status: 502, times: 1 });
  const statuses: number[] = [];
  for (let n = 0; n < 3; n += 1) statuses.push((await bot("GET", "/people/me")).status);
  expect(statuses).toEqual([500, 502, 200]);
});

test("delays add up, and are added to other faults", () => {
  const faults = createFaults({ random: () => 0, onChange: () => {} });
  const call = {
    api: "webex",
    method: "GET",
    path: "/people/me",
    route: "GET /people/me",
    byBot: true,
  } as const;
  faults.add({ delayMs: 300 });
  faults.add({ delayMs: 20, times: 1 });
  faults.add({ status: 503, delayMs: 1, times: 1 });
  expect(faults.applyTo(call)).toMatchObject({ delayMs: 321, drop: false, status: 503 });
  expect(faults.applyTo(call)).toMatchObject({ delayMs: 300, drop: false });
});

test("a fault with a probability hits some calls, the same ones for the same seed", async () => {
  const statuses = async () => {
    const { control, bot } = await startTwins({ seed: 3 });
    await control("POST", "/faults", { status: 503, probability: 0.5 });
    const seen: number[] = [];
    for (let n = 0; n < 40; n += 1) seen.push((await bot("GET", "/people/me")).status);
    return seen;
  };
  const first = await statuses();
  expect(new Set(first)).toEqual(new Set([200, 503]));
  expect(await statuses()).toEqual(first);
});

test("one fault can be ended alone, and a listed fault can be posted again unchanged", async () => {
  const { control } = await startTwins();
  const { body: first } = await control("POST", "/faults", { status: 500 });
  const { body: second } = await control("POST", "/faults", { status: 502 });
  await control("DELETE", `/faults/${first.id}`);
  expect((await control("GET", "/faults")).body).toEqual([second]);
  expect((await control("POST", "/faults", second)).status).toBe(201);
});

test.each([{ status: 42 }, { statuses: 500 }, { path: "messages" }, { probability: 2 }])(
  "the fault %j is refused",
  async (fault) => {
    const { control } = await startTwins();
    const { status, body } = await control("POST", "/faults", fault);
    expect(status).toBe(400);
    expect(body.errors).toHaveLength(1);
  },
);

test("calls are listed and counted by route and caller, without tokens", async () => {
  const { control, bot, viewer, wholesale, ask, noc } = await startTwins();
  await control("DELETE", "/calls");
  const { body: said } = await bot("POST", "/messages", { roomId: noc, text: "hello" });
  await bot("GET", `/messages/${said.id}`);
  await viewer("GET", `/messages/${said.id}`);
  await wholesale("GET", "/wholesale/customers?status=error&max=5");
  await ask("POST", "/v1/access_token", { body: new URLSearchParams({ client_secret: "hush" }) });
  await ask("GET", "/v1/people/me", { token: "guess" });
  const { body } = await control("GET", "/calls");
  expect(body.counts).toEqual({
    "POST /messages": 1,
    "GET /messages/:id": 2,
    "GET /wholesale/customers": 1,
    "POST /access_token": 1,
    "GET /people/me": 1,
  });
  expect(body.countsByCaller).toEqual({
    bot: { "POST /messages": 1, "GET /messages/:id": 1 },
    wholesale: { "GET /wholesale/customers": 1, "POST /access_token": 1 },
    people: { "GET /messages/:id": 1, "GET /people/me": 1 },
  });
  expect(body.calls[3]).toEqual({
    time: expect.any(String),
    api: "wholesale",
    method: "GET",
    path: "/wholesale/customers",
    query: "status=error&max=5",
    status: 200,
    by: "wholesale",
    ms: expect.any(Number),
    items: 5,
    hasNext: true,
  });
  expect(JSON.stringify(body)).not.toMatch(/sandbox-\w+-token|guess|hush/);
  await control("DELETE", "/calls");
  expect((await control("GET", "/calls")).body).toMatchObject({ calls: [], counts: {} });
});

test("an error repeats the request when it is told to", async () => {
  const { wholesale, control } = await startTwins();
  await control("POST", "/faults", { api: "wholesale", status: 500, echo: true, times: 1 });
  const answer = await wholesale("GET", "/wholesale/customers");
  expect(answer.body.message).toContain("Bearer sandbox-wholesale-token");
  expect(answer.body.errors[0].description).toContain("Bearer sandbox-wholesale-token");
});

test("the list of members is empty, or ends after its first half, when a fault that names it says so", async () => {
  const { bot, noc, control } = await startTwins();
  const members = async () => (await bot("GET", `/memberships?roomId=${noc}`)).body.items;
  const all = await members();
  await control("POST", "/faults", { lie: "empty" });
  expect(await members()).toEqual(all);
  await control("POST", "/faults", { path: "/memberships", lie: "half" });
  expect(await members()).toEqual(all.slice(0, Math.ceil(all.length / 2)));
  await control("DELETE", "/faults");
  await control("POST", "/faults", { path: "/memberships", lie: "empty" });
  expect(await members()).toEqual([]);
});

test("links lose what was asked for when they are told to", async () => {
  const { wholesale, control } = await startTwins();
  await control("POST", "/faults", { api: "wholesale", bareLinks: true });
  const { headers } = await wholesale("GET", "/wholesale/customers?max=5&status=provisioned");
  expect(headers.get("link")).toMatch(/customers\?offset=5&max=5>; rel="next"$/);
});

test("a list repeats its first two pages without an end when it is told to", async () => {
  const { wholesale, control } = await startTwins();
  await control("POST", "/faults", { lie: "alternate" });
  const page = async (offset: number) => (await wholesale("GET", `/wholesale/customers?max=10&offset=${offset}`)).body;
  expect(await page(20)).toEqual(await page(0));
  expect(await page(10)).not.toEqual(await page(0));
  const { headers } = await wholesale("GET", "/wholesale/customers?max=100&offset=9900");
  expect(headers.get("link")).toContain("offset=10000");
});
