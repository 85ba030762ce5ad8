import { expect, test } from "vitest";
import { SYSTEM_TIME } from "../../src/app/system-time.ts";
import { withLease } from "../../src/monitor/lease.ts";
import { onEveryDatabase } from "../support/databases.ts";
import { MINUTE } from "../support/time.ts";

onEveryDatabase((database) => {
  test("a work that ends while another one of its process acquires the lease does not release it", async () => {
    const { leases } = await database.open();
    let end = (): void => undefined;
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const deps = { ...SYSTEM_TIME, holder: "one", users: new Map() };
    const input = { scope: "", signal: new AbortController().signal };
    const acquireAsOther = () => leases.acquire("", "two", Date.now(), MINUTE);
    let second: Promise<unknown> | undefined;
    const first = await withLease({ ...deps, leases }, input, async () => {
      await new Promise<void>((acquired) => {
        // The lease is acquired, and the answer comes only when the first work has ended.
        const acquire: typeof leases.acquire = async (...args) => {
          const fence = await leases.acquire(...args);
          acquired();
          await ended;
          return fence;
        };
        second = withLease({ ...deps, leases: { ...leases, acquire } }, input, acquireAsOther);
      });
      return "ended";
    });
    expect(first).toBe("ended");
    end();
    expect(await second).toBeUndefined();
    expect(await acquireAsOther()).toMatchObject({ holder: "two" });
  });
});
