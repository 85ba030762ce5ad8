import { expect, test } from "vitest";
import type { ProvisioningClass } from "../../src/domain/customers/customer.ts";
import { DAY, MINUTE } from "../store/sweep-fixtures.ts";
import { customerOf, fieldFilter, HOUR, problemWithCode } from "../support/alert-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { type DeliveryRecord, describeDeliveries } from "./deliver-messages.ts";
import { openEngineHarness } from "./engine-harness.ts";

/** What a watch may ask for besides errors (ALERTS 17), and how a customer ended that somebody follows. */

const acme = (calling: string, suite = "provisioned") => customerOf("acme", { calling, suite });
const warned = {
  ...acme("provisioned"),
  packages: [{ name: "calling", status: "provisioned", problems: [problemWithCode(7)] }],
};
const globex = customerOf("globex", { calling: "provisioned" });

onEveryDatabase((database) => {
  async function seen(customers = [acme("provisioned"), globex]) {
    const stage = openEngineHarness(await database.open());
    await stage.sweep(customers);
    await stage.watch("hq");
    await stage.deliver();
    stage.clock.now += MINUTE;
    return stage;
  }

  test("stuck: moving for 2 h is told where a watch asks for it, and that it moves no more", async () => {
    const { watch, sweep, deliver, deliverAll, owed, all, clock } = await seen();
    await watch("lab", [], { stuck: true });
    await deliver();
    await sweep([acme("updating"), globex]);
    clock.now += 2 * HOUR - 2;
    await sweep([acme("updating"), globex]);
    expect(await all()).toEqual([]);
    clock.now += 1;
    await sweep([acme("updating"), globex]);
    expect(await all()).toMatchObject([{ key: { kind: "stuck", item: "calling" }, status: "updating" }]);
    expect(await owed("hq")).toEqual([]);
    expect(describeDeliveries(await deliverAll())).toEqual(["lab: alert acme.calling"]);
    for (const _ of [1, 2]) await sweep([acme("provisioned"), globex]);
    expect(await owed("lab")).toEqual(["recovery #1"]);
  });

  test("stuck: a package that is removed is stuck no more", async () => {
    const { watch, sweep, lookUp, all, clock } = await seen([acme("updating"), globex]);
    await watch("lab", [], { stuck: true });
    clock.now += 3 * HOUR;
    await sweep([acme("updating"), globex]);
    const without = customerOf("acme", { suite: "provisioned" });
    await sweep([without, globex]);
    expect(await sweep([without, globex])).toMatchObject({ itemsAbsentTwice: ["acme"] });
    await lookUp([without]);
    expect(await all()).toMatchObject([{ state: "closed", reason: "package removed" }]);
  });

  test("warnings: of what is provisioned, where a watch asks for them", async () => {
    const { watch, sweep, deliver, deliverAll, owed, all } = await seen();
    await sweep([warned, globex]);
    expect(await all()).toEqual([]);
    await watch("lab", [], { warnings: true });
    await deliver();
    await sweep([acme("provisioned"), { ...globex, problems: [problemWithCode(8)] }]);
    expect(await owed("hq")).toEqual([]);
    expect(describeDeliveries(await deliverAll())).toContain("lab: alert globex.*");
  });

  test("ALERTS 15: what there is already of what a watch is the first to ask for stands in its baseline", async () => {
    const { watch, sweep, deliver, deliverAll, owed } = await seen([warned, globex]);
    await watch("lab", [], { warnings: true });
    expect(describeDeliveries(await deliver())).toEqual(["lab: baseline acme.calling"]);
    await sweep([warned, globex]);
    expect(await owed("lab")).toEqual([]);
    expect(await deliverAll()).toEqual([]);
  });

  const bare = customerOf("acme", {});
  const linesOf = (told: readonly DeliveryRecord[], to: string) =>
    told.filter((one) => one.to === to).flatMap(({ message }) => message.notices[0]?.details.lines ?? []);

  test("removed: packages that two sweeps miss, and customers, are told in one message to whoever asks", async () => {
    const { watch, sweep, lookUp, deliver, deliverAll, owed, wait } = await seen();
    await watch("lab", [], { removed: true });
    await watch("noc", fieldFilter("externalId", "nobody"), { removed: true });
    await watch("ops", fieldFilter("package", "calling"), { removed: true });
    await deliver();
    await sweep([bare, globex]);
    expect(await owed("lab")).toEqual([]);
    await sweep([bare, globex]);
    await lookUp([], ["globex"]);
    expect([await owed("hq"), await owed("noc")]).toEqual([[], []]);
    await wait(MINUTE);
    const told = await deliverAll();
    expect(linesOf(told, "lab")).toEqual([
      "Removed from Webex",
      ...["acme · calling", "acme · suite", "globex · customer"],
    ]);
    expect(linesOf(told, "ops")).toEqual(["Removed from Webex", "acme · calling", "globex · customer"]);
    await sweep([bare]);
    expect(await owed("lab")).toEqual([]);
  });

  test("removed: what comes back, and what is muted, is not told", async () => {
    const { watch, sweep, mute, deliver, owed } = await seen();
    await watch("lab", [], { removed: true });
    await deliver();
    await sweep([bare, globex]);
    await sweep([acme("provisioned"), globex]);
    await sweep([acme("provisioned"), globex]);
    expect(await owed("lab")).toEqual([]);
    await mute("lab", fieldFilter("externalId", "acme"));
    for (const _ of [1, 2]) await sweep([bare, globex]);
    expect(await owed("lab")).toEqual([]);
  });

  test("ALERTS 31: removed: nothing is told while the bot is blind, and what went missing meanwhile afterwards", async () => {
    const { watch, page, sweep, deliver, tick, owed, clock, store } = await seen();
    await watch("lab", [], { removed: true });
    await deliver();
    await store.outbox.recordReadFailure("", { cause: "wholesale.unauthorized", refused: true }, clock.now);
    await tick();
    await deliver();
    await page([bare]);
    await sweep([bare], { end: { state: "suspect" } });
    await sweep([bare], { end: { state: "failed" } });
    expect(await owed("lab")).toEqual([]);
    await sweep([bare, globex]);
    expect(await owed("lab")).toContain("report");
  });

  test("removed: what was told in trouble ends by its alert, and is not reported as well", async () => {
    const { watch, sweep, lookUp, deliver, deliverAll, owed, wait } = await seen();
    await watch("lab", [], { removed: true });
    await sweep([acme("error"), globex]);
    await wait(MINUTE);
    await deliverAll();
    // On its way out it is in error no more.
    await sweep([acme("deleting"), globex]);
    for (const _ of [1, 2]) await sweep([customerOf("acme", { suite: "provisioned" }), globex]);
    await lookUp([customerOf("acme", { suite: "provisioned" })]);
    expect(await owed("lab")).toEqual(["recovery #1"]);
    await wait(5 * MINUTE);
    await deliver();
    // That alert is over and says nothing of what goes later.
    await lookUp([], ["acme"]);
    expect(await owed("lab")).toEqual(["report"]);
  });

  test("removed: a new watch does not take away what was about to be told", async () => {
    const { watch, lookUp, deliver, owed } = await seen();
    await watch("lab", [], { removed: true });
    await deliver();
    await lookUp([], ["globex"]);
    await watch("lab", fieldFilter("code", "1"));
    expect(await owed("lab")).toEqual(["report", "baseline"]);
  });

  const following = (customerId: string, now: ProvisioningClass, since = 0) =>
    ({
      kind: "follow",
      follow: { personId: "ben", scope: "", customerId, title: `“${customerId}”`, class: now, since },
    }) as const;
  const withStatus = (id: string, status: string) => ({ ...customerOf(id, {}), status });

  test("follow: whoever waits for a customer is told once how it ended", async () => {
    const { change, page, deliver } = await seen([withStatus("acme", "provisioning"), globex]);
    await change("hq", following("acme", "moving"));
    await page([withStatus("acme", "updating")]);
    expect(await deliver()).toEqual([]);
    await page([withStatus("acme", "error")]);
    const told = await deliver();
    expect(describeDeliveries(told)).toEqual(["ben: follow"]);
    expect(told[0]?.message.notices[0]?.details.lines).toMatchObject([
      expect.stringContaining("“acme”"),
      expect.stringContaining("error"),
    ]);
    await page([withStatus("acme", "provisioned")]);
    expect(await deliver()).toEqual([]);
  });

  test("follow: what is at its end already must have moved first", async () => {
    const { change, page, deliver } = await seen([withStatus("acme", "error"), globex]);
    await change("hq", following("acme", "bad"));
    await page([{ ...withStatus("acme", "error"), problems: [problemWithCode(1)] }]);
    expect(await deliver()).toEqual([]);
    await page([withStatus("acme", "updating")]);
    await page([withStatus("acme", "error")]);
    expect(describeDeliveries(await deliver())).toEqual(["ben: follow"]);
  });

  test("follow: two that end at the same moment are told both, and so is one that is removed", async () => {
    const { change, page, lookUp, deliver } = await seen([
      withStatus("acme", "updating"),
      withStatus("globex", "updating"),
    ]);
    await change("hq", following("acme", "moving"));
    await change("hq", following("globex", "moving"));
    await page([withStatus("acme", "provisioned"), withStatus("globex", "provisioned")]);
    expect(describeDeliveries(await deliver())).toEqual(["ben: follow", "ben: follow"]);
    await change("hq", following("acme", "good"));
    await lookUp([], ["acme"]);
    expect(describeDeliveries(await deliver())).toEqual(["ben: follow"]);
  });

  test("follow: what has ended between the question and the answer is told at once", async () => {
    const { change, deliver } = await seen([withStatus("acme", "provisioned"), globex]);
    await change("hq", following("acme", "moving"));
    expect(describeDeliveries(await deliver())).toEqual(["ben: follow"]);
  });

  test("follow: a customer that is away for a while is still followed", async () => {
    const { change, sweep, deliver, clock } = await seen([withStatus("acme", "updating"), globex]);
    await change("hq", following("acme", "moving"));
    await sweep([globex]);
    clock.now += DAY;
    await sweep([withStatus("acme", "provisioned"), globex]);
    expect(describeDeliveries(await deliver())).toContain("ben: follow");
  });
});
