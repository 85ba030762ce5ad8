import { expect, test } from "vitest";
import { createCallStatus, createHealth } from "../../src/health.ts";
import { onFile, onPostgres, type TestDatabase } from "../support/databases.ts";

/** The check of the clock, of an instance whose clock is ahead of this machine's. */
async function clockOf(database: TestDatabase, aheadMs: number) {
  const store = await database.open({ wallClock: () => Date.now() + aheadMs });
  const status = createCallStatus(Date.now);
  const health = createHealth({
    store,
    events: status,
    hearsBy: "Webex webhooks",
    wholesale: status,
    messages: status,
    webexSkewMs: () => undefined,
    clock: Date.now,
  });
  return (await health()).checks.find(({ name }) => name === "Clock");
}

onPostgres((database) => {
  test("PRODUCT 6: a clock that agrees with the database server's is well", async () => {
    expect(await clockOf(database, 0)).toMatchObject({ ok: true, vital: false, stopsHeartbeat: false });
    expect(await clockOf(database, 4_000)).toMatchObject({ ok: true });
  });

  test.each([
    [3_600_000, /^(59 min 5\d s|1 h) ahead of the database server; set both by NTP$/],
    [-3_600_000, /^(59 min 5\d s|1 h) behind the database server; set both by NTP$/],
  ])("PRODUCT 6: a clock that is %i ms ahead degrades the bot, and says what to do", async (aheadMs, detail) => {
    expect(await clockOf(database, aheadMs)).toMatchObject({
      ok: false,
      vital: false,
      detail: expect.stringMatching(detail),
    });
  });

  test("a slow answer of the server is no skew", async () => {
    const readings = [Date.now() - 60_000, Date.now() + 60_000];
    const store = await database.open({ wallClock: () => readings.shift() ?? 0 });
    expect(await store.clockSkew()).toBe(0);
  });
});

onFile((database) => {
  test("a file database has no clock of its own", async () => {
    expect(await clockOf(database, 3_600_000)).toBeUndefined();
  });
});
