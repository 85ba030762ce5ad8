import { expect, onTestFinished, test } from "vitest";
import { startPoller } from "../../src/monitor/poller.ts";
import { onFile } from "../support/databases.ts";
import { HOUR, MINUTE } from "../support/time.ts";
import { until } from "../support/until.ts";
import { createTestLog } from "../wholesale/scripted-api.ts";
import { customersOf, startScriptedWorld } from "./scripted-world.ts";

onFile((database) => {
  const begin = async (timing: { readonly sweepMs: number; readonly watchMs: number }) => {
    const store = await database.open();
    const scripted = await startScriptedWorld(store, customersOf(150));
    let shiftMs = 0;
    const start = () => {
      const deps = {
        ...scripted.deps,
        ...timing,
        rooms: store.rooms,
        alerts: store.alerts,
        clock: () => Date.now() + shiftMs,
        callsPerMinute: 120,
      };
      const monitor = startPoller(deps);
      onTestFinished(() => monitor.stop());
      return monitor;
    };
    const events = (event: string) => scripted.log.lines.filter((line) => line.event === event);
    const status = async (id: string) => (await store.snapshot.get("", id))[0]?.customer.status;
    const advanceClock = (ms: number): void => {
      shiftMs += ms;
    };
    return { store, start, advanceClock, events, status, ...scripted };
  };

  test("the first sweep starts at once, and a quick poll between two sweeps finds a new error", async () => {
    const { world, start, events, status } = await begin({ sweepMs: HOUR, watchMs: 20 });
    start();
    await until(() => expect(events("sweep.complete")).toHaveLength(1));
    world.customers = [{ id: "healthy-0", status: "error" }, ...customersOf(150).slice(1)];
    await until(async () => expect(await status("healthy-0")).toBe("error"));
    expect(events("sweep.complete")).toHaveLength(1);
  });

  test("sweeps are repeated, also after a failed one", async () => {
    const { world, start, events } = await begin({ sweepMs: 20, watchMs: HOUR });
    world.failure = (_, index) => (index === 2 ? { status: 401 } : undefined);
    start();
    await until(() => expect(events("sweep.complete").length).toBeGreaterThan(2));
    expect(events("sweep.failed")).toHaveLength(1);
  });

  test("a sub-partner with a bound space is swept as its own scope", async () => {
    const { store, start, events } = await begin({ sweepMs: 50, watchMs: HOUR });
    start();
    await store.rooms.bind("north room", "north", "ada", Date.now());
    await until(() => {
      expect(events("sweep.complete").map(({ fields }) => fields?.scope)).toContain("north");
    });
    expect(await store.snapshot.age("north")).toMatchObject({ customers: 150 });
  });

  test("a suspect sweep is repeated, and nothing is removed", async () => {
    const { world, start, events, status } = await begin({ sweepMs: 20, watchMs: HOUR });
    start();
    await until(() => expect(events("sweep.complete").length).toBeGreaterThan(0));
    world.customers = customersOf(10);
    await until(() => expect(events("sweep.suspect").length).toBeGreaterThan(3));
    expect(events("sweep.complete").filter(({ fields }) => fields?.customers === 10)).toEqual([]);
    expect(await status("healthy-149")).toBe("provisioned");
  });

  test("ALERTS 5: a quick poll finds a new error while a sweep waits for a page", async () => {
    const { world, start, events, status } = await begin({ sweepMs: HOUR, watchMs: 20 });
    world.failure = ({ query }) =>
      query.get("offset") === "100" && !query.has("status") ? { fault: "silence" } : undefined;
    start();
    await until(async () => expect(await status("healthy-0")).toBe("provisioned"));
    world.customers = [{ id: "healthy-0", status: "error" }, ...customersOf(150).slice(1)];
    await until(async () => expect(await status("healthy-0")).toBe("error"));
    expect(events("sweep.complete")).toEqual([]);
  });

  test("ALERTS 16: what a quick poll sees before the first sweep after a break is late as well", async () => {
    const { world, start, store, advanceClock, events } = await begin({ sweepMs: HOUR, watchMs: 20 });
    const before = start();
    await until(() => expect(events("sweep.complete")).toHaveLength(1));
    await before.stop();
    advanceClock(12 * MINUTE);
    world.customers = [{ id: "healthy-0", status: "error" }, ...customersOf(150).slice(1)];
    world.failure = ({ query }) => (query.has("status") ? undefined : { fault: "silence" });
    start();
    await until(async () => expect(await store.alerts.active("")).toHaveLength(1));
    const [alert] = await store.alerts.active("");
    expect(alert?.lateMs).toBeGreaterThanOrEqual(12 * MINUTE);
    expect(events("sweep.complete")).toHaveLength(1);
  });

  test("stopping does not wait for the API, and the next start continues the sweep", async () => {
    const { world, start, store, events } = await begin({ sweepMs: HOUR, watchMs: HOUR });
    world.failure = ({ query }) => (query.get("offset") === "100" ? { fault: "silence" } : undefined);
    const monitor = start();
    await until(async () => {
      expect((await store.snapshot.age("")).current).toMatchObject({ customers: 100 });
    });
    await monitor.stop();
    world.failure = undefined;
    start();
    await until(() => expect(events("sweep.complete")).toHaveLength(1));
    expect(events("sweep.complete")[0]?.fields).toMatchObject({ resumed: true, customers: 150 });
  });

  test("an instance does not sweep while another one sweeps often enough", async () => {
    const { world, deps, start, events, store } = await begin({ sweepMs: 50, watchMs: HOUR });
    const log = createTestLog();
    const clock = () => world.now;
    const timing = { sweepMs: 50, watchMs: HOUR, callsPerMinute: 120, clock };
    const idle = startPoller({
      ...deps,
      ...timing,
      rooms: store.rooms,
      alerts: store.alerts,
      holder: "idle",
      log,
    });
    onTestFinished(() => idle.stop());
    await until(() => expect(log.lines).toHaveLength(1));
    // The clock of the idle instance is in the past, so every sweep of the other one is recent to it.
    start();
    await until(() => expect(events("sweep.complete").length).toBeGreaterThan(0));
    world.now += 60;
    await until(() => expect(events("sweep.complete").length).toBeGreaterThan(5));
    expect(log.lines).toHaveLength(1);
  });
});
