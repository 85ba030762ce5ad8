import { parseEnv } from "node:util";
import { expect, test } from "vitest";
import { pausedTime } from "../support/time.ts";
import { CARD, startTwins } from "./twins.ts";

const EXAMPLE = "c1677a16-557a-4fb4-b48f-24adde57ec99";
const FAILED = {
  errorCode: 10022,
  description: "The email address is already associated with an existing user.",
};

test("a package is broken and healed by a change, and the customer's status follows", async () => {
  const { control, wholesale } = await startTwins();
  const change = (packages: unknown) => control("PATCH", `/customers/${EXAMPLE}`, { packages });
  const healed = await change({ webex_calling: { status: "provisioned" } });
  expect(healed.body).toMatchObject({ status: "provisioned", externalId: EXAMPLE });
  expect(healed.body.resourceDetails.packages).toContainEqual({
    name: "webex_calling",
    status: "provisioned",
  });
  const broken = await change({ webex_suite: { status: "error", errors: [FAILED] } });
  expect(broken.body.status).toBe("provisioned_with_errors");
  const { body } = await wholesale("GET", `/wholesale/customers?externalId=${EXAMPLE}`);
  expect(body.items[0].resourceDetails.packages).toContainEqual({
    name: "webex_suite",
    status: "error",
    errors: [FAILED],
  });
});

test("a change merges packages by name: null takes one away, a new name adds one", async () => {
  const { control } = await startTwins();
  const packages = { webex_voice: null, hologram: { status: "levitating" } };
  const { body } = await control("PATCH", `/customers/${EXAMPLE}`, { packages });
  expect(body.packages).toEqual([
    "common_area_calling",
    "webex_calling",
    "webex_meetings",
    "webex_suite",
    "cx_essentials",
    "hologram",
  ]);
  expect(body.resourceDetails.packages.map(({ name }: { name: string }) => name)).toEqual(body.packages);
});

test("other fields of a customer change too, also to what the API does not know yet", async () => {
  const { control, wholesale } = await startTwins();
  const change = {
    status: "hibernating",
    externalId: "Acme-1",
    address: { city: "Ulm" },
    name: "Acme GmbH",
    tier: 3,
  };
  const { body } = await control("PATCH", `/customers/${EXAMPLE}`, change);
  expect(body).toMatchObject({ ...change, address: { city: "Ulm", country: "US" } });
  const listed = await wholesale("GET", "/wholesale/customers?status=hibernating&externalId=Acme-1");
  expect(listed.body.items).toHaveLength(1);
  expect((await wholesale("GET", `/wholesale/customers?externalId=${EXAMPLE}`)).body.items).toEqual([]);
});

test("an invalid change is refused and changes nothing", async () => {
  const { control } = await startTwins();
  const before = (await control("GET", `/customers/${EXAMPLE}`)).body;
  for (const change of [{ packages: { webex_calling: { errors: "none" } } }, { status: 5 }, { id: "another" }]) {
    expect((await control("PATCH", `/customers/${EXAMPLE}`, change)).status).toBe(400);
  }
  expect((await control("PATCH", "/customers/nobody", {})).status).toBe(404);
  expect((await control("GET", `/customers/${EXAMPLE}`)).body).toEqual(before);
});

test("customers are added and removed", async () => {
  const { control, wholesale } = await startTwins({ customers: 10 });
  const order = {
    externalId: "New-1",
    name: "New Ltd",
    packages: { webex_calling: { status: "error", errors: [FAILED] } },
  };
  const { status, body } = await control("POST", "/customers", order);
  expect(status).toBe(201);
  expect(body).toMatchObject({
    externalId: "New-1",
    name: "New Ltd",
    status: "error",
    packages: ["webex_calling"],
  });
  expect((await control("GET", "/world")).body.customers).toBe(11);
  expect((await control("DELETE", `/customers/${body.id}`)).status).toBe(204);
  expect((await wholesale("GET", `/wholesale/customers/${body.id}`)).status).toBe(404);
  expect((await control("DELETE", `/customers/${EXAMPLE}`)).status).toBe(204);
  expect((await wholesale("GET", "/wholesale/customers")).body.items).toHaveLength(9);
});

test("customers are searched by word and status, a page at a time", async () => {
  const { control } = await startTwins();
  const all = (await control("GET", "/customers?max=1000")).body;
  expect(all.items).toHaveLength(all.total);
  const { name, address } = all.items[7];
  const found = (await control("GET", `/customers?q=${encodeURIComponent(name.toUpperCase())}`)).body;
  expect(found.items).toContainEqual(all.items[7]);
  const inTown = (await control("GET", `/customers?q=${encodeURIComponent(address.city)}&max=1&offset=1`)).body;
  expect(inTown.total).toBeGreaterThan(1);
  expect(inTown.items).toHaveLength(1);
});

const unhealthyCount = async ({ control }: Awaited<ReturnType<typeof startTwins>>) => {
  const { byStatus } = (await control("GET", "/world")).body;
  return (byStatus.error ?? 0) + (byStatus.provisioned_with_errors ?? 0);
};

test("a storm breaks the given number of packages with one error, and heal-all heals everything", async () => {
  const twins = await startTwins();
  const before = await unhealthyCount(twins);
  const { body } = await twins.control("POST", "/scenarios/storm", { n: 30, code: 2560 });
  expect(body.changed).toHaveLength(30);
  expect(await unhealthyCount(twins)).toBe(before + 30);
  const { body: hit } = await twins.control("GET", `/customers/${encodeURIComponent(body.changed[0])}`);
  expect(JSON.stringify(hit)).toContain('"errorCode":2560');
  await twins.control("POST", "/scenarios/heal-all");
  expect(await unhealthyCount(twins)).toBe(0);
  const { body: all } = await twins.control("GET", "/customers?max=1000");
  expect(JSON.stringify(all)).not.toContain('"status":"error"');
});

test("break-one breaks the given customer and package", async () => {
  const { control } = await startTwins();
  const { body } = await control("POST", "/scenarios/break-one", {
    customer: EXAMPLE,
    package: "webex_voice",
    code: 7,
  });
  expect(body.changed).toEqual([EXAMPLE]);
  const { body: customer } = await control("GET", `/customers/${EXAMPLE}`);
  expect(customer.resourceDetails.packages).toContainEqual({
    name: "webex_voice",
    status: "error",
    errors: [{ errorCode: 7, description: "Error 7." }],
  });
});

test("maintenance is one code on the calling of 40 customers, and Webex Status tells of it", async () => {
  const { control } = await startTwins();
  const { body } = await control("POST", "/scenarios/maintenance");
  expect(body.changed).toHaveLength(40);
  expect((await control("GET", "/status/index.json")).body).toMatchObject({
    status: { indicator: "yellow" },
    incidents: [],
    scheduled_maintenances: [{ name: "Webex Calling upgrade", status: "in_progress", resolved_at: null }],
  });
  await control("POST", "/scenarios/all-clear");
  expect((await control("GET", "/status/index.json")).body).toMatchObject({ scheduled_maintenances: [] });
  const { items } = (await control("GET", "/customers?max=1000")).body;
  const hit = items.filter(({ externalId }: { externalId: string }) => body.changed.includes(externalId));
  for (const { resourceDetails } of hit) {
    expect(resourceDetails.packages).toContainEqual(
      expect.objectContaining({
        name: "webex_calling",
        status: "error",
        errors: [expect.objectContaining({ errorCode: 2560 })],
      }),
    );
  }
});

test("a package flaps the given number of times, and is provisioned at the end of the scenario", async () => {
  const time = pausedTime();
  const twins = await startTwins({ time });
  const before = await unhealthyCount(twins);
  await twins.control("POST", "/scenarios/flap", { times: 4 });
  expect((await twins.control("GET", "/world")).body.scenarios).toEqual(["flap"]);
  for (const more of [0, 1]) {
    time.advance(45_000);
    await expect.poll(() => unhealthyCount(twins)).toBe(before + more);
  }
  time.advance(45_000);
  await expect.poll(async () => (await twins.control("GET", "/world")).body.scenarios).toEqual([]);
  expect(await unhealthyCount(twins)).toBe(before);
});

test("new customers are provisioned, and at the end one of them has failed", async () => {
  const time = pausedTime();
  const { control } = await startTwins({ time });
  const { body } = await control("POST", "/scenarios/onboarding", { n: 3 });
  const statuses = async () =>
    Promise.all(
      body.changed.map(
        async (id: string) => (await control("GET", `/customers/${encodeURIComponent(id)}`)).body.status,
      ),
    );
  expect(await statuses()).toEqual(["provisioning", "provisioning", "provisioning"]);
  time.advance(60_000);
  await expect.poll(statuses).toEqual(["provisioned", "provisioned", "error"]);
});

test("all-clear ends scenarios and faults", async () => {
  const { control } = await startTwins();
  await control("POST", "/scenarios/flap", {});
  await control("POST", "/scenarios/churn", { perMinute: 1 });
  await control("POST", "/scenarios/webex-down");
  await control("POST", "/scenarios/all-clear");
  expect((await control("GET", "/world")).body).toMatchObject({ faults: [], scenarios: [] });
});

test("every listed scenario can be started, and the answer to an unknown one lists them", async () => {
  const { control } = await startTwins();
  const { body: scenarios } = await control("GET", "/scenarios");
  for (const { name, description } of scenarios) {
    expect(description).toMatch(/\.$/);
    expect((await control("POST", `/scenarios/${name}`)).status).toBe(200);
  }
  for (const wrong of ["tsunami", "constructor"]) {
    const { status, body } = await control("POST", `/scenarios/${wrong}`);
    expect(status).toBe(404);
    expect(body.message).toContain("storm");
  }
  expect((await control("POST", "/scenarios/storm", { size: 3 })).status).toBe(400);
});

test("the same seed makes the same world, another seed another one", async () => {
  const list = async (seed: number) =>
    (await (await startTwins({ seed })).control("GET", "/customers?max=100")).body.items;
  const world = await list(7);
  expect(await list(7)).toEqual(world);
  expect((await list(8)).slice(1)).not.toEqual(world.slice(1));
});

test("the lint's problems of a card are reported for any message, however old", async () => {
  const { control, bot, noc } = await startTwins();
  const { body: card } = await bot("POST", "/messages", { roomId: noc, text: "card", attachments: [CARD] });
  expect((await control("GET", `/messages/${card.id}/lint`)).body).toEqual({ findings: [] });
  expect((await control("GET", "/messages/nothing/lint")).status).toBe(404);
});

test("the bot's environment has all it needs, with either kind of Wholesale token", async () => {
  const { control, sandbox, people } = await startTwins();
  const { body } = await control("GET", "/bot-env");
  expect(body).toEqual(sandbox.botEnv());
  expect(body).toMatchObject({
    WEBEX_BOT_TOKEN: people.bot.token,
    WEBEX_API_URL: `${sandbox.url}/v1`,
    WHOLESALE_API_URL: `${sandbox.url}/v1`,
    ADMINS: people.admin.email,
    OPERATORS: people.operator.email,
    PUBLIC_URL: `http://127.0.0.1:${body.PORT}`,
  });
  const { body: refreshing } = await control("GET", "/bot-env?wholesale=refresh");
  expect(refreshing).not.toHaveProperty("WHOLESALE_ACCESS_TOKEN");
  expect(refreshing).toHaveProperty("WHOLESALE_REFRESH_TOKEN");
  const file = await (await fetch(`${sandbox.url}/sandbox/bot-env?format=env`)).text();
  expect(parseEnv(file)).toEqual(sandbox.botEnv());
});

test("a bot that the sandbox did not start cannot be stopped there", async () => {
  const { control } = await startTwins();
  expect((await control("POST", "/bot", { action: "stop" })).status).toBe(409);
});
