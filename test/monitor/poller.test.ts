import { expect, onTestFinished, test } from "vitest";
import { startPoller } from "../../src/monitor/poller.ts";
import { onFile } from "../support/databases.ts";
import { until } from "../support/until.ts";
import { createTestLog } from "../wholesale/scripted-api.ts";
import { customersOf, startScriptedWorld } from "./scripted-world.ts";

const HOUR = 3_600_000;

onFile((database) => {
  const begin = async (timing: { readonly sweepMs: number; readonly watchMs: number }) => {
    const store = await database.open();
    const settled = await startScriptedWorld(store, customersOf(150));
    const start = () => {
      const deps = {
        ...settled.deps,
        ...timing,
        rooms: store.rooms,
        alerts: store.alerts,
        clock: Date.now,
        callsPerMinute: 120,
      };
      const monitor = startPoller(deps);
      onTestFinished(() => monitor.stop());
      return monitor;
    };
    const events = (event: string) => settled.log.lines.filter((line) => line.event === event);
    const status = async (id: string) => (await store.snapshot.get("", id))[0]?.customer.status;
    return { store, start, events, status, ...settled };
  };

  test("the first sweep is at once, and a look between two sweeps sees who fell ill", async () => {
    const { world, start, events, status } = await begin({ sweepMs: HOUR, watchMs: 20 });
    start();
    await until(() => expect(events("sweep.complete")).toHaveLength(1));
    world.customers = [{ id: "healthy-0", status: "error" }, ...customersOf(150).slice(1)];
    await until(async () => expect(await status("healthy-0")).toBe("error"));
    expect(events("sweep.complete")).toHaveLength(1);
  });

  test("sweeps come again and again, also after one that failed", async () => {
    const { world, start, events } = await begin({ sweepMs: 20, watchMs: HOUR });
    world.failure = (_, index) => (index === 2 ? { status: 401 } : undefined);
    start();
    await until(() => expect(events("sweep.complete").length).toBeGreaterThan(2));
    expect(events("sweep.failed")).toHaveLength(1);
  });

  test("a sub-partner that a space was bound to is swept as a scope of its own", async () => {
    const { store, start, events } = await begin({ sweepMs: 50, watchMs: HOUR });
    start();
    await store.rooms.bind("north room", "north", "ada", Date.now());
    await until(() => {
      expect(events("sweep.complete").map(({ fields }) => fields?.scope)).toContain("north");
    });
    expect(await store.snapshot.age("north")).toMatchObject({ customers: 150 });
  });

  test("a world that shrank by more than half is believed the second time", async () => {
    const { world, start, events } = await begin({ sweepMs: 20, watchMs: HOUR });
    start();
    await until(() => expect(events("sweep.complete").length).toBeGreaterThan(0));
    world.customers = customersOf(10);
    await until(() => {
      expect(events("sweep.complete").at(-1)?.fields).toMatchObject({ customers: 10 });
    });
    expect(events("sweep.suspect")).toHaveLength(1);
  });

  test("stopping does not wait for the API, and the next start goes on from there", async () => {
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

  test("an instance leaves the customers alone as long as another has swept them lately", async () => {
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
    // The idle one lives in the past: to it, every sweep of the other is of just now.
    start();
    await until(() => expect(events("sweep.complete").length).toBeGreaterThan(0));
    world.now += 60;
    await until(() => expect(events("sweep.complete").length).toBeGreaterThan(5));
    expect(log.lines).toHaveLength(1);
  });
});
