import { expect, test } from "vitest";
import { MINUTE, pausedTime } from "../support/time.ts";
import { startTwins, type Twins } from "./twins.ts";

const idsOf = (items: readonly { id: string }[]) => items.map(({ id }) => id);
const list = async ({ wholesale }: Twins, query = "max=100") =>
  (await wholesale("GET", `/wholesale/customers?${query}`)).body.items;

test("a package is retried until it succeeds, one change a minute", async () => {
  const time = pausedTime();
  const { control } = await startTwins({ time });
  const order = { package: "webex_calling", code: 2560, customer: "c1677a16-557a-4fb4-b48f-24adde57ec99" };
  const { body } = await control("POST", "/scenarios/retry", order);
  expect(body.changed).toEqual([order.customer]);
  const calling = async () => {
    const { resourceDetails } = (await control("GET", `/customers/${order.customer}`)).body;
    return resourceDetails.packages.find(({ name }: { name: string }) => name === order.package);
  };
  const statuses = [];
  for (let minute = 0; minute <= 4; minute += 1) {
    statuses.push((await calling()).status);
    if (minute === 2) expect((await calling()).errors).toMatchObject([{ errorCode: 2560 }]);
    await control("POST", "/clock", { forward: "1m" });
  }
  expect(statuses).toEqual(["error", "provisioning", "error", "provisioning", "provisioned"]);
  expect((await control("GET", "/world")).body.scenarios).toEqual([]);
});

test("the number and interval of the retries of a package can be chosen", async () => {
  const time = pausedTime();
  const { control } = await startTwins({ time });
  await control("POST", "/scenarios/retry", { times: 1, everyMs: 10 * MINUTE });
  await control("POST", "/clock", { forward: "19m" });
  expect((await control("GET", "/world")).body.scenarios).toEqual(["retry"]);
  await control("POST", "/clock", { forward: "1m" });
  expect((await control("GET", "/world")).body.scenarios).toEqual([]);
});

test("a storm over thousands of customers does not delay other calls", async () => {
  const { control } = await startTwins({ customers: 15_000 });
  const answered: string[] = [];
  const storm = control("POST", "/scenarios/storm", { n: 5_000 }).finally(() => answered.push("storm"));
  await control("GET", "/clock").finally(() => answered.push("clock"));
  expect((await storm).body.changed).toHaveLength(5_000);
  expect(answered).toEqual(["clock", "storm"]);
  const { byStatus } = (await control("GET", "/world")).body;
  await control("POST", "/scenarios/heal-all");
  expect(byStatus.provisioned_with_errors).toBeGreaterThan(5_000);
  expect((await control("GET", "/world")).body.byStatus).not.toHaveProperty("provisioned_with_errors");
});

test.each([
  ["blind-401", 401],
  ["blind-503", 503],
])("%s answers the bot %i until all-clear, and people never", async (name, status) => {
  const { control, wholesale, viewer } = await startTwins();
  await control("POST", `/scenarios/${name}`);
  for (const path of ["/wholesale/customers", "/wholesale/customers/nobody", "/wholesale/subPartners"]) {
    expect((await wholesale("GET", path)).status).toBe(status);
  }
  expect((await viewer("GET", "/rooms")).status).toBe(200);
  await control("POST", "/scenarios/all-clear");
  expect((await wholesale("GET", "/wholesale/customers")).status).toBe(200);
});

test("blind-empty answers that there are no customers, while each of them is still found by its ids", async () => {
  const twins = await startTwins();
  const [example] = await list(twins);
  await twins.control("POST", "/scenarios/blind-empty");
  const { status, headers, body } = await twins.wholesale("GET", "/wholesale/customers");
  expect({ status, body, link: headers.get("link") }).toEqual({
    status: 200,
    body: { items: [] },
    link: null,
  });
  expect(await list(twins, "status=error")).toEqual([]);
  expect((await twins.wholesale("GET", `/wholesale/customers/${example.id}`)).body).toEqual(example);
  expect(await list(twins, `externalId=${example.externalId}`)).toEqual([example]);
  await twins.control("POST", "/scenarios/all-clear");
  expect(await list(twins)).toHaveLength(100);
});

test("blind-half ends the list in the middle, for every filter alike, and names no next page there", async () => {
  const twins = await startTwins({ customers: 120 });
  const all = [...(await list(twins)), ...(await list(twins, "max=100&offset=100"))];
  const failed = await list(twins, "status=error");
  await twins.control("POST", "/scenarios/blind-half");
  const half = idsOf(all).slice(0, 60);
  const first = await twins.wholesale("GET", "/wholesale/customers?max=40");
  expect(idsOf(first.body.items)).toEqual(half.slice(0, 40));
  expect(first.headers.get("link")).toContain("offset=40");
  const last = await twins.wholesale("GET", "/wholesale/customers?max=40&offset=40");
  expect(idsOf(last.body.items)).toEqual(half.slice(40));
  expect(last.headers.get("link")).toBeNull();
  expect(idsOf(await list(twins, "status=error"))).toEqual(idsOf(failed).filter((id) => half.includes(id)));
  const lost = all[100];
  expect((await twins.wholesale("GET", `/wholesale/customers/${lost.id}`)).body).toEqual(lost);
});

test("a false answer is a fault like others: it is listed, counted down, and can be ended", async () => {
  const twins = await startTwins();
  await twins.control("POST", "/faults", { lie: "empty", times: 1 });
  await twins.wholesale("GET", "/wholesale/customers/nobody");
  expect((await twins.control("GET", "/faults")).body).toMatchObject([{ lie: "empty", times: 1 }]);
  expect(await list(twins)).toEqual([]);
  expect(await list(twins)).toHaveLength(100);
  expect((await twins.control("POST", "/faults", { lie: "most" })).status).toBe(400);
});
