import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { createSecrets } from "../../src/secrets.ts";
import { createAccessToken } from "../../src/wholesale/token.ts";
import { startTwins } from "../sandbox/twins.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { DAY } from "../support/time.ts";
import { connectHttp, createTestLog, NOW } from "./scripted-api.ts";

const AUTH = {
  kind: "refresh",
  clientId: "sandbox-client-id",
  clientSecret: "sandbox-client-secret",
  refreshToken: "sandbox-refresh-token",
} as const;

/** Two instances are enough to be wrong, and four make it likely. */
const INSTANCES = ["one", "two", "three", "four"];

onEveryDatabase((database) => {
  test("instances share a refresh token that is good for one use: one refreshes, and no answer is a refusal", async () => {
    const twins = await startTwins({ customers: 1 });
    let now = NOW;
    const instances = [];
    for (const holder of INSTANCES) {
      const { tokens, leases } = await database.open();
      const http = connectHttp(twins.sandbox.url.replace(/\/$/, ""), 0);
      const secrets = createSecrets([]);
      const sleep = (_ms: number, signal?: AbortSignal) => setImmediate(undefined, { signal });
      const deps = { tokens, leases, holder, secrets, sleep, clock: () => now, log: createTestLog() };
      instances.push(createAccessToken({ ...deps, auth: AUTH, http }));
    }
    const used: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      const current = await Promise.all(instances.map((token) => token.current()));
      expect(new Set(current).size).toBe(1);
      used.push(current[0] ?? "");
      now += 15 * DAY;
    }
    // The API may also refuse a token before it expires.
    const rejected = used.at(-1) ?? "";
    const others = await Promise.all(instances.map((token) => token.afterRejection(rejected)));
    expect(new Set(others).size).toBe(1);
    expect(others).not.toContain(rejected);
    expect(new Set(used).size).toBe(10);
    const refreshes = twins.sandbox.world.calls.report().calls.filter(({ path }) => path === "/access_token");
    expect(refreshes.map(({ status }) => status)).toEqual(Array.from({ length: 11 }, () => 200));
  });
});
