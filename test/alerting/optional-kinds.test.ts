import { expect, test } from "vitest";
import type { ProvisioningClass } from "../../src/domain/customers/customer.ts";
import { customerOf, fieldFilter, problemWithCode } from "../support/alert-fixtures.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { DAY, HOUR, MINUTE } from "../support/time.ts";
import { type DeliveryRecord, describeDeliveries } from "./deliver-messages.ts";
import { openEngineHarness } from "./engine-harness.ts";

/** The optional kinds of a watch (ALERTS 17), and follows. */

const acme = (calling: string, suite = "provisioned") => customerOf("acme", { calling, suite });
const warned = {
  ...acme("provisioned"),
  packages: [{ name: "calling", status: "provisioned", problems: [problemWithCode(7)] }],
};
const globex = customerOf("globex", { calling: "provisioned" });

onEveryDatabase((database) => {
  async function swept(customers = [acme("provisioned"), globex]) {
    const harness = openEngineHarness(await database.open());
    await harness.sweep(customers);
    await harness.watch("hq");
    await harness.deliver();
    harness.clock.now += MINUTE;
    return harness;
  }

  test("stuck: MOVING for 2 h is notified if a watch requests it, and so is the recovery", async () => {
    const { watch, sweep, deliver, deliverAll, queued, all, clock } = await swept();
    await watch("lab", [], { stuck: true });
    await deliver();
    await sweep([acme("updating"), globex]);
    clock.now += 2 * HOUR - 2;
    await sweep([acme("updating"), globex]);
    expect(await all()).toEqual([]);
    clock.now += 1;
    await sweep([acme("updating"), globex]);
    expect(await all()).toMatchObject([{ key: { kind: "stuck", item: "calling" }, status: "updating" }]);
    expect(await queued("hq")).toEqual([]);
    expect(describeDeliveries(await deliverAll())).toEqual(["lab: alert acme.calling"]);
    for (const _ of [1, 2]) await sweep([acme("provisioned"), globex]);
    expect(await queued("lab")).toEqual(["recovery #1"]);
  });

  test("stuck: the alert of a removed package closes", async () => {
    const { watch, sweep, lookup, all, clock } = await swept([acme("updating"), globex]);
    await watch("lab", [], { stuck: true });
    clock.now += 3 * HOUR;
    await sweep([acme("updating"), globex]);
    const without = customerOf("acme", { suite: "provisioned" });
    await sweep([without, globex]);
    expect(await sweep([without, globex])).toMatchObject({ itemsAbsentTwice: ["acme"] });
    await lookup([without]);
    expect(await all()).toMatchObject([{ state: "closed", reason: "package removed" }]);
  });

  test("warnings: of provisioned items, if a watch requests them", async () => {
    const { watch, sweep, deliver, deliverAll, queued, all } = await swept();
    await sweep([warned, globex]);
    expect(await all()).toEqual([]);
    await watch("lab", [], { warnings: true });
    await deliver();
    await sweep([acme("provisioned"), { ...globex, problems: [problemWithCode(8)] }]);
    expect(await queued("hq")).toEqual([]);
    expect(describeDeliveries(await deliverAll())).toContain("lab: alert globex.*");
  });

  test("warnings: also those that have no code, of a package and of the customer itself", async () => {
    const { watch, sweep, deliver, deliverAll } = await swept();
    await watch("lab", [], { warnings: true });
    await deliver();
    const uncoded = { level: "warning", text: "The address is incomplete." } as const;
    const calling = { name: "calling", status: "provisioned", problems: [uncoded] };
    await sweep([
      { ...acme("provisioned"), packages: [calling] },
      { ...globex, problems: [uncoded] },
    ]);
    expect(describeDeliveries(await deliverAll())).toEqual(["lab: alert acme.calling globex.*"]);
  });

  test("ALERTS 15: alerts of a kind that a watch is the first to request are in its baseline", async () => {
    const { watch, sweep, deliver, deliverAll, queued } = await swept([warned, globex]);
    await watch("lab", [], { warnings: true });
    expect(describeDeliveries(await deliver())).toEqual(["lab: baseline acme.calling"]);
    await sweep([warned, globex]);
    expect(await queued("lab")).toEqual([]);
    expect(await deliverAll()).toEqual([]);
  });

  const bare = customerOf("acme", {});
  const linesOf = (deliveries: readonly DeliveryRecord[], to: string) =>
    deliveries.filter((one) => one.to === to).flatMap(({ message }) => message.notices[0]?.details.lines ?? []);

  test("removed: packages that two sweeps miss, and customers, are one message to each space that requests it", async () => {
    const { watch, sweep, lookup, deliver, deliverAll, queued, wait } = await swept();
    await watch("lab", [], { removed: true });
    await watch("noc", fieldFilter("externalId", "nobody"), { removed: true });
    await watch("ops", fieldFilter("package", "calling"), { removed: true });
    await deliver();
    await sweep([bare, globex]);
    expect(await queued("lab")).toEqual([]);
    await sweep([bare, globex]);
    await lookup([], ["globex"]);
    expect([await queued("hq"), await queued("noc")]).toEqual([[], []]);
    await wait(MINUTE);
    const deliveries = await deliverAll();
    expect(linesOf(deliveries, "lab")).toEqual([
      "Removed from Webex",
      ...["acme · calling", "acme · suite", "globex · customer"],
    ]);
    expect(linesOf(deliveries, "ops")).toEqual(["Removed from Webex", "acme · calling", "globex · customer"]);
    await sweep([bare]);
    expect(await queued("lab")).toEqual([]);
  });

  test("removed: a package that comes back, or is muted, is not notified", async () => {
    const { watch, sweep, mute, deliver, queued } = await swept();
    await watch("lab", [], { removed: true });
    await deliver();
    await sweep([bare, globex]);
    await sweep([acme("provisioned"), globex]);
    await sweep([acme("provisioned"), globex]);
    expect(await queued("lab")).toEqual([]);
    await mute("lab", fieldFilter("externalId", "acme"));
    for (const _ of [1, 2]) await sweep([bare, globex]);
    expect(await queued("lab")).toEqual([]);
  });

  test("ALERTS 31: removed: nothing is notified during an outage, but after it", async () => {
    const { watch, recordPage, sweep, deliver, runScheduled, queued, clock, store } = await swept();
    await watch("lab", [], { removed: true });
    await deliver();
    await store.outbox.recordReadFailure("", { cause: "wholesale.unauthorized", isUnauthorized: true }, clock.now);
    await runScheduled();
    await deliver();
    await recordPage([bare]);
    await sweep([bare], { end: { state: "suspect" } });
    await sweep([bare], { end: { state: "failed" } });
    expect(await queued("lab")).toEqual([]);
    await sweep([bare, globex]);
    expect(await queued("lab")).toContain("report");
  });

  test("removed: the end of a notified alert is not reported as well", async () => {
    const { watch, sweep, lookup, deliver, deliverAll, queued, wait } = await swept();
    await watch("lab", [], { removed: true });
    await sweep([acme("error"), globex]);
    await wait(MINUTE);
    await deliverAll();
    // While it is being deleted it is not in error.
    await sweep([acme("deleting"), globex]);
    for (const _ of [1, 2]) await sweep([customerOf("acme", { suite: "provisioned" }), globex]);
    await lookup([customerOf("acme", { suite: "provisioned" })]);
    expect(await queued("lab")).toEqual(["recovery #1"]);
    await wait(5 * MINUTE);
    await deliver();
    // That alert is closed, so it does not tell of later removals.
    await lookup([], ["acme"]);
    expect(await queued("lab")).toEqual(["report"]);
  });

  test("removed: the baseline of a new watch does not replace a report", async () => {
    const { watch, lookup, deliver, queued } = await swept();
    await watch("lab", [], { removed: true });
    await deliver();
    await lookup([], ["globex"]);
    await watch("lab", fieldFilter("code", "1"));
    expect(await queued("lab")).toEqual(["report", "baseline"]);
  });

  const following = (customerId: string, now: ProvisioningClass, since = 0) =>
    ({
      kind: "follow",
      follow: { personId: "ben", scope: "", customerId, title: `“${customerId}”`, class: now, since },
    }) as const;
  const withStatus = (id: string, status: string) => ({ ...customerOf(id, {}), status });

  test("follow: a person is notified once how a customer ended", async () => {
    const { change, recordPage, deliver } = await swept([withStatus("acme", "provisioning"), globex]);
    await change("hq", following("acme", "moving"));
    await recordPage([withStatus("acme", "updating")]);
    expect(await deliver()).toEqual([]);
    await recordPage([withStatus("acme", "error")]);
    const deliveries = await deliver();
    expect(describeDeliveries(deliveries)).toEqual(["ben: follow"]);
    expect(deliveries[0]?.message.notices[0]?.details.lines).toMatchObject([
      expect.stringContaining("“acme”"),
      expect.stringContaining("error"),
    ]);
    await recordPage([withStatus("acme", "provisioned")]);
    expect(await deliver()).toEqual([]);
  });

  test("follow: a customer that is BAD or GOOD already must change first", async () => {
    const { change, recordPage, deliver } = await swept([withStatus("acme", "error"), globex]);
    await change("hq", following("acme", "bad"));
    await recordPage([{ ...withStatus("acme", "error"), problems: [problemWithCode(1)] }]);
    expect(await deliver()).toEqual([]);
    await recordPage([withStatus("acme", "updating")]);
    await recordPage([withStatus("acme", "error")]);
    expect(describeDeliveries(await deliver())).toEqual(["ben: follow"]);
  });

  test("follow: two that end at the same time are two messages; a removal is notified as well", async () => {
    const { change, recordPage, lookup, deliver } = await swept([
      withStatus("acme", "updating"),
      withStatus("globex", "updating"),
    ]);
    await change("hq", following("acme", "moving"));
    await change("hq", following("globex", "moving"));
    await recordPage([withStatus("acme", "provisioned"), withStatus("globex", "provisioned")]);
    expect(describeDeliveries(await deliver())).toEqual(["ben: follow", "ben: follow"]);
    await change("hq", following("acme", "good"));
    await lookup([], ["acme"]);
    expect(describeDeliveries(await deliver())).toEqual(["ben: follow"]);
  });

  test("follow: a customer that changed after the person read its status is notified at once", async () => {
    const { change, deliver } = await swept([withStatus("acme", "provisioned"), globex]);
    await change("hq", following("acme", "moving"));
    expect(describeDeliveries(await deliver())).toEqual(["ben: follow"]);
  });

  test("follow: a customer that one sweep misses is still followed", async () => {
    const { change, sweep, deliver, clock } = await swept([withStatus("acme", "updating"), globex]);
    await change("hq", following("acme", "moving"));
    await sweep([globex]);
    clock.now += DAY;
    await sweep([withStatus("acme", "provisioned"), globex]);
    expect(describeDeliveries(await deliver())).toContain("ben: follow");
  });
});
