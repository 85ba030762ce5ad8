import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Sweep } from "../src/domain/customers/sweep.ts";
import { Failure } from "../src/errors.ts";
import { createCallStatus, createHealth, snapshotCheck } from "../src/health.ts";
import { onFile } from "./support/databases.ts";

const NOW = Date.UTC(2026, 10, 23, 9);
const ago = (seconds: number) => NOW - seconds * 1000;
const sweep: Sweep = {
  id: 1,
  scope: "",
  startedAt: ago(20),
  state: "running",
  customers: 4_200,
  unreadable: 0,
  calls: 42,
  resumed: false,
};
const failed = { ...sweep, state: "failed", cause: "wholesale.unauthorized" } as const;

test.each([
  [{ customers: 0 }, true, "not read yet"],
  [{ customers: 0, current: sweep }, true, "reading: 4,200 customers so far"],
  [{ customers: 250, completeAt: ago(40) }, true, "250 customers, 40 s ago"],
  [{ customers: 250, completeAt: ago(40), current: sweep }, true, "250 customers, 40 s ago"],
  [{ customers: 9, current: failed }, false, "the Wholesale API failed: Webex refused the token (401)"],
  [
    { customers: 250, completeAt: ago(340), current: failed },
    false,
    "the Wholesale API failed: Webex refused the token (401); the last complete one: 250 customers, 5 min 40 s ago",
  ],
  [{ customers: 250, completeAt: ago(5), current: failed }, true, "250 customers, 5 s ago"],
  [
    { customers: 4_000, completeAt: ago(340), current: { ...sweep, customers: 0, state: "suspect" } },
    false,
    "the list of Webex has only 0 of 4,000 customers, so it is not used; the last complete one: 4,000 customers, 5 min 40 s ago",
  ],
] as const)("a snapshot like %j is well: %s, %s", (age, ok, detail) => {
  expect(snapshotCheck(age, NOW)).toEqual({ name: "Snapshot", vital: false, stopsHeartbeat: false, ok, detail });
});

onFile((database) => {
  /** The state of a bot, and how to change it. */
  async function begin() {
    const store = await database.open();
    let now = NOW;
    const clock = () => now;
    let failure: Error | undefined;
    let writes = 0;
    let isHanging = false;
    const status = {
      events: createCallStatus(clock),
      wholesale: createCallStatus(clock),
      messages: createCallStatus(clock),
    };
    const tryWrite = async () => {
      writes += 1;
      if (failure) throw failure;
      if (isHanging) await new Promise(() => undefined);
      await store.tryWrite();
    };
    await status.events.track(async () => undefined);
    const deps = { ...status, hearsBy: "Webex webhooks", webexSkewMs: () => undefined, clock } as const;
    const health = createHealth({ store: { ...store, tryWrite }, ...deps });
    const failing = async () => (await health()).checks.filter(({ ok }) => !ok);
    return {
      store,
      status,
      health,
      failing,
      writes: () => writes,
      wait: (ms: number) => {
        now += ms;
      },
      fillDisk: () => {
        failure = new Error("full");
      },
      hang: () => {
        isHanging = true;
      },
    };
  }

  test("ALERTS 32: only a database that cannot be written stops the traffic; a write is tried every 10 s", async () => {
    const { failing, writes, wait, fillDisk } = await begin();
    for (const _ of [1, 2]) expect(await failing()).toEqual([]);
    expect(writes()).toBe(1);
    fillDisk();
    expect(await failing()).toEqual([]);
    wait(10_000);
    expect(await failing()).toMatchObject([{ name: "Database", vital: true, stopsHeartbeat: true }]);
  });

  test("a thousand questions of a stranger at once are one look into the database", async () => {
    const { store, health } = await begin();
    let looks = 0;
    const { waiting } = store.inbox;
    store.inbox.waiting = () => {
      looks += 1;
      return waiting();
    };
    const reports = await Promise.all(Array.from({ length: 1_000 }, health));
    expect(reports.every(({ checks }) => checks.every(({ ok }) => ok))).toBe(true);
    expect(looks).toBe(1);
  });

  test("a database that does not answer is told within 2 s, and nothing else waits for it", async () => {
    const { failing, hang } = await begin();
    hang();
    expect(await failing()).toMatchObject([{ name: "Database", vital: true }]);
  });

  test.each(["deleted", "overwritten", "replaced", "left without its journal"] as const)(
    "ALERTS 32: a file database that was %s cannot be written",
    async (what) => {
      const { failing, wait } = await begin();
      expect(await failing()).toEqual([]);
      const path = join(database.location().dataDir, "bot.db");
      if (what === "left without its journal") rmSync(`${path}-wal`);
      else if (what !== "overwritten") renameSync(path, `${path}.away`);
      if (what === "overwritten" || what === "replaced") writeFileSync(path, "x".repeat(8192));
      wait(10_000);
      expect(await failing()).toMatchObject([{ name: "Database", vital: true }]);
    },
  );

  test.each([
    ["events", "Webex webhooks"],
    ["messages", "Webex messages"],
  ] as const)("ALERTS 32: %s that fail degrade the bot and stop the heartbeat", async (name, check) => {
    const { failing, status } = await begin();
    const call = async () => {
      throw new Failure("webex.unavailable", "Webex is down.", "Wait.", { retryable: true });
    };
    await expect(status[name].track(call)).rejects.toThrow();
    expect(await failing()).toMatchObject([{ name: check, vital: false, stopsHeartbeat: true }]);
  });

  test("ALERTS 6, 31, 32: a list that is not believed is named, and stops the heartbeat", async () => {
    const { failing, store } = await begin();
    const fence = await store.leases.acquire("", "ada", NOW, 60_000);
    if (fence === undefined) throw new Error("Somebody else holds the lease.");
    const { sweep: begun } = await store.writer.beginSweep(fence, NOW);
    const sample = { known: 4_000, absent: 4_000, lookedUp: 10, found: 10, gone: 0, isSinglePage: true };
    await store.writer.endSweep({ ...begun, state: "complete", endedAt: NOW }, { seen: new Set(), sample }, fence);
    expect((await failing()).map(({ name, detail, stopsHeartbeat }) => [name, detail, stopsHeartbeat])).toEqual([
      ["Snapshot", "the list of Webex has only 0 of 0 customers, so it is not used", false],
      ["Sight", "cannot be read for 0 s: the list has 0 of 4,000 customers", true],
    ]);
  });
});

test("ALERTS 7: while the API asks the monitor to wait, /readyz is degraded, until a page is read", () => {
  const status = createCallStatus(() => 0);
  status.record(new Failure("wholesale.busy", "Webex is busy: too many requests at once.", "", { retryable: true }));
  expect(status.check("Wholesale API", false)).toMatchObject({ ok: false, vital: false });
  expect(status.check("Wholesale API", false).detail).toContain("Webex is busy");
  status.record(undefined);
  expect(status.check("Wholesale API", false)).toMatchObject({ ok: true });
});

test("a token that the sweeps are refused with is seen in /readyz", () => {
  const status = createCallStatus(() => 0);
  status.record(new Failure("wholesale.unauthorized", "Webex refused the Wholesale token.", ""));
  expect(status.check("Wholesale API", false)).toMatchObject({ ok: false });
});
